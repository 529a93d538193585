import type pg from 'pg';
import { z } from 'zod';
import { recordAudit } from '../access/audit.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Inbound } from '../connectors/inbound.ts';
import type { Receive } from '../inbound.ts';
import type { ChannelId } from '../model/ids.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { type Database, inTransaction } from '../store/database.ts';
import {
  decideQuarantined,
  findQuarantined,
  type QuarantineDecision,
  type Quarantined,
  renameReason,
} from '../store/quarantine.ts';
import type { Decider } from './letters.ts';

/** Why nothing was done. */
export type QuarantineRefusal =
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'decided'; readonly decision: QuarantineDecision }
  /** Only its beginning was kept, or its time is over. */
  | { readonly outcome: 'incomplete' }
  /** The channel is off, or its connector cannot translate what was kept. */
  | { readonly outcome: 'no-connector' };

export type Replayed =
  /** How many things it held; those that were stored earlier are among them and took no effect again. */
  | { readonly outcome: 'replayed'; readonly stored: number }
  /** Still not understood: it stays, with what is wrong today. */
  | { readonly outcome: 'kept'; readonly reason: string }
  | QuarantineRefusal;
export type QuarantineDiscarded = { readonly outcome: 'discarded' } | QuarantineRefusal;

/** What people do with the quarantine. Each act is recorded in the audit trail. */
export interface Quarantine {
  /** Translates what was kept by the connector of today, and takes in what it understands, once. */
  replay(id: string, decider: Decider): Promise<Replayed>;
  /** Takes it off the list. */
  discard(id: string, decider: Decider): Promise<QuarantineDiscarded>;
}

export interface QuarantineOptions {
  readonly db: Database;
  readonly receive: Receive;
  readonly connectors: ReadonlyMap<ChannelId, Connector>;
  readonly now: () => Date;
}

interface Translation {
  readonly inbound: readonly Inbound[];
  /** Why the rest, or all of it, is not understood. */
  readonly reason?: string;
}

export function createQuarantine({ db, receive, connectors, now }: QuarantineOptions): Quarantine {
  const inTurn = oneAtATime();

  async function record(
    client: pg.PoolClient,
    id: string,
    { who, address }: Decider,
    decision: QuarantineDecision['decision'] | 'kept',
    reason?: string,
  ): Promise<void> {
    const at = now();
    if (decision !== 'kept') await decideQuarantined(client, id, { decision, at, by: who });
    else if (reason !== undefined) await renameReason(client, id, reason);
    const detail = reason === undefined ? undefined : { reason };
    await recordAudit(client, at, { who, act: `quarantine.${decision}`, subject: id, address, detail });
  }

  async function replay(client: pg.PoolClient, id: string, decider: Decider): Promise<Replayed> {
    const entry = await findQuarantined(client, id, true);
    if (!entry) return { outcome: 'missing' };
    if (entry.decision) return { outcome: 'decided', decision: entry.decision };
    if (!entry.raw || entry.cut) return { outcome: 'incomplete' };
    const connector = connectors.get(entry.channel);
    const translation = connector && translate(entry, entry.raw.toString('utf8'), connector);
    if (!connector || !translation) return { outcome: 'no-connector' };
    const { inbound } = translation;
    // The lock on the entry is held meanwhile.
    const results = await receive(entry.channel, connector, { authentic: true, inbound });
    const isAboutNothing = results.some(({ outcome }) => outcome === 'not-theirs');
    const reason = translation.reason ?? (isAboutNothing ? 'unknown-message' : undefined);
    if (reason !== undefined) {
      await record(client, id, decider, 'kept', reason);
      return { outcome: 'kept', reason };
    }
    await record(client, id, decider, 'replayed');
    const stored = results.filter(({ outcome }) => outcome !== 'quarantined').length;
    // What the store still cannot take has become an entry of its own, with today's reason.
    return stored === results.length
      ? { outcome: 'replayed', stored }
      : { outcome: 'kept', reason: 'not-storable' };
  }

  async function discard(client: pg.PoolClient, id: string, decider: Decider): Promise<QuarantineDiscarded> {
    const entry = await findQuarantined(client, id, true);
    if (!entry) return { outcome: 'missing' };
    if (entry.decision) return { outcome: 'decided', decision: entry.decision };
    await record(client, id, decider, 'discarded');
    return { outcome: 'discarded' };
  }

  return {
    replay: (id, decider) => inTurn(() => inTransaction(db, (client) => replay(client, id, decider))),
    discard: (id, decider) => inTurn(() => inTransaction(db, (client) => discard(client, id, decider))),
  };
}

/** Undefined where the connector has no way to translate it. */
function translate({ form }: Quarantined, raw: string, connector: Connector): Translation | undefined {
  if (form === 'inbound') {
    const inbound = readInbound(raw);
    return inbound ? { inbound: [inbound] } : { inbound: [], reason: 'not-an-inbound' };
  }
  const received = connector.retranslate?.(raw);
  return received && { inbound: received.inbound, reason: received.quarantine?.[0]?.reason };
}

const inboundSchema = z.looseObject({
  type: z.enum(['message', 'start', 'edit', 'delete', 'reaction', 'interrupt']),
  dedupeKey: z.string(),
  sender: z.looseObject({ externalUser: z.string(), externalThread: z.string().optional() }),
  sentAt: z.coerce.date().optional(),
});

/** What `inbound.ts` has put away as JSON. Its parts were made by a connector, so they are trusted. */
function readInbound(raw: string): Inbound | undefined {
  try {
    const parsed = inboundSchema.safeParse(JSON.parse(raw));
    return parsed.success ? (parsed.data as unknown as Inbound) : undefined;
  } catch {
    return undefined;
  }
}
