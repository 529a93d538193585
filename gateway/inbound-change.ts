import type { Change, ChangeBySender } from './change.ts';
import type { Inbound } from './connectors/inbound.ts';
import { newId } from './ids.ts';
import { takeMedia } from './inbound-media.ts';
import type { Content } from './model/content.ts';
import type { NewEvent } from './model/events.ts';
import type { ChannelId, MessageId } from './model/ids.ts';
import { askToMove, type MovePlace } from './move-question.ts';
import { OWN_DIALOGUE } from './moves.ts';
import { type Score, thankForRating } from './rating.ts';
import type { NamedMessage } from './store/external-messages.ts';
import { RATING_SCOPE, type Rated } from './store/ratings.ts';

type Of<Type extends Inbound['type']> = Extract<Inbound, { readonly type: Type }>;
export type FromContact = Exclude<Inbound, { readonly type: 'receipt' | 'piece' }>;

/** The network's id of the message that an inbound is about or answers. */
export function namedBy(inbound: FromContact): string | undefined {
  if (inbound.type === 'start' || inbound.type === 'interrupt') return undefined;
  return inbound.type === 'message' ? inbound.replyTo : inbound.externalId;
}

/**
 * What an inbound changes; `named` is the message that it names, where we know that one. Undefined for what says
 * nothing without it. An edit then is a message of its own. Pure but for new ids.
 */
export function changeOf(
  channel: ChannelId,
  inbound: FromContact,
  named: NamedMessage | undefined,
): Change | undefined {
  switch (inbound.type) {
    case 'start':
      return ofStart(channel, inbound);
    case 'message':
      if (wantsOwnDialogue(inbound)) {
        const { sender, dedupeKey } = inbound;
        return ofStart(channel, { sender, dedupeKey });
      }
      return ofMessage(channel, inbound, { repliesTo: named?.message });
    case 'edit':
      return named
        ? ofRevision(channel, inbound, named)
        : ofMessage(channel, { ...inbound, type: 'message' }, { edited: true });
    case 'delete':
    case 'reaction':
    case 'interrupt':
      return named && ofRevision(channel, inbound, named);
  }
}

/** All reactions of a client that stand under a message after this one, where `before` stood there. Pure. */
export function reactionsAfter(
  { emoji, change }: Pick<Of<'reaction'>, 'emoji' | 'change'>,
  before: readonly string[],
): readonly string[] {
  if (!change) return emoji;
  const others = before.filter((one) => !emoji.includes(one));
  return change === 'added' ? [...others, ...emoji] : others;
}

/** What a client says of a conversation: it counts once, opens nothing, and they hear that it came. */
export function ratingOf(
  channel: ChannelId,
  { content, clientId }: Of<'message'>,
  score: Score,
  { conversation, thread, identity, locale, isNewest }: Rated,
): Change {
  return {
    conversation,
    dedupe: { scope: RATING_SCOPE, key: conversation },
    events: [
      {
        type: 'conversation.rated',
        facts: { thread, identity, channel, score },
        body: { content: [...takeMedia(channel, '', content).content], clientId },
      },
      ...(isNewest ? [thankForRating(thread, locale)] : []),
    ],
  };
}

/** The same where the link or code that it brings is valid: the move itself is answered, and says that it began. */
export function withoutAnswer(change: ChangeBySender, inbound: FromContact): ChangeBySender {
  if (inbound.type === 'start') return { ...change, events: () => [] };
  return {
    ...change,
    events: (from) =>
      change
        .events(from)
        .map((event) =>
          event.type === 'message.received' ? { ...event, facts: { ...event.facts, moves: true } } : event,
        ),
  };
}

function wantsOwnDialogue({ content }: Of<'message'>): boolean {
  const [only, ...others] = content;
  return only?.kind === 'choice' && only.id === OWN_DIALOGUE && others.length === 0;
}

/** Where the client came with a link to a dialogue begun elsewhere: they are asked before anything of it is joined. */
export function questionOf(asking: ChangeBySender, link: string, from: MovePlace): ChangeBySender {
  return {
    ...asking,
    events: ({ thread }) => [askToMove(thread, link, from, asking.sender.locale)],
  };
}

function ofStart(
  channel: ChannelId,
  { sender, dedupeKey, payload }: Pick<Of<'start'>, 'sender' | 'dedupeKey' | 'payload'>,
): ChangeBySender {
  return {
    channel,
    sender,
    dedupe: { scope: channel, key: dedupeKey },
    events: ({ identity, thread }) => [
      { type: 'thread.started', facts: { identity, thread, locale: sender.locale }, body: { payload } },
    ],
  };
}

function ofMessage(
  channel: ChannelId,
  inbound: Of<'message'>,
  about: { readonly repliesTo?: MessageId; readonly edited?: true },
): ChangeBySender {
  const { sender, dedupeKey, raw, clientId, externalId, sentAt, optOut, album, past } = inbound;
  const { content, media } = takeMedia(channel, sender.externalThread, inbound.content);
  return {
    channel,
    sender,
    media,
    dedupe: { scope: channel, key: dedupeKey },
    events: ({ identity, thread }) => [
      {
        type: 'message.received',
        facts: {
          message: newId<MessageId>(),
          thread,
          identity,
          channel,
          kinds: kindsOf(content),
          locale: sender.locale,
          sentAt: sentAt?.toISOString(),
          optOut,
          album,
          past,
          ...about,
        },
        body: { content: [...content], raw, clientId, externalId },
      },
    ],
  };
}

/** It belongs to the conversation of its message, be that over or not. */
function ofRevision(
  channel: ChannelId,
  inbound: Of<'edit' | 'delete' | 'reaction' | 'interrupt'>,
  { conversation, seq, message }: NamedMessage,
): Change {
  const facts = { message, of: seq, by: { kind: 'contact' } } as const;
  const change = (event: NewEvent): Change => ({
    conversation,
    dedupe: { scope: channel, key: inbound.dedupeKey },
    events: [event],
  });
  if (inbound.type === 'delete') return change({ type: 'message.deleted', facts });
  if (inbound.type === 'interrupt') {
    const { heard } = inbound;
    return change({
      type: 'message.interrupted',
      facts: { ...facts, characters: heard.length },
      body: { heard },
    });
  }
  if (inbound.type === 'reaction')
    return change({ type: 'reaction.changed', facts, body: { emoji: [...inbound.emoji] } });
  const { content, media } = takeMedia(channel, inbound.sender.externalThread, inbound.content);
  const body = { content: [...content], raw: inbound.raw };
  return {
    ...change({ type: 'message.edited', facts: { ...facts, kinds: kindsOf(content) }, body }),
    media,
  };
}

function kindsOf(content: readonly Content[]) {
  return content.map(({ kind }) => kind);
}
