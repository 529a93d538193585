import { z } from 'zod';
import { problem } from '../gateway/access/api.ts';
import { MAX_PARAMETERS } from '../gateway/connectors/message-template.ts';
import { MEDIA_KINDS } from '../gateway/model/content.ts';
import type { MediaId } from '../gateway/model/ids.ts';
import { isStorable } from '../gateway/storable-text.ts';
import { handoffContext } from './context.ts';

/** The desk's REST and live API: the same schemas check the routes, make openapi.json and type the page. */

const id = z.uuid();
const position = z.number().int().nonnegative();

export const owner = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bot') }),
  z.object({ kind: z.literal('queue'), queue: z.string() }),
  z.object({ kind: z.literal('operator'), operator: id, name: z.string() }),
  z.object({ kind: z.literal('nobody') }),
]);

const button = { id: z.string(), text: z.string() };
const choice = z.union([
  z.object({ ...button, kind: z.literal('link'), url: z.string() }),
  z.object({ ...button, kind: z.enum(['contact', 'location']) }),
  z.object(button),
]);
/** GET /api/v1/media/:id tells whether the file has come. */
const media = z.object({
  // The id is branded for the page by its type alone: a transform could not be written into an answer.
  id: z.uuid() as unknown as z.ZodType<MediaId, string>,
  type: z.string().optional(),
  size: z.number().optional(),
});

/** Said content, as the desk shows it. */
export const content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('choices'), choices: z.array(choice) }),
  z.object({ kind: z.literal('choice'), id: z.string(), text: z.string().optional() }),
  z.object({
    kind: z.literal('card'),
    title: z.string(),
    text: z.string().optional(),
    image: media.optional(),
    url: z.string().optional(),
    choices: z.array(choice).optional(),
  }),
  z.object({
    kind: z.enum(MEDIA_KINDS),
    media,
    caption: z.string().optional(),
    name: z.string().optional(),
    voice: z.literal(true).optional(),
  }),
  z.object({
    kind: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    title: z.string().optional(),
    address: z.string().optional(),
  }),
  z.object({
    kind: z.literal('contact'),
    name: z.string(),
    phone: z.string().optional(),
    ownNumber: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('unsupported'), what: z.string() }),
]);

/** A row of the list. `revision` rises with every change of it. */
const conversationRow = z.object({
  id,
  revision: z.number().int(),
  status: z.enum(['open', 'closed']),
  owner,
  epoch: z.number().int(),
  seq: position,
  /** Since when this owner has it, ISO 8601: in a queue, how long the client has waited. */
  ownerSince: z.iso.datetime(),
  contact: z.object({
    id,
    name: z.string().optional(),
    evidence: z.enum(['claimed', 'code-confirmed', 'bank-authenticated']),
  }),
  channel: z.string(),
  locale: z.enum(['ru', 'en']),
  /** Messages of the contact that no person of ours has answered yet; taking the conversation answers none. */
  unread: z.number().int().nonnegative(),
  reason: z.string().optional(),
  /** It goes before the others of its queue. */
  urgent: z.literal(true).optional(),
  last: z
    .object({ from: z.enum(['client', 'bot', 'operator', 'system']), text: z.string(), at: z.iso.datetime() })
    .optional(),
});
export type ConversationRow = z.infer<typeof conversationRow>;

/**
 * Which rows and in which order; both are stable, so a row never jumps because somebody spoke.
 * `queue`: waits for an operator, what is urgent first, then the longest wait (`ownerSince`, then `id`, ascending);
 * `mine`: I own it, newest taken first (`ownerSince`, `id` descending); `all`: open ones, newest opened first
 * (`id` descending); `closed`: ended, newest first (`ownerSince`, `id` descending: it is the end then).
 */
