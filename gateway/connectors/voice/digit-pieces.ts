import { digitsSaid } from '../../said-digits.ts';

/** A number that is dictated or keyed in pieces, put together where one of so many digits was asked for. */
export interface DigitPieces {
  /** What was just said to the client asks for a number of so many digits; undefined: it does not. */
  expect(digits: number | undefined): void;
  /** True where the words are a piece, and come on together with the others; a piece's key counts once. */
  takes(text: string, key: string): boolean;
  /** Hands on what there is. */
  flush(): void;
}

/** Whoever reads a number aloud takes breath for less than this. */
const PAUSE_MS = 4_000;

/** `onWhole` gets `123 456 789` with the key of its first piece: once it is whole, or nothing more of it comes. */
export function createDigitPieces(onWhole: (text: string, key: string) => void): DigitPieces {
  let expected: number | undefined;
  /** Digits by the key of their piece, in the order in which they were said. */
  let pieces = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    const [first] = pieces.keys();
    const text = [...pieces.values()].join(' ');
    pieces = new Map();
    if (first !== undefined) onWhole(text, first);
  }

  return {
    expect(digits) {
      expected = digits;
    },
    takes(text, key) {
      if (expected === undefined) return false;
      const digits = digitsSaid(text);
      if (digits === undefined) {
        flush();
        return false;
      }
      pieces.set(key, digits);
      clearTimeout(timer);
      const count = [...pieces.values()].join('').length;
      if (count >= expected) flush();
      else timer = setTimeout(flush, PAUSE_MS);
      return true;
    },
    flush,
  };
}
