import { septetsOf } from './gsm.ts';

/** How a text goes out by SMS. */
export interface Segments {
  readonly alphabet: 'gsm' | 'ucs2';
  /** What is paid for: a text with one character outside the GSM alphabet goes out in UCS-2 whole. */
  readonly count: number;
  /** How many more characters of this alphabet the last segment takes. */
  readonly left: number;
}

/**
 * Septets or UTF-16 units of one segment: 140 octets, alone or less the six of the header that joins them
 * (3GPP TS 23.040 §9.2.3.24.1: five octets and their length; 153 septets, for one is filled up).
 */
const ROOM = {
  gsm: { alone: 160, joined: 153 },
  ucs2: { alone: 70, joined: 67 },
} as const;

/** The alphabet, number of segments and room of a text. Pure, and the same here, at the desk and at the operator's bill. */
export function segmentsOf(text: string): Segments {
  const alphabet = alphabetOf(text);
  const { lengths } = cut(text, alphabet);
  const count = lengths.length;
  const room = count > 1 ? ROOM[alphabet].joined : ROOM[alphabet].alone;
  return { alphabet, count, left: room - (lengths.at(-1) ?? 0) };
}

/** A text in its segments, no character torn. */
export function splitSegments(text: string): {
  readonly alphabet: Segments['alphabet'];
  readonly texts: readonly string[];
} {
  const alphabet = alphabetOf(text);
  return { alphabet, texts: cut(text, alphabet).texts };
}

/** How much of a text, in UTF-16 units, goes into so many segments; whole characters, at least one. */
export function prefixInSegments(text: string, max: number): number {
  // A text that grows never takes fewer segments.
  let least = 1;
  let most = Math.min(text.length, max * ROOM.gsm.alone);
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (segmentsOf(text.slice(0, middle)).count <= max) least = middle;
    else most = middle - 1;
  }
  return isHighSurrogate(text.charCodeAt(least - 1)) ? Math.max(least - 1, 2) : least;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function alphabetOf(text: string): Segments['alphabet'] {
  for (const character of text) if (septetsOf(character) === undefined) return 'ucs2';
  return 'gsm';
}

/** `lengths` are in the alphabet's units; an empty text is one empty segment. */
function cut(text: string, alphabet: Segments['alphabet']): { texts: string[]; lengths: number[] } {
  const { alone, joined } = ROOM[alphabet];
  const sizeOf = (character: string) => (alphabet === 'gsm' ? (septetsOf(character) ?? 1) : character.length);
  let whole = 0;
  for (const character of text) whole += sizeOf(character);
  if (whole <= alone) return { texts: [text], lengths: [whole] };
  const texts: string[] = [];
  const lengths: number[] = [];
  let segment = '';
  let length = 0;
  for (const character of text) {
    const size = sizeOf(character);
    if (length + size > joined) {
      texts.push(segment);
      lengths.push(length);
      segment = '';
      length = 0;
    }
    segment += character;
    length += size;
  }
  return { texts: [...texts, segment], lengths: [...lengths, length] };
}