export const view = z.enum(['queue', 'mine', 'all', 'closed']);
export const listQuery = z.object({
  view,
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const conversationList = z.object({
  rows: z.array(conversationRow),
  /** Give it back as `before` for the next page; absent on the last. */
  next: z.string().optional(),
  counts: z.object({ queue: z.number().int(), mine: z.number().int(), all: z.number().int() }),
});

/** Of at most 200 characters; more than six words are not looked at. The last word may be the beginning of one. */
export const searchQuery = z.object({
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine(isStorable, 'half a character or the null character cannot be found'),
  before: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(30),
});
const searchHit = z.object({
  conversation: conversationRow,
  /** The message's or note's number in its conversation. */
  seq: position,
  at: z.iso.datetime(),
  from: z.enum(['client', 'bot', 'operator', 'system', 'note']),
  /** The part of the text around what was found. */
  text: z.string(),
  /** What was found, in UTF-16 units of `text`; `end` exclusive. */
  marks: z.array(z.object({ start: position, end: position })),
});
export type SearchHit = z.infer<typeof searchHit>;
export const searchResult = z.object({
  hits: z.array(searchHit),
  /** Give it back as `before` for the next page; absent on the last. */
  next: z.string().optional(),
});
export type SearchResult = z.infer<typeof searchResult>;

/** What became of a message of ours; the higher `revision` is the newer. */
export const shownDelivery = z.object({
  id,
  state: z.enum(['due', 'attempting', 'accepted', 'rejected', 'cancelled', 'dead', 'unknown']),
  receipt: z.enum(['sent', 'delivered', 'read', 'failed']).optional(),
  reason: z.string().optional(),
  possiblyTwice: z.boolean(),
  revision: z.number().int(),
});

/** One line of a transcript. `seq` orders it and is its key. */
const transcriptItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    seq: position,
    at: z.iso.datetime(),
    from: z.enum(['client', 'bot', 'operator', 'system']),
    /** Name of the operator who said it. */
    by: z.string().optional(),
    channel: z.string(),
    content: z.array(content),
    /** False once the text was erased. */
    erased: z.boolean(),
    clientId: z.string().optional(),
    delivery: shownDelivery.optional(),
    /** It is the new wording of a message that we never got. */
    edited: z.literal(true).optional(),
  }),
  /** What became of the message with the number `of`: new words, none any more, the reactions under it, or its label. */
  z.object({
    type: z.literal('revision'),
    seq: position,
    at: z.iso.datetime(),
    of: position,
    what: z.enum(['edited', 'deleted', 'reaction', 'labelled']),
    by: z.enum(['client', 'bot', 'operator', 'system']),
    /** Of an edit; empty once it was erased. */
    content: z.array(content),
    /** All that stand now from `by`. */
    emoji: z.array(z.string()),
    /** Of a revision by an operator: whether it reached the client. */
    delivery: shownDelivery.optional(),
    /** Of a label: the intent; null where it was taken back. */
    intent: z.string().nullable().optional(),
  }),
  z.object({
    type: z.literal('note'),
    seq: position,
    at: z.iso.datetime(),
    by: z.string(),
    text: z.string(),
    clientId: z.string().optional(),
  }),
  z.object({
    type: z.literal('owner'),
    seq: position,
    at: z.iso.datetime(),
    from: owner,
    to: owner,
    reason: z.string(),
  }),
  /** `what` is the event's type: `conversation.opened`, `action.completed`, `conversation.closed`, `thread.started`, … */
  z.object({
    type: z.literal('line'),
    seq: position,
    at: z.iso.datetime(),
    what: z.string(),
    detail: z.record(z.string(), z.string()),
  }),
]);
export type TranscriptItem = z.infer<typeof transcriptItem>;

