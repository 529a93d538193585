import type { TestHub } from '../fixtures/hub.ts';
import type { BadInput } from './suite.ts';

/** What phones send at most as one message, UTF-16 units. The header would allow 255 segments (TS 23.040 §9.2.3.24.1). */
export const LONGEST_SMS = 40 * 66;

/** Where a long text was cut to messages, white space went. */
export function joined(parts: readonly string[]): string {
  return parts.join('').replace(/\s/gu, '');
}

/** Requests over HTTP that are not from the network. */
export function stranger(what: string, hub: TestHub, path: string, init: RequestInit): BadInput {
  return {
    what,
    answer: 401,
    hand: async () => (await fetch(`${hub.url}${path}`, init)).status,
  };
}
