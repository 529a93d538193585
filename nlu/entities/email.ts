import type { EmailEntity } from '../types.ts';
import { findSpokenEmails } from './email-words.ts';
import type { Reading } from './reading.ts';

/** A local part of 1 to 64 and a domain of labels, as RFC 5321 bounds them; bounded, so that it stays linear. */
const pattern =
  /(?<![\p{L}\p{N}._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu;

/** E-mail addresses, in lower case; where none is written, those that are said in words. */
export function findEmails(reading: Reading): EmailEntity[] {
  const written = reading.text.includes('@') ? writtenEmails(reading) : [];
  return written.length > 0 ? written : findSpokenEmails(reading);
}

function writtenEmails(reading: Reading): EmailEntity[] {
  return Array.from(reading.text.matchAll(pattern), ({ 0: text, index }) => ({
    kind: 'email',
    text,
    start: index,
    end: index + text.length,
    value: { email: text.toLowerCase() },
  }));
}
