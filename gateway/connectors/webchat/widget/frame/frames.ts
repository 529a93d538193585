import * as z from 'zod/mini';
import type { Locale } from '../../../../model/contact.ts';

/** What the chat says on its socket; the protocol is that of /channels/webchat/socket in the documentation. */
export type ClientFrame =
  | {
      readonly type: 'hello';
      readonly token?: string;
      readonly identity?: string;
      /** The last `seq` seen: the hub sends what came after it. */
      readonly after?: number;
      readonly locale?: Locale;
      /** A one-time link from another channel. */
      readonly move?: string;
      /** The client wants the dialogue of that link to go on here. */
      readonly agreed?: true;
    }
  | { readonly type: 'message'; readonly id: string; readonly text: string }
  | { readonly type: 'choice'; readonly id: string; readonly choice: string }
  | ({ readonly type: 'location'; readonly id: string } & Place)
  /** Its bytes follow once the hub has answered `ready`. */
  | {
      readonly type: 'file';
      readonly id: string;
      readonly name: string;
      readonly mime: string;
      readonly size: number;
    }
  | { readonly type: 'typing' }
  | { readonly type: 'seen' | 'read'; readonly seq: number };

export type Speaker = 'client' | 'bot' | 'operator' | 'system';

export interface Choice {
  readonly id: string;
  readonly text: string;
  /** What it does beside answering: opens an address, or asks for a phone number or a place. */
  readonly kind?: 'link' | 'contact' | 'location' | undefined;
  /** Of a link. */
  readonly url?: string | undefined;
}

/** Degrees, WGS 84. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface ShownFile {
  readonly kind: 'image' | 'file' | 'audio' | 'video' | 'sticker';
  readonly name?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
  /** Where it is fetched; undefined while it has not come. */
  readonly path?: string | undefined;
  /** It may be shown in place. */
  readonly isShown: boolean;
}

/** What the hub says. */
export type ServerFrame =
  | {
      readonly type: 'welcome';
      readonly token: string;
      readonly seq: number;
      /** Longest file that the hub takes, bytes. */
      readonly maxFile?: number | undefined;
    }
  | {
      readonly type: 'move';
      readonly state: 'ask';
      /** Where the dialogue began, and who they are there, masked. */
      readonly channel: string;
      readonly contact?: string | undefined;
    }
  | { readonly type: 'move'; readonly state: 'moved' | 'ended' | 'another-client' }
  | { readonly type: 'ready'; readonly id: string }
  | MessageFrame
  | RevisionFrame
  | { readonly type: 'stored'; readonly id: string; readonly seq: number }
  | { readonly type: 'typing'; readonly from: Speaker }
  | { readonly type: 'answering'; readonly by: 'bot' | 'people' }
  | { readonly type: 'receipt'; readonly seq: number; readonly state: string }
  | { readonly type: 'error'; readonly code: string; readonly id?: string | undefined };

export interface MessageFrame {
  readonly type: 'message';
  readonly seq: number;
  readonly id: string;
  readonly from: Speaker;
  readonly text: string;
  readonly choices?: readonly Choice[] | undefined;
  readonly files?: readonly ShownFile[] | undefined;
  /** ISO 8601. */
  readonly at: string;
  readonly edited?: boolean | undefined;
  /** Taken back: it has no text any more. */
  readonly deleted?: boolean | undefined;
  readonly reactions?: readonly string[] | undefined;
}

/** The message with the number `of` was changed. */
export interface RevisionFrame {
  readonly type: 'revision';
  readonly seq: number;
  readonly of: number;
  readonly text?: string | undefined;
  readonly deleted?: boolean | undefined;
  readonly reactions?: readonly string[] | undefined;
}

/** Makes the reader of the hub's frames: what came over the socket to a frame, undefined for what we do not know. */
export function createFrameReader(): (data: unknown) => ServerFrame | undefined {
  // zod would probe for eval, which the frame's content policy forbids and the browser reports.
  z.config({ jitless: true });
  const seq = z.int().check(z.nonnegative());
  const speaker = z.enum(['client', 'bot', 'operator', 'system']);
  const choice = z.object({
    id: z.string(),
    text: z.string(),
    kind: z.optional(z.enum(['link', 'contact', 'location'])),
    // What else an address could be would run as a script of this page.
    url: z.optional(z.string().check(z.startsWith('https://'))),
  });
  const frame = z.discriminatedUnion('type', [
    z.object({ type: z.literal('welcome'), token: z.string(), seq, maxFile: z.optional(z.number()) }),
    z.discriminatedUnion('state', [
      z.object({
        type: z.literal('move'),
        state: z.literal('ask'),
        channel: z.string(),
        contact: z.optional(z.string()),
      }),
      z.object({ type: z.literal('move'), state: z.enum(['moved', 'ended', 'another-client']) }),
    ]),
    z.object({ type: z.literal('ready'), id: z.string() }),
    z.object({
      type: z.literal('message'),
      seq,
      id: z.string(),
      from: speaker,
      text: z.string(),
      choices: z.optional(z.array(choice)),
      files: z.optional(
        z.array(
          z.object({
            kind: z.enum(['image', 'file', 'audio', 'video', 'sticker']),
            name: z.optional(z.string()),
            size: z.optional(z.number()),
            path: z.optional(z.string()),
            isShown: z.boolean(),
          }),
        ),
      ),
      at: z.string(),
      edited: z.optional(z.boolean()),
      deleted: z.optional(z.boolean()),
      reactions: z.optional(z.array(z.string())),
    }),
    z.object({
      type: z.literal('revision'),
      seq,
      of: seq,
      text: z.optional(z.string()),
      deleted: z.optional(z.boolean()),
      reactions: z.optional(z.array(z.string())),
    }),
    z.object({ type: z.literal('stored'), id: z.string(), seq }),
    z.object({ type: z.literal('typing'), from: speaker }),
    z.object({ type: z.literal('answering'), by: z.enum(['bot', 'people']) }),
    z.object({ type: z.literal('receipt'), seq, state: z.string() }),
    z.object({ type: z.literal('error'), code: z.string(), id: z.optional(z.string()) }),
  ]);
  return (data) => {
    const read = frame.safeParse(readJson(data));
    return read.success ? read.data : undefined;
  };
}

function readJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
