import type { ChangeBySender, Changed, ChangeLog } from './change.ts';
import type { Connector, Log, Received } from './connectors/connector.ts';
import type { DeskInput } from './connectors/desk.ts';
import type { Inbound, StoredInbound } from './connectors/inbound.ts';
import { isUntimely, type Untimely } from './connectors/time-window.ts';
import { findNamed } from './find-named.ts';
import {
  changeOf,
  type FromContact,
  namedBy,
  questionOf,
  ratingOf,
  reactionsAfter,
  withoutAnswer,
} from './inbound-change.ts';
import type { Linking } from './linking.ts';
import { OverloadedError } from './load.ts';
import { isMedia } from './model/content.ts';
import type { ChannelId, ConversationId } from './model/ids.ts';
import { keyOf } from './moves.ts';
import type { Pieces } from './pieces.ts';
import { type Rating, readRating } from './rating.ts';
import type { Receipts } from './receipts.ts';
import type { Database } from './store/database.ts';
import { isAboutData } from './store/errors.ts';
import { type NamedMessage, reactionsUnder } from './store/external-messages.ts';
import { recordOptOut } from './store/opt-outs.ts';
import { quarantine } from './store/quarantine.ts';
import { findRated } from './store/ratings.ts';
import { createThreadOrder } from './thread-order.ts';

