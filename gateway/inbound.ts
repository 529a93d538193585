import type { ChangeBySender, Changed, ChangeLog } from './change.ts';
import type { Connector, Inbound, Log, Received, StoredInbound } from './connectors/connector.ts';
import { newId } from './ids.ts';
import type { Live } from './live.ts';
import type { ChannelId, MessageId } from './model/ids.ts';
import type { Database } from './store/database.ts';
import { recordReceipt } from './store/deliveries.ts';
import { isAboutData } from './store/errors.ts';
import { quarantine } from './store/quarantine.ts';

export interface InboundOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly live: Live;
  readonly now: () => Date;
  readonly log: Log;
  readonly onInbound?: (channel: ChannelId, outcome: StoredInbound['outcome']) => void;
}

type FromContact = Exclude<Inbound, { type: 'receipt' }>;

/**
 * The one way in: dedupe, store, queue the turn; resolves after the commit, so that the caller may then acknowledge.
 * Rejects, with nothing stored, when the store is away; what the store cannot take goes to the quarantine.
 */
export type Receive = (
  channel: ChannelId,
  connector: Pick<Connector, 'acknowledge'>,
  received: Extract<Received, { authentic: true }>,
) => Promise<readonly StoredInbound[]>;

export function createInbound(options: InboundOptions): Receive {
  const { db, change, live, now, log } = options;

  async function store(channel: ChannelId, inbound: FromContact): Promise<StoredInbound> {
    try {
      const [changed] = await change.commit([toChange(channel, inbound)]);
      const stored = changed && outcomeOf(changed);
      if (stored) return stored;
      await quarantine(db, channel, 'another-customer', JSON.stringify(inbound), now());
    } catch (error) {
      if (!isAboutData(error)) throw error;
      log.warn({ channel, err: error }, 'an inbound went to the quarantine');
      await quarantine(db, channel, 'not-storable', JSON.stringify(inbound), now());
    }
    return { outcome: 'quarantined' };
  }

  async function receipt(
    channel: ChannelId,
    inbound: Extract<Inbound, { type: 'receipt' }>,
  ): Promise<StoredInbound> {
    const delivery = await recordReceipt(db, channel, inbound.externalId, inbound.receipt);
    if (delivery) live.publish({ type: 'delivery', delivery });
    return { outcome: 'receipt' };
  }

  function acknowledge(
    connector: Pick<Connector, 'acknowledge'>,
    channel: ChannelId,
    inbound: Inbound,
  ): void {
    if (inbound.type === 'receipt' || !inbound.acknowledgement) return;
    connector
      .acknowledge?.(inbound.acknowledgement)
      .catch((error: unknown) => log.warn({ channel, err: error }, 'an acknowledgement was lost'));
  }

  return async (channel, connector, received) => {
    for (const { reason, raw } of received.quarantine ?? []) {
      await quarantine(db, channel, reason, raw, now());
      options.onInbound?.(channel, 'quarantined');
    }
    // Handed over together, so that they are committed together and in this order.
    const stored = await Promise.all(
      received.inbound.map((inbound) =>
        inbound.type === 'receipt' ? receipt(channel, inbound) : store(channel, inbound),
      ),
    );
    for (const [index, inbound] of received.inbound.entries()) {
      acknowledge(connector, channel, inbound);
      options.onInbound?.(channel, stored[index]?.outcome ?? 'stored');
    }
    return stored;
  };
}

function outcomeOf(changed: Changed): StoredInbound | undefined {
  if (changed.outcome === 'duplicate') return { outcome: 'duplicate', position: changed.position };
  if (changed.outcome !== 'committed') return undefined;
  return { outcome: 'stored', position: changed.positions.get(changed.conversation.seq) ?? 0 };
}

function toChange(channel: ChannelId, inbound: FromContact): ChangeBySender {
  const { sender, dedupeKey } = inbound;
  const dedupe = { scope: channel, key: dedupeKey };
  if (inbound.type === 'start') {
    const body = { payload: inbound.payload };
    return {
      channel,
      sender,
      dedupe,
      events: ({ identity, thread }) => [
        { type: 'thread.started', facts: { identity, thread, locale: sender.locale }, body },
      ],
    };
  }
  const { content, raw, clientId, sentAt } = inbound;
  return {
    channel,
    sender,
    dedupe,
    events: ({ identity, thread }) => [
      {
        type: 'message.received',
        facts: {
          message: newId<MessageId>(),
          thread,
          identity,
          channel,
          kinds: content.map(({ kind }) => kind),
          locale: sender.locale,
          sentAt: sentAt?.toISOString(),
        },
        body: { content: [...content], raw, clientId },
      },
    ],
  };
}
