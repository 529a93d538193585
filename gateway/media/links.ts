import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MediaId } from '../model/ids.ts';

/** Signed addresses of media: whoever has one may fetch that one file until it ends. Pure but for the key. */
export interface MediaLinks {
  /** Path and query, such as `/media/ID?until=1700000000&sign=…`; always of the same length. */
  pathOf(id: MediaId, until: Date): string;
  /** True for a path that this key signed and that has not ended. Compares in constant time. */
  isValid(id: string, until: string, sign: string, now: Date): boolean;
}

export function createMediaLinks(key: Uint8Array): MediaLinks {
  const signOf = (id: string, until: string): Buffer =>
    createHmac('sha256', key).update(`media\n${id}\n${until}`).digest();
  return {
    pathOf(id, until) {
      const seconds = String(Math.floor(until.getTime() / 1000));
      return `/media/${id}?until=${seconds}&sign=${signOf(id, seconds).toString('base64url')}`;
    },
    isValid(id, until, sign, now) {
      const given = Buffer.from(sign, 'base64url');
      const right = signOf(id, until);
      const isRight = given.length === right.length && timingSafeEqual(given, right);
      return isRight && Number(until) * 1000 > now.getTime();
    },
  };
}
