import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ActionCall, ActionResult, PerformAction } from './actions.ts';
import type { Capabilities } from './connectors/capabilities.ts';
import type { Connector } from './connectors/connector.ts';
import type { FittedPart, SendOutcome } from './connectors/outgoing.ts';
import { fit } from './fit.ts';
import { newId } from './ids.ts';
import type { ActionId, ChannelId, DeliveryId } from './model/ids.ts';
import { maskedContact } from './move-question.ts';
import { checkClientCode, keepClientCode } from './store/client-codes.ts';
import type { Database } from './store/database.ts';
import { isOptedOut } from './store/opt-outs.ts';

export interface ClientCodesOptions {
  readonly db: Database;
  /** Of SMS or mail: its external thread is the phone number or address. */
  readonly channel: {
    readonly id: ChannelId;
    readonly connector: Connector;
    readonly capabilities: Capabilities;
  };
  /** Asks the bank where this client, or the one who has the contact that they gave, is reached, and who that is. */
  readonly findContact: PerformAction;
  /** Most codes that are sent in a minute, to all clients together. */
  readonly perMinute: number;
  readonly now: () => Date;
}

/** Confirms clients by codes that are sent through a channel of the hub's own. */
export interface ClientCodes {
  /** Sends a code. Its result has `to`, the contact as it may be shown: `+7•••12`. */
  send(call: ActionCall): Promise<ActionResult>;
  /** Checks the parameter `code`; a right one proves the customer whose contact it was sent to. */
  check(call: ActionCall): Promise<ActionResult>;
}

const DIGITS = 6;
/** The bank's word for a contact that none of its clients has. */
const UNKNOWN_CONTACT = 'unknown-contact';

const found = z.object({ to: z.string().min(3).max(254), customer: z.string().min(1).max(64) });
const given = z.object({ contact: z.string().min(3).max(254).optional() });
const said = z.object({ code: z.string().max(32) });

const TEXTS = {
  ru: (code: string) => `Код ${code}. Никому его не говорите.`,
  en: (code: string) => `Your code is ${code}. Tell it to nobody.`,
} as const;

export function createClientCodes(options: ClientCodesOptions): ClientCodes {
  const { db, channel, findContact, perMinute, now } = options;

  return {
    async send(call) {
      const asked = await findContact(call);
      const place = readPlace(call, asked);
      if (!place) return asked.outcome === 'done' ? { outcome: 'failed', code: 'bad-answer' } : asked;
      const { to, customer } = place;
      if (channel.capabilities.optOut && (await isOptedOut(db, channel.id, to)))
        return { outcome: 'refused', code: 'opted-out' };
      const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
      const kept = await keepClientCode(
        db,
        {
          id: call.id,
          identity: call.identity,
          contact: hashOf(channel.id, to),
          code: hashOf(call.id, code),
          customer,
        },
        perMinute,
        now(),
      );
      if (kept === 'too-many') return { outcome: 'refused', code: 'too-many-codes' };
      // Nobody has this contact: the client hears the same, so that it cannot be learned who is the bank's.
      const sent: SendOutcome =
        customer === undefined ? { outcome: 'accepted' } : await carry(TEXTS[call.locale](code), to, call);
      return resultOf(sent, to);
    },

    async check(call) {
      const { code = '' } = said.safeParse(call.parameters).data ?? {};
      const digits = code.replace(/\D/g, '');
      const checked = await checkClientCode(
        db,
        { action: call.id, identity: call.identity },
        (id, hash) => isCode(id, digits, hash),
        now(),
      );
      if (checked.outcome !== 'right') return { outcome: 'refused', code: checked.outcome };
      const proves = { evidence: 'code-confirmed', customer: checked.customer, how: 'code' } as const;
      return { outcome: 'done', result: {}, proves };
    },
  };

  /** The action was marked before, so a code needs no delivery of its own: its text stands in no log. */
  async function carry(text: string, to: string, { signal }: ActionCall): Promise<SendOutcome> {
    const [part, ...more] = fit([{ kind: 'text', text }], channel.capabilities);
    if (!isText(part) || more.length > 0) return { outcome: 'rejected', reason: 'too-long' };
    const key = `${newId<DeliveryId>()}:0` as const;
    return channel.connector.send({ ...part, key, externalThread: to }, signal);
  }
}

interface Place {
  readonly to: string;
  readonly customer: string | undefined;
}

/** Where the code goes; undefined where the bank's answer names no contact. Pure. */
function readPlace(call: ActionCall, asked: ActionResult): Place | undefined {
  if (asked.outcome === 'done') return found.safeParse(asked.result).data;
  if (asked.outcome !== 'refused' || asked.code !== UNKNOWN_CONTACT) return undefined;
  const contact = given.safeParse(call.parameters).data?.contact;
  return contact === undefined ? undefined : { to: contact, customer: undefined };
}

/** `unknown`: the client may have it, and can ask for another. */
function resultOf(sent: SendOutcome, to: string): ActionResult {
  switch (sent.outcome) {
    case 'accepted':
    case 'unknown':
      return { outcome: 'done', result: { to: maskedContact(to, undefined) ?? '•••' } };
    case 'rejected':
    case 'retry':
      return { outcome: 'failed', code: 'code-not-sent' };
  }
}

function isText(part: FittedPart | undefined): part is Extract<FittedPart, { kind: 'text' }> {
  return part?.kind === 'text';
}

function isCode(id: ActionId, code: string, hash: string): boolean {
  const expected = Buffer.from(hash, 'hex');
  const actual = Buffer.from(hashOf(id, code), 'hex');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function hashOf(salt: string, text: string): string {
  return createHash('sha256').update(`${salt}:${text}`).digest('hex');
}
