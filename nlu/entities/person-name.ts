import { isCyrillic } from '../text.ts';
import { givingBefore } from './person-giving.ts';
import { nominatives } from './person-russian.ts';
import { isParticle } from './person-words.ts';
import type { Reading } from './reading.ts';

const rawOf = (reading: Reading, at: number): string => reading.span(at, at + 1).text;

/** The name as to be shown: capitals, Russian words in the nominative. */
export function nameOf(reading: Reading, from: number, to: number): string {
  const isRussian = (at: number) => {
    const { kind, norm } = reading.tokens[at] ?? { kind: 'sign', norm: '' };
    return kind === 'word' && norm.length > 1 && isCyrillic(norm);
  };
  const places = Array.from({ length: to - from }, (_, i) => from + i);
  const words = places.filter(isRussian).map((at) => {
    const raw = unshouted(rawOf(reading, at));
    // Russian in Latin letters is shown in Russian ones.
    return isCyrillic(raw.toLowerCase()) ? raw : (reading.tokens[at]?.norm ?? raw);
  });
  const names = words.length > 0 ? nominatives(reading, words, from, givingBefore(reading, from)) : [];
  let name = '';
  for (const at of places) {
    const token = reading.tokens[at];
    if (!token) break;
    const raw = rawOf(reading, at);
    if (at > from && token.start > (reading.tokens[at - 1]?.end ?? 0)) name += ' ';
    if (isRussian(at)) name += capital(names.shift() ?? raw);
    else if (token.kind === 'sign' || (isParticle(token.norm) && to - from > 1)) name += raw;
    else name += capital(raw);
  }
  return name;
}

/** «ПЕТРОВ» → «Петров»; what is not shouted stays. */
const unshouted = (word: string): string =>
  word.length > 2 && word === word.toUpperCase() ? word.slice(0, 1) + word.slice(1).toLowerCase() : word;

/** First letter up; the rest as written unless all of it is shouted. */
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + unshouted(word).slice(1);
