import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { newId } from './ids.ts';
import type { FromContact } from './inbound-change.ts';
import type { NewEvent } from './model/events.ts';
import type { MoveId } from './model/ids.ts';
import type { Actor } from './model/owner.ts';
import { digitsSaid } from './said-digits.ts';

/** How long a link and a code can be used, milliseconds. */
export const MOVE_MS = 10 * 60_000;
/** Digits that only tell codes apart, and digits that must be guessed. */
const BUCKET_DIGITS = 3;
const SECRET_DIGITS = 6;
const LINK_PREFIX = 'okno_';

/** What brings a conversation to another channel, as its client is told it; stored are only hashes. */
export interface OfferedMove {
  readonly event: NewEvent<'move.offered'>;
  /** To be typed or said: `123 456 789`. */
  readonly code: string;
  /** Behind `?start=` of a bot's link, or `?okno=` of a page that has our chat. Letters, digits, `_` and `-`. */
  readonly link: string;
}

/** A new link and code for a conversation; those that it had before count no more. */
export function offerMove(by: Actor, now: Date): OfferedMove {
  const move = newId<MoveId>();
  const link = `${LINK_PREFIX}${randomBytes(16).toString('base64url')}`;
  const bucket = digits(BUCKET_DIGITS);
  const code = `${bucket}${digits(SECRET_DIGITS)}`;
  const until = new Date(now.getTime() + MOVE_MS).toISOString();
  return {
    event: {
      type: 'move.offered',
      facts: { move, by, until },
      body: { link: hashOfLink(link), code: hashOfCode(move, code), bucket },
    },
    code: code.replace(/(\d{3})(?=\d)/g, '$1 '),
    link,
  };
}

/** What a client shows to go on with a conversation that began elsewhere. */
export type MoveKey =
  | { readonly how: 'link'; readonly hash: string }
  | { readonly how: 'code'; readonly bucket: string; readonly code: string };

/** The choice of a client who was asked whether a dialogue of another channel goes on here, and does not want it. */
export const OWN_DIALOGUE = 'okno-own';

const LINK = new RegExp(`^${LINK_PREFIX}[A-Za-z0-9_-]{22}$`);
const LONGEST_CODE = 120;

/** The link that this is; undefined for anything else. Pure. */
export function linkOf(payload: string): MoveKey | undefined {
  return LINK.test(payload) ? { how: 'link', hash: hashOfLink(payload) } : undefined;
}

/**
 * The link with which a dialogue was begun, or the link or code that a message is and nothing besides, typed or said
 * («код сто двадцать три …»): a link is chosen where the client was asked. Pure.
 */
export function keyOf(inbound: FromContact): MoveKey | undefined {
  if (inbound.type === 'start') return linkOf(inbound.payload ?? '');
  if (inbound.type !== 'message' || inbound.past) return undefined;
  const [only, ...others] = inbound.content;
  if (only?.kind === 'choice' && others.length === 0) return linkOf(only.id);
  if (only?.kind !== 'text' || others.length > 0 || only.text.length > LONGEST_CODE) return undefined;
  const code = digitsSaid(only.text);
  if (code?.length !== BUCKET_DIGITS + SECRET_DIGITS) return undefined;
  return { how: 'code', bucket: code.slice(0, BUCKET_DIGITS), code };
}

/** True where this is the code of that move; takes the same time for each wrong one. */
export function isCodeOf(move: MoveId, code: string, hash: string): boolean {
  const expected = Buffer.from(hash, 'hex');
  const given = Buffer.from(hashOfCode(move, code), 'hex');
  return expected.length === given.length && timingSafeEqual(expected, given);
}

// Found by its hash, so the time that looking takes tells nothing of a link that was guessed.
function hashOfLink(link: string): string {
  return createHash('sha256').update(link).digest('hex');
}

function hashOfCode(move: MoveId, code: string): string {
  return createHash('sha256').update(`${move}:${code}`).digest('hex');
}

function digits(count: number): string {
  return String(randomInt(10 ** count)).padStart(count, '0');
}
