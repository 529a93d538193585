import { isCyrillic } from '../text.ts';
import type { PersonEntity } from '../types.ts';
import { cityEnd, isCityAt } from './city.ts';
import { currencyOf } from './money-words.ts';
import { isAlsoWord, isOrganisation, isPlainlyName, shippedNames, shippedSurnames } from './names.ts';
import { numeralOf } from './numerals.ts';
import {
  continuesName,
  isOfPlace,
  isPatronymic,
  isReceiver,
  isSurname,
  nominatives,
} from './person-russian.ts';
import {
  isAcquaintance,
  isBridge,
  isGiving,
  isGivingPast,
  isKinTitle,
  isParticle,
  isTitle,
  kinOf,
  stopWords,
} from './person-words.ts';
import type { Reading } from './reading.ts';

/** `isLed`: a word of kinship begins it, the name is the next one; `leads`: so many tokens of initials stand before it. */
type Candidate = { readonly strength: number; readonly isLed?: boolean; readonly leads?: number };

/** Names of people: known names in any case, unknown ones by capitals, spelling and what stands before them. */
export function findPersons(reading: Reading): PersonEntity[] {
  const { tokens } = reading;
  const found: PersonEntity[] = [];
  const isShouted = !/\p{Ll}/u.test(reading.text);
  const whole = { isShouted, contentWords: contentWords(reading), isAllUpper: allUpper(reading) };
  for (let at = 0; at < tokens.length; at++) {
    const first = candidateAt(reading, at, whole);
    if (!first) continue;
    if (first.strength < (reading.awaited === 'person' ? 1 : 2)) continue;
    let to = at + 1;
    if (isTitled(reading, at)) to += tokens[at + 1]?.norm === '.' ? 2 : 1;
    if (first.isLed) to++;
    if (first.leads) to += first.leads;
    for (let parts = 1; parts < 4; parts++) {
      const particles = particlesAt(reading, to);
      if (isGluedTo(reading, to)) to += 2;
      else if (particles > 0) to += particles + 1;
      else if (continues(reading, to, isShouted)) to++;
      else break;
    }
    // "Ivan P.", «Петровой О. И.»
    to = initialsEnd(reading, to);
    found.push({ kind: 'person', ...reading.span(at, to), value: { name: nameOf(reading, at, to) } });
    at = to - 1;
  }
  return found.length > 0 ? found : kinsfolk(reading);
}

/** Where no name was said: whom kinship names, in an answer to «кому?» or behind a word of giving. */
function kinsfolk(reading: Reading): PersonEntity[] {
  // «отправила брату»: a story, and no order.
  if (reading.awaited !== 'person' && reading.tokens.some(({ norm }) => isGivingPast(norm))) return [];
  for (let at = 0; at < reading.tokens.length; at++) {
    const name = kinOf(reading.tokens[at]?.norm ?? '');
    if (name && (reading.awaited === 'person' || isReceiving(reading, at))) {
      return [{ kind: 'person', ...reading.span(at, at + 1), value: { name: capital(name) } }];
    }
  }
  return [];
}

/** «переведи маме», "send 2k to my dad"; in English a bare "send mom" is as good, "help my mom" is not. */
const isReceiving = (reading: Reading, at: number): boolean =>
  !/^(for|для|want|need|let|клиент\p{L}*|друг\p{L}*)?$/u.test(givingBefore(reading, at) ?? '') &&
  !kinOf(reading.tokens[at - 1]?.norm ?? '') &&
  !isAcquaintance(reading.tokens[at]?.norm ?? '');

const rawOf = (reading: Reading, at: number): string => reading.span(at, at + 1).text;
const isAllCapitals = (word: string): boolean => word === word.toUpperCase() && word !== word.toLowerCase();
const isUpper = (reading: Reading, at: number): boolean => /^\p{Lu}/u.test(rawOf(reading, at));

/** What is the same for all words of a text; reckoned once. */
type Whole = { readonly isShouted: boolean; readonly contentWords: number; readonly isAllUpper: boolean };

