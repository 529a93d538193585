import type { Token } from '../text.ts';

/** Digits that stand together, perhaps parted by single blanks and marks: `from` and `to` are token indices. */
export type DigitRun = {
  readonly digits: string;
  readonly from: number;
  readonly to: number;
  readonly groups: readonly string[];
};

/** The longest run of digit groups that begins at a token; only marks of `glue` and blanks (at most two) part the groups. */
export function digitRunAt(
  tokens: readonly Token[],
  at: number,
  glue: string,
  maxDigits = 24,
): DigitRun | undefined {
  const groups: string[] = [];
  let length = 0;
  let to = at;
  for (let i = at; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    const before = tokens[i - 1];
    if (i > at && before && token.start - before.end > 2) break;
    if (token.kind === 'digits') {
      if (!/^[0-9]+$/.test(token.norm) || length + token.norm.length > maxDigits) break;
      groups.push(token.norm);
      length += token.norm.length;
      to = i + 1;
    } else if (!glue.includes(token.norm)) break;
  }
  return groups.length > 0 ? { digits: groups.join(''), from: at, to, groups } : undefined;
}

const maxGroups = 8;
const longRun = 11;

/**
 * Whether a number is a part of a longer one: of a card's four groups, of «154-887-012 97». Such groups are short, and a
 * blank or a hyphen parts them. Looks at a few tokens at each side only.
 */
export function isPartOfLongNumber(tokens: readonly Token[], from: number, to: number): boolean {
  let digits = 0;
  for (let at = from; at < to; at++)
    digits += tokens[at]?.kind === 'digits' ? (tokens[at]?.norm.length ?? 0) : 0;
  const before = groupsBeside(tokens, from, -1);
  const after = groupsBeside(tokens, to - 1, 1);
  return before + after > 0 && digits + before + after >= longRun;
}

/** How many digits stand in the groups on one side. */
function groupsBeside(tokens: readonly Token[], from: number, step: 1 | -1): number {
  let digits = 0;
  let last = tokens[from];
  let groups = 0;
  for (let at = from + step; groups < maxGroups; at += step) {
    let token = tokens[at];
    const isHyphen = token?.norm === '-' && isBeside(token, last, step, 0);
    if (isHyphen) {
      last = token;
      at += step;
      token = tokens[at];
    }
    if (token?.kind !== 'digits' || token.norm.length > 6 || !isBeside(token, last, step, isHyphen ? 0 : 1))
      break;
    digits += token.norm.length;
    groups++;
    last = token;
  }
  return digits;
}

function isBeside(token: Token, last: Token | undefined, step: 1 | -1, gap: number): boolean {
  if (!last) return false;
  return (step === 1 ? token.start - last.end : last.start - token.end) === gap;
}
