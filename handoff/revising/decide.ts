import { type Content, isMedia } from '../../gateway/model/content.ts';
import type { DeliveryState } from '../../gateway/model/delivery.ts';
import type { NewEvent, RevisionType } from '../../gateway/model/events.ts';
import type { ChannelId, MessageId, OperatorId, ThreadId } from '../../gateway/model/ids.ts';
import { type Ownership, type Refusal, refuseReply } from '../acts.ts';
import type { Abilities } from './abilities.ts';

/** What an operator wants of a message. */
export type Wish =
  | { readonly what: 'edit'; readonly text: string }
  | { readonly what: 'delete' }
  /** Null takes the reaction back. */
  | { readonly what: 'react'; readonly emoji: string | null };

/** A message as it stands. */
export interface Said {
  readonly seq: number;
  readonly message: MessageId;
  readonly thread: ThreadId;
  readonly channel: ChannelId;
  readonly at: Date;
  readonly from: 'client' | 'bot' | 'operator' | 'system';
  /** In its newest words; empty once it was erased. */
  readonly content: readonly Content[];
  /** A deletion that the network refused can be tried again. */
  readonly isDeleted: boolean;
  /** Of a message of ours. */
  readonly state?: DeliveryState;
  /** How many messages the network knows it as, of those that we can name. */
  readonly named: number;
}

export type RevisionRefusal =
  | { readonly outcome: 'no-message' }
  | { readonly outcome: 'not-revisable' }
  | { readonly outcome: 'not-possible-here' }
  | { readonly outcome: 'message-channel-off' }
  | { readonly outcome: 'too-old' }
  | { readonly outcome: 'already-deleted' }
  | { readonly outcome: 'not-delivered' }
  | { readonly outcome: 'does-not-fit' };

/** What is known when it is decided. */
export interface Known {
  readonly ownership: Ownership;
  readonly said: Said | undefined;
  /** Undefined where the message's channel is off. */
  readonly abilities: Abilities | undefined;
  readonly now: Date;
  /** How many requests these words take on the message's channel. */
  readonly requestsOf: (content: readonly Content[]) => number;
  /**
   * How many messages the network makes of this one, of a network with albums: there files go out together, in a
   * request that may not name all that came of it.
   */
  readonly messagesOf?: (content: readonly Content[]) => number;
}

const NOT_THERE: ReadonlySet<DeliveryState | undefined> = new Set(['rejected', 'cancelled', 'dead']);

/**
 * Whether this operator may do it, by who has the conversation, whose message it is, and what its channel can; the
 * event where they may, without the id under which it goes out. Pure.
 */
export function decideRevision(
  wish: Wish,
  operator: OperatorId,
  known: Known,
  carriedAs: MessageId,
): { readonly outcome: 'do'; readonly event: NewEvent<RevisionType> } | Refusal | RevisionRefusal {
  const { ownership, said } = known;
  const refusal = refuseReply(ownership, operator);
  if (refusal) return refusal;
  if (!said) return { outcome: 'no-message' };
  const refused = refuse(wish, said, known);
  if (refused) return refused;
  const facts = {
    message: said.message,
    of: said.seq,
    by: { kind: 'operator', operator },
    carried: { message: carriedAs, thread: said.thread },
  } as const;
  return { outcome: 'do', event: eventOf(wish, facts, said.content) };
}

function refuse(
  wish: Wish,
  { from, isDeleted, at, content, state, named }: Said,
  { abilities, now, requestsOf, messagesOf }: Known,
): RevisionRefusal | undefined {
  if (from !== (wish.what === 'react' ? 'client' : 'operator')) return { outcome: 'not-revisable' };
  if (!abilities) return { outcome: 'message-channel-off' };
  if (!abilities[wish.what]) return { outcome: 'not-possible-here' };
  if (isDeleted) return { outcome: 'already-deleted' };
  if (wish.what === 'react') return undefined;
  if (NOT_THERE.has(state)) return { outcome: 'not-delivered' };
  const forMs = wish.what === 'edit' ? abilities.editForMs : abilities.deleteForMs;
  if (forMs !== undefined && now.getTime() - at.getTime() >= forMs) return { outcome: 'too-old' };
  if (wish.what === 'delete') {
    const isPartlyNamed = content.length > 1 && messagesOf !== undefined && named < messagesOf(content);
    return isPartlyNamed ? { outcome: 'not-possible-here' } : undefined;
  }
  const words = reworded(content, wish.text);
  if (!words) return { outcome: 'not-possible-here' };
  return requestsOf(words) === requestsOf(content) ? undefined : { outcome: 'does-not-fit' };
}

/** The message with other words, its files as they are; undefined where it has no words, or more than those. */
function reworded(content: readonly Content[], text: string): readonly Content[] | undefined {
  const files = content.filter(isMedia);
  const others = content.filter((part) => !isMedia(part));
  if (others.length === 0 || others.some(({ kind }) => kind !== 'text')) return undefined;
  // What operators send has its words before its files.
  return [{ kind: 'text', text }, ...files];
}

function eventOf(
  wish: Wish,
  facts: Omit<NewEvent<'message.deleted'>['facts'], 'kinds'>,
  before: readonly Content[],
): NewEvent<RevisionType> {
  switch (wish.what) {
    case 'delete':
      return { type: 'message.deleted', facts };
    case 'react':
      return { type: 'reaction.changed', facts, body: { emoji: wish.emoji === null ? [] : [wish.emoji] } };
    case 'edit': {
      const content = reworded(before, wish.text) ?? [];
      return {
        type: 'message.edited',
        facts: { ...facts, kinds: content.map(({ kind }) => kind) },
        body: { content: [...content] },
      };
    }
  }
}
