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