export const conversationView = conversationRow.extend({
  /** The newest handoff's package. */
  context: handoffContext.optional(),
  identities: z.array(
    z.object({
      id,
      channel: z.string(),
      evidence: z.string(),
      name: z.string().optional(),
      username: z.string().optional(),
      /** It was another contact's before they were linked, so that can be undone. */
      linked: z.boolean(),
    }),
  ),
  /** Other contacts with the same phone number, by their newest conversation. It proves nothing and links nothing. */
  alike: z.array(z.object({ conversation: id, channel: z.string(), name: z.string().optional() })),
  /** Earlier conversations of this contact, newest first, at most 20. */
  history: z.array(
    z.object({
      id,
      openedAt: z.iso.datetime(),
      closedAt: z.iso.datetime().optional(),
      intent: z.string().optional(),
    }),
  ),
  /** Longest text of one message on the channel where a reply goes. */
  maxText: z.number().int(),
  /** What `maxText` counts; characters where it is not told. */
  textUnit: z.enum(['utf16', 'bytes', 'segments']).optional(),
  /** What one segment of an SMS costs there, with its currency by ISO 4217, where the channel's settings say it. */
  segmentPrice: z.object({ amount: z.number(), currency: z.string() }).optional(),
  /** How files reach the client there: as files, or as links in a text. */
  files: z.enum(['native', 'link']),
  /** What can be done with messages on each of the client's channels. */
  revisable: z.array(
    z.object({
      channel: z.string(),
      edit: z.boolean(),
      delete: z.boolean(),
      react: z.boolean(),
      /** How long after it was sent a message can be changed, milliseconds; always where it is not told. */
      editForMs: z.number().optional(),
      deleteForMs: z.number().optional(),
    }),
  ),
  /** Until when the client's network takes free words; absent where it always does. */
  replyUntil: z.iso.datetime().optional(),
  /** What may be said after that; absent where the channel has no approved templates. `{{1}}` is the first parameter. */
  templates: z
    .array(
      z.object({
        name: z.string(),
        language: z.string(),
        text: z.string(),
        parameters: z.number().int().nonnegative(),
      }),
    )
    .optional(),
});
export type Revisable = ConversationView['revisable'][number];
export type ConversationView = z.infer<typeof conversationView>;

