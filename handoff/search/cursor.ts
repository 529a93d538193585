import { conversationIdOf } from '../conversation-id.ts';
import type { MessagePlace } from './find.ts';

const FORM = /^(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_(\d{1,15})$/;

/** The place of a page among what was found, as clients hand it back; they need not understand it. */
export function writePlace({ at, conversation, seq }: MessagePlace): string {
  return `${at.getTime()}_${conversation}_${seq}`;
}

/** Undefined where it was not made by `writePlace`. */
export function readPlace(text: string): MessagePlace | undefined {
  const [, milliseconds, id, seq] = FORM.exec(text) ?? [];
  if (milliseconds === undefined || id === undefined || seq === undefined) return undefined;
  return { at: new Date(Number(milliseconds)), conversation: conversationIdOf(id), seq: Number(seq) };
}