function candidateAt(reading: Reading, at: number, whole: Whole): Candidate | undefined {
  const token = reading.tokens[at];
  if (token?.kind !== 'word' || isInCity(reading, at)) return undefined;
  const word = token.norm;
  const known = shippedNames().find(word);
  const isAcronym = !whole.isShouted && word.length > 1 && isAllCapitals(rawOf(reading, at));
  const upper = isUpper(reading, at) && !whole.isShouted;
  const before = reading.tokens[at - 1];
  const after = reading.tokens[at + 1];
  const isFirst = at === 0 || (before?.kind === 'sign' && '.!?\n'.includes(before.norm));
  const giving = givingBefore(reading, at);
  const isGiven = giving !== undefined;
  const possessed = after?.norm === "'" && reading.tokens[at + 2]?.norm === 's' && word.length > 1;
  const weak = isAlsoWord(word);
  if (isCyrillic(word) && isOfPlace(reading, at)) return undefined;
  const initials = upper && word.length === 1 ? initialsEnd(reading, at) - at : 0;
  if (initials > 0 && isSurnameOrUpper(reading, at + initials)) return { strength: 3, leads: initials };
  if (known && weak && before?.norm === 'to' && !nextIsVerbal(reading, at)) return { strength: 3 };
  // «жене Ирине» says whose wife, or rather which.
  if (known && kinOf(word) && isPlainlyName(after?.norm ?? '')) return undefined;
  if (known && !stopWords.has(word)) {
    const strength = weak && !upper && !isGiven ? 1 : 3;
    // «вера», «роза», "will", "may" in lower case are words first.
    return { strength: weak && !upper && reading.awaited !== 'person' && !isGiven ? 0 : strength };
  }
  // «СНИЛС», "BIC": between small letters no name is shouted, unless the answer is.
  if (isAcronym && !known && !whole.isAllUpper) return undefined;
  if (isTitled(reading, at)) return { strength: 3 };
  if (isKinTitle(word) && shippedNames().find(after?.norm ?? '')) return { strength: 3, isLed: true };
  if (particlesAt(reading, at) > 0 && (isGiven || reading.awaited === 'person')) return { strength: 2 };
  if (isGluedTo(reading, at + 1) && word.length === 1 && upper) return { strength: 2 };
  if (stopWords.has(word) || kinOf(word) || word.length < 2) return undefined;
  if (
    numeralOf(word) ||
    currencyOf(word) ||
    /^(checking|saving|накопит|сбер|расчетн|текущ|основн)/.test(word)
  ) {
    return undefined;
  }
  if (isOrganisation(word)) return undefined;
  if (reading.awaited !== 'person' && isCityAt(reading, at)) return undefined;
  const alien = !reading.isKnown(word);
  // A bare answer: nothing else in it could be the name.
  const isBare = whole.contentWords <= (alien || !isFirst || whole.isAllUpper ? 3 : 1);
  const isAnswer = reading.awaited === 'person' && (alien || upper) && isBare;
  if (isCyrillic(word)) {
    const strength = isAnswer ? 2 : unlistedRussian(reading, at, { upper, isFirst, alien, giving });
    return strength > 0 ? { strength } : undefined;
  }
  let strength = 0;
  if (upper && !isFirst) strength += 1;
  if (alien) strength += 1;
  if (isGiven) strength += 1;
  // "to chen wei": the word behind it is a name, or no word at all.
  if (isGiven && !alien && isNameBehind(reading, at)) strength += 1;
  if (possessed && (alien || upper)) strength += 1;
  if (upper && isFirst && alien) strength += 1;
  if (isAnswer) strength += 1;
  if (isVerbLike(word) && !upper) strength -= 1;
  const isNameLike = alien && upper && !isFirst;
  if (!isGiven && !isNameLike && reading.awaited !== 'person' && !possessed) strength -= 1;
  return strength > 0 ? { strength } : undefined;
}

/** How likely a Russian word that is no listed first name is a person's: 0, or from 2 on. */
function unlistedRussian(
  reading: Reading,
  at: number,
  {
    upper,
    isFirst,
    alien,
    giving,
  }: { upper: boolean; isFirst: boolean; alien: boolean; giving: string | undefined },
): number {
  const isCapital = upper && !isFirst;
  const next = reading.tokens[at + 1]?.norm ?? '';
  if (isPatronymic(reading, at)) return upper || giving !== undefined ? 3 : 0;
  if (isSurname(reading, at, isCapital)) {
    const isWithName = isPlainlyName(next) && continuesName(reading, at + 1, false);
    if (isWithName || initialsEnd(reading, at + 1) > at + 1 || isCapital) return 3;
  }
  if (alien && isCapital) return 2;
  return isReceiver(reading, at, giving) ? 2 : 0;
}

/** Where one or two initials that stand here end, exclusive: «О. И.», "P."; a capital, or two small letters with dots. */
function initialsEnd(reading: Reading, at: number): number {
  const isInitial = (i: number) =>
    reading.tokens[i]?.kind === 'word' &&
    reading.tokens[i]?.norm.length === 1 &&
    reading.tokens[i + 1]?.norm === '.' &&
    reading.tokens[i]?.end === reading.tokens[i + 1]?.start;
  if (!isInitial(at)) return at;
  const isTwo =
    isInitial(at + 2) && (reading.tokens[at + 2]?.start ?? 0) - (reading.tokens[at + 1]?.end ?? 0) <= 1;
  if (!isUpper(reading, at) && !isTwo) return at;
  return isTwo ? at + 4 : at + 2;
}

function isSurnameOrUpper(reading: Reading, at: number): boolean {
  const word = reading.tokens[at];
  if (word?.kind !== 'word' || word.norm.length < 3 || stopWords.has(word.norm)) return false;
  return isSurname(reading, at) || (isUpper(reading, at) && !isCityAt(reading, at));
}

/** "san francisco" is no Francisco. */
const isInCity = (reading: Reading, at: number): boolean =>
  (cityEnd(reading, at - 1) ?? 0) > at || (cityEnd(reading, at - 2) ?? 0) > at;

