import { z } from 'zod';
import { MEDIA_KINDS } from '../gateway/model/content.ts';
import { DATA_CLASSES } from '../gateway/model/data-class.ts';
import type { MediaId } from '../gateway/model/ids.ts';
import { isStorable, STORABLE } from '../gateway/storable-text.ts';
import { handoffContext } from './context.ts';

/**
 * The desk's REST and live API: the same schemas check the routes, make openapi.json and type the page. What is shown is
 * here, what people do in act-api.ts.
 *
 * GET    /api/v1/conversations?view=…            conversationList        desk.read
 * GET    /api/v1/conversations/:id               conversationView        desk.read
 * GET    /api/v1/conversations/:id/transcript    transcript              desk.read
 * POST   /api/v1/conversations/:id/take          ownerAct → acted        desk.answer (from a queue or the bot; 409 `already-taken`)
 * POST   /api/v1/conversations/:id/release       ownerAct → acted        back to the queue
 * POST   /api/v1/conversations/:id/return        ownerAct → acted        to the bot, where the script stood
 * POST   /api/v1/conversations/:id/close         ownerAct → acted
 * POST   /api/v1/conversations/:id/messages      reply → said              only its owner (409 `not-yours`, `channel-off`)
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
 * WebSocket /api/v1/live                         liveIn / liveOut, live-api.ts
 */

export const id = z.uuid();
export const position = z.number().int().nonnegative();

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
export const conversationRow = z.object({
  id,
  revision: z.number().int(),
  status: z.enum(['open', 'closed']),
  owner,
  epoch: z.number().int(),
  seq: position,
  /**
   * Since when this owner has it, ISO 8601; in a queue since when the client waits for a person of ours: for the first
   * one, or for an answer to what they wrote first since the last.
   */
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
  /** What the client or an operator said last; what the bot or the system did, where no person has said anything. */
  last: z
    .object({
      from: z.enum(['client', 'bot', 'operator', 'system']),
      /** As it reads now, also after an edit; empty where it has no words or was taken back. */
      text: z.string(),
      at: z.iso.datetime(),
      /** What it is where it has no words, such as `file`. */
      kind: z.string().optional(),
      deleted: z.literal(true).optional(),
    })
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
  q: z.string().trim().min(1).max(200).refine(isStorable, STORABLE),
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
export const transcriptItem = z.discriminatedUnion('type', [
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
  /** Present where the channel on which the client wrote last carries nothing. */
  channelOff: z
    .object({
      /** `policy`: the policy pack keeps it off; `not-configured`: the settings name it no more. */
      why: z.enum(['policy', 'not-configured']),
      /** Another channel of this conversation, to which replies go instead; where there is none they are refused. */
      repliesGoTo: z.string().optional(),
    })
    .optional(),
  /** Longest text of one message on the channel where a reply goes. */
  maxText: z.number().int(),
  /** What `maxText` counts; characters where it is not told. */
  textUnit: z.enum(['utf16', 'bytes', 'segments']).optional(),
  /** What one segment of an SMS costs there, with its currency by ISO 4217, where the channel's settings say it. */
  segmentPrice: z.object({ amount: z.number(), currency: z.string() }).optional(),
  /** The most that may be said there of a person: a message that says more is refused. */
  dataClass: z.enum(DATA_CLASSES).optional(),
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
  /**
   * What may be said after that; absent where the channel has no approved templates. Parameters are given in this order:
   * that of the header or the address of the file, those of the text, those at the ends of the buttons' addresses.
   */
  templates: z
    .array(
      z.object({
        name: z.string(),
        language: z.string(),
        header: z.string().optional(),
        file: z.enum(['image', 'document']).optional(),
        text: z.string(),
        buttons: z
          .array(
            z.union([
              z.object({ text: z.string(), url: z.string() }),
              z.object({ text: z.string(), answer: z.string() }),
            ]),
          )
          .readonly()
          .optional(),
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

/** Where conversations wait, with titles in both languages. */
export const queueList = z.object({
  queues: z.array(z.object({ id: z.string(), title: z.object({ ru: z.string(), en: z.string() }) })),
});
