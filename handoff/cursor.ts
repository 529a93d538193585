import { conversationIdOf } from './conversation-id.ts';
import type { Cursor } from './store/rows.ts';

const FORM = /^(u?)(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The place of a page in a list, as clients hand it back; they need not understand it. */
export function writeCursor({ isUrgent, at, id }: Cursor): string {
  return `${isUrgent ? 'u' : ''}${at.getTime()}_${id}`;
}

/** Undefined where it was not made by `writeCursor`. */
export function readCursor(text: string): Cursor | undefined {
  const [, urgent, milliseconds, id] = FORM.exec(text) ?? [];
  if (milliseconds === undefined || id === undefined) return undefined;
  return { isUrgent: urgent === 'u', at: new Date(Number(milliseconds)), id: conversationIdOf(id) };
}
