import { z } from 'zod';
import type { Choice } from '../../model/content.ts';
import { isStorable } from '../../storable-text.ts';
import type { ClientFile, ClientSignal } from '../client-view.ts';

/** The frames of /channels/ID/socket, as the documentation lists them. */

/** Made by the client and its own word for what it sent; never shown, never a key to anything of another visitor. */
const clientId = z.string().regex(/^[\x21-\x7e]{1,64}$/);

const hello = z.strictObject({
  type: z.literal('hello'),
  /** Anything that is not a token of ours is answered with a new one. */
  token: z.unknown().optional(),
  identity: z.string().max(8_192).optional(),
  after: z.int().nonnegative().optional(),
  locale: z.string().max(35).optional(),
  /** What the page's address had as `okno`: a one-time link from another channel. */
  move: z.string().max(64).optional(),
  /** The client was asked, and wants the dialogue of the link to go on here. */
  agreed: z.literal(true).optional(),
});
const message = z.strictObject({ type: z.literal('message'), id: clientId, text: z.string() });
const choice = z.strictObject({
  type: z.literal('choice'),
  id: clientId,
  choice: z.string().min(1).max(64),
});
/** A file: its bytes follow as binary frames once the hub has answered `ready`. */
const file = z.strictObject({
  type: z.literal('file'),
  id: clientId,
  name: z.string().min(1).max(200).refine(isStorable),
  /** MIME type, as the browser says. */
  mime: z.string().max(100),
  /** Bytes. */
  size: z.int().positive(),
});
/** Where the client is, which a button asked for. Degrees, WGS 84. */
const location = z.strictObject({
  type: z.literal('location'),
  id: clientId,
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
const typing = z.strictObject({ type: z.literal('typing') });
/** Everything up to there has come to the page. */
const seen = z.strictObject({ type: z.literal('seen'), seq: z.int().nonnegative() });
/** Everything up to there was on the screen. */
const read = z.strictObject({ type: z.literal('read'), seq: z.int().nonnegative() });

export type Hello = z.infer<typeof hello>;
export type Said = z.infer<typeof message> | z.infer<typeof choice> | z.infer<typeof location>;
export type FileFrame = z.infer<typeof file>;
export type ClientFrame =
  | Hello
  | Said
  | FileFrame
  | z.infer<typeof typing>
  | z.infer<typeof seen>
  | z.infer<typeof read>;

const known = { hello, message, choice, location, file, typing, seen, read } satisfies Record<
  ClientFrame['type'],
  z.ZodType<ClientFrame>
>;

export type ServerFrame =
  | { readonly type: 'welcome'; readonly token: string; readonly seq: number; readonly maxFile: number }
  /**
   * What becomes of the hello's `move`. `ask`: the client is to be asked; nothing was joined, and the link is not used up.
   * `channel` and `contact` (masked) say where the dialogue began. `ended`: the link is worth nothing any more.
   */
  | { readonly type: 'move'; readonly state: 'ask'; readonly channel: string; readonly contact?: string }
  | { readonly type: 'move'; readonly state: 'moved' | 'ended' | 'another-client' }
  /** The bytes of this file may come now. */
  | { readonly type: 'ready'; readonly id: string }
  | {
      readonly type: 'message';
      readonly seq: number;
      readonly id: string;
      readonly from: 'client' | 'bot' | 'operator' | 'system';
      readonly text: string;
      /** Without a kind it is an answer. A link has its `url`; the others ask for what they name. */
      readonly choices?: readonly Choice[];
      readonly files?: readonly ClientFile[];
      readonly at: string;
      readonly edited?: true;
      /** It was taken back; it has no text and no files any more. */
      readonly deleted?: true;
      readonly reactions?: readonly string[];
    }
  /** The message with the number `of` was changed: its new text, or that it was taken back, or the reactions under it. */
  | {
      readonly type: 'revision';
      readonly seq: number;
      readonly of: number;
      readonly text?: string;
      readonly deleted?: true;
      readonly reactions?: readonly string[];
    }
  | { readonly type: 'stored'; readonly id: string; readonly seq: number }
  /** An operator has read what the client wrote up to there. */
  | { readonly type: 'receipt'; readonly seq: number; readonly state: 'read' }
  | ClientSignal
  | { readonly type: 'error'; readonly code: ErrorCode; readonly id?: string };

/**
 * `bad-json`: not JSON; `bad-frame`: known type, other fields than documented; `too-large`: the frame or its text;
 * `empty`: a message without text; `slow-down`: not taken, to be sent again later; `hello-first`; `hello-twice`;
 * `origin`: this page may not embed the chat; `identity-refused`: the signed identity is not valid, the client goes
 * on as a visitor; `not-storable`: it was put aside for people to look at; `file-refused`: the file is damaged or harmful;
 * `over-bound`: no more files of this visitor, or of this channel, are taken today.
 */
export type ErrorCode =
  | 'bad-json'
  | 'bad-frame'
  | 'too-large'
  | 'empty'
  | 'slow-down'
  | 'hello-first'
  | 'hello-twice'
  | 'origin'
  | 'identity-refused'
  | 'not-storable'
  | 'file-refused'
  | 'over-bound';

/** Longest frame that is read, bytes. */
const MAX_FRAME = 128 * 1024;
/** Longest text of a message, bytes of UTF-8. */
const MAX_TEXT = 100 * 1024;

type ReadFrame =
  | { readonly frame: ClientFrame }
  | { readonly error: ErrorCode; readonly id?: string }
  /** Of a type that we do not know; ignored. */
  | { readonly unknown: string };

/** Reads what came over a socket. Pure, and never throws. */
export function readFrame(data: Buffer, isBinary: boolean): ReadFrame {
  if (data.length > MAX_FRAME) return refused('too-large', idAtHead(data));
  if (isBinary) return { error: 'bad-frame' };
  const json = parseJson(data.toString('utf8'));
  if (!json) return { error: 'bad-json' };
  const head = z.looseObject({ type: z.string() }).safeParse(json.value);
  if (!head.success) return { error: 'bad-frame' };
  const { type } = head.data;
  if (!isKnown(type)) return { unknown: type };
  const parsed = known[type].safeParse(json.value);
  const id = clientId.safeParse(head.data.id).data;
  if (!parsed.success) return refused('bad-frame', id);
  const frame = parsed.data;
  if (frame.type !== 'message') return { frame };
  if (Buffer.byteLength(frame.text) > MAX_TEXT) return refused('too-large', id);
  return INVISIBLE.test(frame.text) ? refused('empty', id) : { frame };
}

/** Nothing but spaces and characters of no width. */
const INVISIBLE = /^[\s\p{Z}\p{Cf}]*$/u;
/** Where the id of a frame that is too large to be parsed is looked for, bytes. */
const HEAD = 256;

/** A page's id stands before its text; the page learns which message was too large. */
function idAtHead(data: Buffer): string | undefined {
  return /"id"\s*:\s*"([\x21\x23-\x5b\x5d-\x7e]{1,64})"/.exec(data.toString('latin1', 0, HEAD))?.[1];
}

function refused(error: ErrorCode, id: string | undefined): ReadFrame {
  return id === undefined ? { error } : { error, id };
}

function isKnown(type: string): type is keyof typeof known {
  return Object.hasOwn(known, type);
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
