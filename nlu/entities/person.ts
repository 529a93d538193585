import type { PersonEntity } from '../types.ts';
import { cityEnd, isCityAt } from './city.ts';
import { currencyOf } from './money.ts';
import {
  type Gender,
  guessFirstName,
  isAlsoWord,
  isPlainlyName,
  type KnownName,
  nominative,
  shippedNames,
  shippedSurnames,
} from './names.ts';
import { numeralOf } from './numerals.ts';
import {
  isAcquaintance,
  isBridge,
  isGiving,
  isKinTitle,
  isParticle,
  isTitle,
  kinOf,
  stopWords,
} from './person-words.ts';
import type { Reading } from './reading.ts';

/** `isLed`: a word of kinship begins it, the name is the next one. */
type Candidate = { readonly strength: number; readonly isLed?: boolean };

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
    for (let parts = 1; parts < 4; parts++) {
      const particles = particlesAt(reading, to);
      if (isGluedTo(reading, to)) to += 2;
      else if (particles > 0) to += particles + 1;
      else if (continues(reading, to, isShouted)) to++;
      else break;
    }
    // "Ivan P." and «Маша П.»
    const initial = tokens[to];
    if (
      initial?.kind === 'word' &&
      initial.norm.length === 1 &&
      tokens[to + 1]?.norm === '.' &&
      isUpper(reading, to)
    )
      to += 2;
    found.push({ kind: 'person', ...reading.span(at, to), value: { name: nameOf(reading, at, to) } });
    at = to - 1;
  }
  return found.length > 0 ? found : kinsfolk(reading);
}

/** Where no name was said: whom kinship names, in an answer to «кому?» or behind a word of giving. */
function kinsfolk(reading: Reading): PersonEntity[] {
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
  const isGiven = givenBefore(reading, at);
  const possessed = after?.norm === "'" && reading.tokens[at + 2]?.norm === 's' && word.length > 1;
  const weak = isAlsoWord(word);
  if (known && weak && before?.norm === 'to' && !nextIsVerbal(reading, at)) return { strength: 3 };
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
  if (reading.awaited !== 'person' && isCityAt(reading, at)) return undefined;
  const alien = !reading.isKnown(word);
  let strength = 0;
  if (upper && !isFirst) strength += 1;
  if (alien) strength += 1;
  if (isGiven) strength += 1;
  // "to chen wei": the word behind it is a name, or no word at all.
  if (isGiven && !alien && isNameBehind(reading, at)) strength += 1;
  if (possessed && (alien || upper)) strength += 1;
  if (upper && isFirst && alien) strength += 1;
  // A bare answer: nothing else in it could be the name.
  const isBare = whole.contentWords <= (alien || !isFirst || whole.isAllUpper ? 3 : 1);
  if (upper && surname.test(word) && shippedNames().find(after?.norm ?? '')) strength += 2;
  if (reading.awaited === 'person' && (alien || upper) && isBare) strength += 1;
  if ((isVerbLike(word) || isAdjectiveLike(word)) && !upper) strength -= 1;
  const isNameLike = alien && upper && !isFirst;
  if (!isGiven && !isNameLike && reading.awaited !== 'person' && !possessed) strength -= 1;
  return strength > 0 ? { strength } : undefined;
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

/** «жалобную», «новые»: the endings of adjectives, but for those of surnames («Чайковскую»). */
const isAdjectiveLike = (word: string): boolean =>
  /(?<![цс]к)(ую|юю|ые|ие|ых|их)$/u.test(word) && word.length > 4;

const givenBefore = (reading: Reading, at: number): boolean => givingBefore(reading, at) !== undefined;

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
  if (upper && isUpper(reading, at - 1)) return true;
  if (/(вич|вичу|вича|вна|вне|вну|вны)$/.test(token.norm)) return true;
  // "chen wei"; in Russian two first names side by side are two people.
  if (/^[a-z]/.test(token.norm) && !upper && !isUpper(reading, at - 1) && isPlainlyName(token.norm))
    return true;
  // «маше ивановой», "john smith" in lower case: a surname's look, or a word that no dictionary knows.
  if (reading.awaited === 'person' && at === reading.tokens.length - 1 && !upper && !isUpper(reading, at - 1))
    return true;
  if (isSurname(token.norm) && shippedNames().find(before.norm) && !upper && !isUpper(reading, at - 1))
    return true;
  if (surname.test(token.norm)) {
    return !isUpper(reading, at - 1) || upper;
  }
  return !reading.isKnown(token.norm) && !upper && !isUpper(reading, at - 1) && token.norm.length > 3;
}

