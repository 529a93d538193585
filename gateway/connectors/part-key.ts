import type { OutgoingPart } from './outgoing.ts';

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:\d{1,4}$/;

/** Whether a text has the form of the key that a part of ours went out with. */
export function isPartKey(text: string): text is OutgoingPart['key'] {
  return KEY.test(text);
}