/** Newest page without parameters; `before` pages to older, `after` gives what came since. Oldest first. */
export const transcriptQuery = z.object({
  after: z.coerce.number().int().nonnegative().optional(),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const transcript = z.object({ items: z.array(transcriptItem), head: position, hasOlder: z.boolean() });

/** `epoch` is the one that the page showed: where it has moved on, 409 with code `conversation-changed`. */
export const ownerAct = z.object({ epoch: z.number().int() });
/** Well-formed Unicode without the null character: the store can keep nothing else. */
const storable = z.string().refine(isStorable, 'half a character or the null character cannot be kept');
/** `id` is made by the page; sent again, it counts once. Text of 1 to 100 000 characters, not only blanks. */
export const say = z.object({
  id: storable.min(1).max(64),
  text: storable
    .min(1)
    .max(100_000)
    .refine((text) => text.trim() !== '', 'there is nothing but blanks'),
});
/** One of the conversation's `templates`, with what goes in the places of its parameters. */
const templateUse = z.object({
  name: z.string().max(512),
  language: z.string().max(10),
  parameters: z.array(storable.min(1).max(1_024)).max(MAX_PARAMETERS),
});
/** A reply has a text, or files that were uploaded by POST /api/v1/media, or both; or a template says it. */
export const reply = z
  .object({
    id: storable.min(1).max(64),
    text: storable.max(100_000).default(''),
    media: z.array(z.uuid()).max(10).default([]),
    template: templateUse.optional(),
  })
  .refine(
    ({ text, media, template }) => template !== undefined || text.trim() !== '' || media.length > 0,
    'there is neither a text nor a file',
  )
  .refine(
    ({ text, media, template }) => template === undefined || (text === '' && media.length === 0),
    'a template goes alone, without a text or files of its own',
  );
export const said = z.object({ seq: position });
/** Takes back what an operator sent. */
export const deletion = z.object({ id: storable.min(1).max(64) });
/** What operators can put under a message of the client; Telegram has a list of its own, and these are on it. */
export const REACTIONS = ['👍', '❤', '🙏', '👌', '🎉'] as const;
/** One reaction stands under a message from us; null takes it back. */
export const reaction = z.object({ id: storable.min(1).max(64), emoji: z.enum(REACTIONS).nullable() });
/** `to`: the channel to which the client wants to go on; its link is sent where it has one. */
export const moveAct = ownerAct.extend({ to: z.string().max(64).optional() });
/** Where a client can go on; `byLink`: by opening a link, else by writing or saying a code there. */
export const moveTargets = z.object({
  channels: z.array(z.object({ channel: z.string(), byLink: z.boolean() })),
});
export type MoveTarget = z.infer<typeof moveTargets>['channels'][number];
/** What a client's message was about: the id of one of `intentList`; null takes the label back. */
export const label = z.object({ intent: z.string().max(64).nullable() });
/** What a message can be about, in the order in which it is offered. */
export const intentList = z.object({
  intents: z.array(z.object({ id: z.string(), title: z.object({ ru: z.string(), en: z.string() }) })),
});
export type Intent = z.infer<typeof intentList>['intents'][number];
export const acted = z.object({ epoch: z.number().int(), seq: position });
/** The 409 of take; `operator` says who has the conversation where the code is `already-taken`. */
export const alreadyTaken = problem.extend({ operator: z.object({ id, name: z.string() }).optional() });

/** Where conversations wait, with titles in both languages. */
export const queueList = z.object({
  queues: z.array(z.object({ id: z.string(), title: z.object({ ru: z.string(), en: z.string() }) })),
});

/**
 * GET    /api/v1/conversations?view=…            conversationList        desk.read
 * GET    /api/v1/conversations/:id               conversationView        desk.read
 * GET    /api/v1/conversations/:id/transcript    transcript              desk.read
 * POST   /api/v1/conversations/:id/take          ownerAct → acted        desk.answer (from a queue or the bot; 409 `already-taken`)
 * POST   /api/v1/conversations/:id/release       ownerAct → acted        back to the queue
 * POST   /api/v1/conversations/:id/return        ownerAct → acted        to the bot, where the script stood
 * POST   /api/v1/conversations/:id/close         ownerAct → acted
 * POST   /api/v1/conversations/:id/messages      reply → said              only its owner (409 `not-yours`)
 * POST   /api/v1/conversations/:id/messages/:seq/edit    say → said        a message of an operator, only its conversation's owner
 * POST   /api/v1/conversations/:id/messages/:seq/delete  deletion → said
 * POST   /api/v1/conversations/:id/messages/:seq/react   reaction → said   under a message of the client
 * POST   /api/v1/conversations/:id/notes         say → said              desk.read is enough
 * POST   /api/v1/conversations/:id/typing        204
 * PUT    /api/v1/conversations/:id/messages/:seq/label   label → 204   its owner, or who supervises (409 `not-yours`)
 * GET    /api/v1/intents                         intentList              desk.read
 * GET    /api/v1/conversations/:id/move          moveTargets             desk.read
 * POST   /api/v1/conversations/:id/move          moveAct → acted         a one-time link or code for the client, only its owner
 * POST   /api/v1/conversations/:id/identities/:identity/unlink   204     ledger.decide (409 `not-linked`)
 * GET    /api/v1/queues                          queueList               desk.read
 * GET    /api/v1/search?q=…                      searchResult            desk.read
 * WebSocket /api/v1/live                         liveIn / liveOut
 */
export const liveIn = z.discriminatedUnion('type', [
  /** Which conversation this page shows (or none), and the last `seq` it has. Presence is the open socket itself. */
  z.object({ type: z.literal('watch'), conversation: id.nullable(), after: position.default(0) }),
  z.object({ type: z.literal('ping') }),
]);
export const liveOut = z.discriminatedUnion('type', [
  /** A list row changed or appeared; apply it only where its revision is higher. */
  z.object({ type: z.literal('row'), row: conversationRow, counts: conversationList.shape.counts }),
  /** New lines of the watched conversation, gapless after what the page had. */
  z.object({ type: z.literal('items'), conversation: id, items: z.array(transcriptItem), head: position }),
  /** Delivery state of one message changed. */
  z.object({ type: z.literal('delivery'), conversation: id, seq: position, delivery: shownDelivery }),
  z.object({
    type: z.literal('typing'),
    conversation: id,
    from: z.enum(['client', 'operator']),
    /** What a caller is saying; it may still change. */
    words: z.string().optional(),
  }),
  /** Every 15 s; `head` of the watched conversation: a gap is read from the transcript. */
  z.object({ type: z.literal('heartbeat'), head: position.nullable() }),
  z.object({ type: z.literal('signed-out') }),
]);
export type LiveOut = z.infer<typeof liveOut>;
