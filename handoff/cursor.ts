import { conversationIdOf } from './conversation-id.ts';
import type { Cursor } from './store/rows.ts';

const FORM = /^(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The place of a page in a list, as clients hand it back; they need not understand it. */
export function writeCursor({ at, id }: Cursor): string {
  return `${at.getTime()}_${id}`;
}

/** Undefined where it was not made by `writeCursor`. */
export function readCursor(text: string): Cursor | undefined {
  const [, milliseconds, id] = FORM.exec(text) ?? [];
  if (milliseconds === undefined || id === undefined) return undefined;
  return { at: new Date(Number(milliseconds)), id: conversationIdOf(id) };
}
