import { z } from 'zod';
import type { Chats } from './telegram-chats.ts';
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

export const keyboard = z.preprocess(
  (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  z.object({
    inline_keyboard: z.array(z.array(z.object({ text: z.string(), callback_data: z.string().optional() }))),
  }),
);