function isNameBehind(reading: Reading, at: number): boolean {
  const next = reading.tokens[at + 1];
  if (next?.kind !== 'word' || next.start !== (reading.tokens[at]?.end ?? 0) + 1) return false;
  return /^[a-z]/.test(next.norm) && isPlainlyName(next.norm) && !stopWords.has(next.norm);
}

const isVerbLike = (word: string): boolean =>
  /(ть|ться|ите|йте|ешь|ишь|ует|ает|ing|tion|ment)$/u.test(word) && word.length > 4;

/** "to", "send", «переведи» close before, with sums and small words allowed between. */
function givingBefore(reading: Reading, at: number): string | undefined {
  for (let back = 1; back <= 5; back++) {
    const token = reading.tokens[at - back];
    if (!token || (token.kind === 'sign' && '.!?;'.includes(token.norm))) return undefined;
    const isNaming =
      token.norm === 'is' &&
      /^(name|recipient|it|that|this)$/.test(reading.tokens[at - back - 1]?.norm ?? '');
    if (isNaming || isGiving(token.norm)) return token.norm;
    const isBetween =
      token.kind === 'digits' ||
      '$€₽£,:-'.includes(token.norm) ||
      numeralOf(token.norm) !== undefined ||
      isBridge(token.norm);
    if (!isBetween) return undefined;
  }
  return undefined;
}

function continues(reading: Reading, at: number, isShouted: boolean): boolean {
  const token = reading.tokens[at];
  const before = reading.tokens[at - 1];
  if (token?.kind !== 'word' || token.norm.length < 2 || stopWords.has(token.norm)) return false;
  if (numeralOf(token.norm) || currencyOf(token.norm)) return false;
  if (!before || token.start !== before.end + 1) return false;
  const upper = isUpper(reading, at) && !isShouted;
  if (isOrganisation(token.norm)) return false;
  const isLastOfAnswer = reading.awaited === 'person' && at === reading.tokens.length - 1;
  const isBothLower = !upper && !isUpper(reading, at - 1);
  if (isCyrillic(token.norm))
    return continuesName(reading, at, upper && isUpper(reading, at - 1)) || (isLastOfAnswer && isBothLower);
  if (upper && isUpper(reading, at - 1)) return true;
  if (!isBothLower) return false;
  // "chen wei", "john smith" in small letters: a first name, a surname, or a word that no dictionary knows.
  if (isPlainlyName(token.norm) || isLastOfAnswer) return true;
  if (isLatinSurname(token.norm) && shippedNames().find(before.norm)) return true;
  return !reading.isKnown(token.norm) && token.norm.length > 3;
}

/** "smith", "ivanov": behind a first name they are surnames, though they are words or known too. */
const isLatinSurname = (word: string): boolean =>
  shippedSurnames().has(word) || /^[a-z]{2,}([^aeiouy]ov|ev|ova|eva|enko|sky|skiy|skaya|chuk)$/.test(word);

const isVerbal = new Set(
  'be have do go get make send pay transfer see know like need want can not i you the it'.split(' '),
);
const nextIsVerbal = (reading: Reading, at: number): boolean =>
  isVerbal.has(reading.tokens[at + 1]?.norm ?? '');

/** "Mr. Jones", "Dr Brown": a title before a capital; «mrs patel» where a name is expected. */
function isTitled(reading: Reading, at: number): boolean {
  if (!isTitle(reading.tokens[at]?.norm ?? '')) return false;
  const next = reading.tokens[at + 1]?.norm === '.' ? at + 2 : at + 1;
  const name = reading.tokens[next];
  if (name?.kind !== 'word' || stopWords.has(name.norm)) return false;
  return isUpper(reading, next) || reading.awaited === 'person' || givingBefore(reading, at) !== undefined;
}

/** How many particles stand here before a capital: two in "van der Berg", none in "la la". */
function particlesAt(reading: Reading, at: number): number {
  let to = at;
  while (to - at < 3 && isParticle(reading.tokens[to]?.norm ?? '')) to++;
  return to > at && reading.tokens[to]?.kind === 'word' && isUpper(reading, to) ? to - at : 0;
}

/** "O'Brien", "Jean-Luc", «анне-марии»: a mark and a capital, or a second first name, with no blank before either. */
function isGluedTo(reading: Reading, at: number): boolean {
  const [before, mark, after] = [reading.tokens[at - 1], reading.tokens[at], reading.tokens[at + 1]];
  if (!before || !mark || !after || !"'’-".includes(mark.norm) || after.kind !== 'word') return false;
  if (before.end !== mark.start || mark.end !== after.start) return false;
  return isUpper(reading, at + 1) || (isPlainlyName(before.norm) && isPlainlyName(after.norm));
}

const allUpper = (reading: Reading): boolean =>
  reading.tokens.every(
    (token, at) => token.kind !== 'word' || stopWords.has(token.norm) || /^\p{Lu}/u.test(rawOf(reading, at)),
  );

const contentWords = (reading: Reading): number =>
  reading.tokens.reduce((n, token) => n + (token.kind === 'word' && !stopWords.has(token.norm) ? 1 : 0), 0);

/** The name as to be shown: capitals, Russian words in the nominative. */
function nameOf(reading: Reading, from: number, to: number): string {
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