export interface InboundOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly now: () => Date;
  readonly log: Log;
  readonly pieces: Pick<Pieces, 'add'>;
  readonly receipts: Pick<Receipts, 'take'>;
  readonly linking: Pick<Linking, 'redeem' | 'look'>;
  /** True while more comes in than goes out: nothing is taken then, and networks send it again. Default: never. */
  readonly isTooMuch?: () => boolean;
  /** Media of a channel were announced and wait to be fetched. */
  readonly onMedia?: () => void;
  readonly onInbound?: (channel: ChannelId, outcome: StoredInbound['outcome'] | Untimely) => void;
  /** What operators did on a network that serves as a desk; awaited before the network hears that we have it. */
  readonly onDesk?: (channel: ChannelId, inputs: readonly DeskInput[]) => Promise<void>;
}

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
  const { db, change, pieces, receipts, linking, now, log } = options;
  const inOrder = createThreadOrder();

  /** Handed over in the order in which it came, also where it has to look for the message that it names first. */
  function store(channel: ChannelId, inbound: FromContact): Promise<StoredInbound> {
    const rating = inbound.type === 'message' ? readRating(inbound) : undefined;
    const looks = namedBy(inbound) !== undefined || inbound.type === 'interrupt' || rating !== undefined;
    return inOrder(`${channel}\n${lineOf(inbound)}`, looks, async () => {
      try {
        if (inbound.type === 'message' && rating) {
          const rated = await rate(channel, inbound, rating);
          if (rated) return rated;
        }
        const { message: about, isOneUnderWay } = await findNamed(db, channel, inbound);
        const made = changeOf(channel, await whole(inbound, about), about);
        if (!made && !isOneUnderWay && inbound.sender.externalThread === undefined)
          return { outcome: 'not-theirs' };
        if (!made) return await keep(channel, inbound, 'unknown-message');
        const [changed] = 'channel' in made ? await commitFrom(made, inbound) : await change.commit([made]);
        if (changed?.outcome !== 'committed' && changed?.outcome !== 'duplicate')
          return await keep(channel, inbound, 'another-customer');
        // Repeatable, so that a crash in between loses nothing: it is not acknowledged yet.
        if (inbound.type === 'message' && inbound.optOut)
          await recordOptOut(
            db,
            { channel, externalThread: inbound.sender.externalThread },
            inbound.optOut,
            eventOf(changed),
          );
        return outcomeOf(changed);
      } catch (error) {
        if (!isAboutData(error)) throw error;
        log.warn({ channel, err: error }, 'an inbound went to the quarantine');
        return await keep(channel, inbound, 'not-storable');
      }
    });
  }

  /** Of reactions that are told one by one, all that stand then; the thread's order keeps two of them apart. */
  async function whole(inbound: FromContact, about: NamedMessage | undefined): Promise<FromContact> {
    if (inbound.type !== 'reaction' || !inbound.change || !about) return inbound;
    return { ...inbound, emoji: reactionsAfter(inbound, await reactionsUnder(db, about)) };
  }

  /** Undefined where it answers no question of ours: then it is an ordinary message. */
  async function rate(
    channel: ChannelId,
    inbound: Extract<Inbound, { type: 'message' }>,
    rating: Rating,
  ): Promise<StoredInbound | undefined> {
    const rated = await findRated(db, channel, inbound.sender.externalThread, rating, now());
    if (!rated) return undefined;
    const [changed] = await change.commit([ratingOf(channel, inbound, rating.score, rated)]);
    if (changed?.outcome === 'committed') return { outcome: 'stored', position: rated.base + changed.seq };
    return changed?.outcome === 'duplicate'
      ? { outcome: 'duplicate', position: rated.base + changed.seq }
      : undefined;
  }

  /** A link or code is used; but a link only once its client has agreed, so that nobody is led by it unawares. */
  async function commitFrom(made: ChangeBySender, inbound: FromContact): Promise<readonly Changed[]> {
    const key = keyOf(inbound);
    if (!key) return change.commit([made]);
    if (inbound.type === 'start' && !inbound.agreed) {
      const look = await linking.look(made, key);
      const asks = look.state === 'open' && questionOf(made, inbound.payload ?? '', look.from);
      return change.commit([asks || made]);
    }
    const moved = await linking.redeem(withoutAnswer(made, inbound), key);
    return moved ? [moved] : change.commit([made]);
  }

  async function keep(channel: ChannelId, inbound: Inbound, reason: string): Promise<StoredInbound> {
    await quarantine(db, channel, reason, JSON.stringify(inbound), now(), 'inbound');
    return { outcome: 'quarantined' };
  }

  async function take(channel: ChannelId, inbound: Inbound): Promise<StoredInbound> {
    switch (inbound.type) {
      case 'receipt':
        await receipts.take(channel, inbound);
        return { outcome: 'receipt' };
      case 'piece':
        await pieces.add(channel, inbound);
        return { outcome: 'piece' };
      default:
        return store(channel, inbound);
    }
  }

  /** Together, so that they are committed together; of a thread in order: behind what could not be stored, nothing is. */
  function storeAll(channel: ChannelId, inbounds: readonly Inbound[]): Promise<readonly StoredInbound[]> {
    const lastOf = new Map<string, Promise<StoredInbound>>();
    return Promise.all(
      inbounds.map((inbound) => {
        if (inbound.type === 'receipt') return take(channel, inbound);
        const line = lineOf(inbound);
        const before = lastOf.get(line);
        const stored = before ? before.then(() => take(channel, inbound)) : take(channel, inbound);
        lastOf.set(line, stored);
        return stored;
      }),
    );
  }

  function acknowledge(
    connector: Pick<Connector, 'acknowledge'>,
    channel: ChannelId,
    inbound: Inbound,
  ): void {
    if (inbound.type === 'receipt' || inbound.type === 'piece' || !inbound.acknowledgement) return;
    connector
      .acknowledge?.(inbound.acknowledgement)
      .catch((error: unknown) => log.warn({ channel, err: error }, 'an acknowledgement was lost'));
  }

  return async (channel, connector, received) => {
    const brings = received.inbound.some(({ type }) => type !== 'receipt');
    if (brings && options.isTooMuch?.()) throw new OverloadedError();
    for (const { reason, raw } of received.quarantine ?? []) {
      await quarantine(db, channel, reason, raw, now());
      options.onInbound?.(channel, isUntimely(reason) ? reason : 'quarantined');
    }
    const stored = await storeAll(channel, received.inbound);
    for (const [index, inbound] of received.inbound.entries()) {
      acknowledge(connector, channel, inbound);
      options.onInbound?.(channel, stored[index]?.outcome ?? 'stored');
    }
    if (received.desk) await options.onDesk?.(channel, received.desk);
    if (received.inbound.some(bringsMedia)) options.onMedia?.();
    return stored;
  };
}

/** What keeps its order: a thread, or what a person does of which no thread is known. */
function lineOf({ sender }: Exclude<Inbound, { type: 'receipt' }>): string {
  return sender.externalThread ?? `of ${sender.externalUser}`;
}

type Taken = Extract<Changed, { outcome: 'committed' | 'duplicate' }>;

/** Where the log holds what was taken. */
function eventOf({ conversation, seq }: Taken): { conversation: ConversationId; seq: number } {
  return { conversation: typeof conversation === 'string' ? conversation : conversation.id, seq };
}

function outcomeOf(changed: Taken): StoredInbound {
  if (changed.outcome === 'duplicate') return { outcome: 'duplicate', position: changed.position };
  return { outcome: 'stored', position: changed.positions.get(changed.seq) ?? 0 };
}

function bringsMedia(inbound: Inbound): boolean {
  return (inbound.type === 'message' || inbound.type === 'edit') && inbound.content.some(isMedia);
}
