import { z } from 'zod';
import type { Chats, SentButton } from './telegram-chats.ts';
import type { Updates } from './telegram-updates.ts';

/** What a method answers; https://core.telegram.org/bots/api#making-requests */
export type Answer =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly error_code: number;
      readonly description: string;
      readonly parameters?: { readonly retry_after?: number };
    };

/** A file that the bot may fetch: https://core.telegram.org/bots/api#getfile */
export interface FileOnServer {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface BotState {
  readonly files: Map<string, FileOnServer>;
  readonly updates: Updates;
  readonly chats: Chats;
  /** Callback queries that wait for their answer. */
  readonly callbacks: Set<string>;
  readonly answeredCallbacks: string[];
}

export type Method = (
  parameters: Readonly<Record<string, unknown>>,
  state: BotState,
  gone: AbortSignal,
) => Answer | Promise<Answer>;

export function refuse(error_code: number, description: string): Answer {
  return { ok: false, error_code, description };
}

export const done = (result: unknown): Answer => ({ ok: true, result });

export const number = z.coerce.number().int();

/** https://core.telegram.org/bots/api#inlinekeyboardmarkup and #replykeyboardmarkup: a message has one of them. */
export const keyboard = z.preprocess(
  (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  z.union([
    z.strictObject({
      inline_keyboard: z.array(
        z.array(
          z.strictObject({
            text: z.string(),
            callback_data: z.string().optional(),
            url: z.url().optional(),
          }),
        ),
      ),
    }),
    z.strictObject({
      keyboard: z.array(
        z.array(
          z.strictObject({
            text: z.string(),
            request_contact: z.literal(true).optional(),
            request_location: z.literal(true).optional(),
          }),
        ),
      ),
      resize_keyboard: z.boolean().optional(),
      one_time_keyboard: z.boolean().optional(),
    }),
  ]),
);

/** What stands under a message. "You must use exactly one of the optional fields" of an inline button. */
export function buttonsOf(markup: z.infer<typeof keyboard> | undefined): readonly SentButton[] | undefined {
  if (!markup) return [];
  if ('keyboard' in markup)
    return markup.keyboard.flat().map(({ text, request_contact, request_location }) => ({
      text,
      data: '',
      ...(request_contact && { asks: 'contact' as const }),
      ...(request_location && { asks: 'location' as const }),
    }));
  const all = markup.inline_keyboard.flat();
  // "Data to be sent in a callback query to the bot when the button is pressed, 1-64 bytes"
  const isFine = all.every(({ callback_data: data, url }) =>
    data === undefined ? url !== undefined : !url && data !== '' && Buffer.byteLength(data) <= 64,
  );
  if (!isFine) return undefined;
  return all.map(({ text, callback_data: data = '', url }) => ({ text, data, ...(url && { url }) }));
}