const surname = /(ов|ев|ин|ова|ева|ина|ову|еву|ину|овой|евой|иной|ский|ская|скому|ской|енко)$/;
/** "smith", "ivanov": behind a first name they are surnames, though they are words or known too. */
const isSurname = (word: string): boolean =>
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
  return isUpper(reading, next) || reading.awaited === 'person' || givenBefore(reading, at);
}

/** How many particles stand here before a capital: two in "van der Berg", none in "la la". */
function particlesAt(reading: Reading, at: number): number {
  let to = at;
  while (to - at < 3 && isParticle(reading.tokens[to]?.norm ?? '')) to++;
  return to > at && reading.tokens[to]?.kind === 'word' && isUpper(reading, to) ? to - at : 0;
}

/** "O'Brien", "Jean-Luc": a mark and a capital, with no blank before either. */
function isGluedTo(reading: Reading, at: number): boolean {
  const [before, mark, after] = [reading.tokens[at - 1], reading.tokens[at], reading.tokens[at + 1]];
  if (!before || !mark || !after || !"'’-".includes(mark.norm)) return false;
  return (
    before.end === mark.start && mark.end === after.start && after.kind === 'word' && isUpper(reading, at + 1)
  );
}

const allUpper = (reading: Reading): boolean =>
  reading.tokens.every(
    (token, at) => token.kind !== 'word' || stopWords.has(token.norm) || /^\p{Lu}/u.test(rawOf(reading, at)),
  );

const contentWords = (reading: Reading): number =>
  reading.tokens.reduce((n, token) => n + (token.kind === 'word' && !stopWords.has(token.norm) ? 1 : 0), 0);

/** Whose name it is, where a first name or a patronymic among several words tells. */
function genderOf(reading: Reading, from: number, to: number): Gender | undefined {
  for (let at = from; at < to && to - from > 1; at++) {
    const word = reading.tokens[at]?.norm ?? '';
    if (/вич(а|у|ем|е)?$/.test(word)) return 'm';
    if (/вн(а|ы|е|у|ой)$/.test(word)) return 'f';
  }
  return undefined;
}

/** The name as to be shown: capitals, known first names and usual endings in the nominative. */
function nameOf(reading: Reading, from: number, to: number): string {
  let name = '';
  let gender = genderOf(reading, from, to);
  for (let at = from; at < to; at++) {
    const token = reading.tokens[at];
    if (!token) break;
    const raw = rawOf(reading, at);
    if (at > from && token.start > (reading.tokens[at - 1]?.end ?? 0)) name += ' ';
    const kin = isKinTitle(token.norm) ? kinOf(token.norm) : undefined;
    const known: KnownName | undefined = kin ? { name: capital(kin) } : shippedNames().find(token.norm);
    if (known) gender ??= known.gender;
    const isRussian = /^\p{Script=Cyrillic}/u.test(token.norm);
    if (token.kind === 'sign') name += raw;
    else if (known && isRussian) name += known.name;
    else if (isRussian && raw === raw.toLowerCase() && name === '')
      name += capital(guessFirstName(token.norm, gender));
    else if (isRussian) name += capital(name ? nominative(raw, gender) : guessFirstName(raw, gender));
    else name += isParticle(token.norm) && to - from > 1 ? raw : capital(raw);
  }
  return name;
}

/** First letter up; the rest as written unless all of it is shouted. */
function capital(word: string): string {
  const rest = word.length > 2 && word === word.toUpperCase() ? word.slice(1).toLowerCase() : word.slice(1);
  return word.slice(0, 1).toUpperCase() + rest;
}
