/** A piece of a text: plain, or an address that may be opened. */
export type Piece = { readonly text: string; readonly address?: string };

/** An address ends before a space, a bracket or a quote; a writing direction that is turned inside it may deceive. */
const ADDRESS = /https:\/\/[^\s<>"'«»“”„`|\\^{}]+/gu;
const TURNS_DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const TRAILING = /[.,:;!?)\]…]+$/u;

/**
 * Finds plain https addresses in what the bank says; everything else stays text. Never for what a client wrote.
 * The pieces joined are the text.
 */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = withoutTrailing(match[0]);
    const address = plainAddress(shown);
    if (address === undefined) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: shown, address });
    end = match.index + shown.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** A closing bracket belongs to the sentence unless the address opened one. */
function withoutTrailing(found: string): string {
  const bare = found.replace(TRAILING, '');
  return bare.includes('(') && found[bare.length] === ')' ? `${bare})` : bare;
}

function plainAddress(shown: string): string | undefined {
  if (TURNS_DIRECTION.test(shown)) return undefined;
  try {
    const { href, protocol, username, password } = new URL(shown);
    // https://bank.example@elsewhere.example leads elsewhere.
    return protocol === 'https:' && username === '' && password === '' ? href : undefined;
  } catch {
    return undefined;
  }
}
