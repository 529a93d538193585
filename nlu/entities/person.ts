import { isCyrillic } from '../text.ts';
import type { PersonEntity } from '../types.ts';
import { cityEnd, isCityAt } from './city.ts';
import { currencyOf } from './money-words.ts';
import { isAlsoWord, isNobody, isPlainlyName, shippedNames } from './names.ts';
import { numeralOf } from './numerals.ts';
import { isLatinSurname, nextIsVerbal, unlistedEnglish } from './person-english.ts';
import { givingBefore, kinsfolk } from './person-giving.ts';
import { nameOf } from './person-name.ts';
import { continuesName, isOfPlace, isPatronymic, isReceiver, isSurname } from './person-russian.ts';
import { isKinTitle, isParticle, isTitle, kinOf, stopWords } from './person-words.ts';
import type { Reading } from './reading.ts';

/** `isLed`: a word of kinship begins it, the name is the next one; `leads`: so many tokens of initials stand before it. */
type Candidate = { readonly strength: number; readonly isLed?: boolean; readonly leads?: number };

/** Names of people: known names in any case, unknown ones by capitals, spelling and what stands before them. */
export function findPersons(reading: Reading): PersonEntity[] {
  const { tokens } = reading;
  const found: PersonEntity[] = [];
  const isAllShouted = !/\p{Ll}/u.test(reading.text);
  const whole = {
    isShouted: isAllShouted,
    contentWords: contentWords(reading),
    isAllUpper: allUpper(reading),
  };
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
      // "Mary-Ann O'Neil"
      else if (reading.tokens[to]?.norm === 'o' && isGluedTo(reading, to + 1)) to += 3;
      else if (particles > 0) to += particles + 1;
      else if (continues(reading, to, isAllShouted)) to++;
      else break;
    }
    // "Ivan P.", «Петровой О. И.»
    to = initialsEnd(reading, to);
    found.push({ kind: 'person', ...reading.span(at, to), value: { name: nameOf(reading, at, to) } });
    at = to - 1;
  }
  return found.length > 0 ? found : kinsfolk(reading);
}

const isShouted = (word: string): boolean => word === word.toUpperCase() && word !== word.toLowerCase();
const isUpper = (reading: Reading, at: number): boolean => /^\p{Lu}/u.test(reading.span(at, at + 1).text);

/** What is the same for all words of a text; reckoned once. */
type Whole = { readonly isShouted: boolean; readonly contentWords: number; readonly isAllUpper: boolean };

function candidateAt(reading: Reading, at: number, whole: Whole): Candidate | undefined {
  const token = reading.tokens[at];
  if (token?.kind !== 'word' || isInCity(reading, at)) return undefined;
  const word = token.norm;
  const known = shippedNames().find(word);
  const isAcronym = !whole.isShouted && word.length > 1 && isShouted(reading.span(at, at + 1).text);
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
  // "in Austin"; "san antonio", wherever it is.
  if (known && ((reading.awaited !== 'person' && isCityAt(reading, at)) || isSaint(before?.norm ?? '')))
    return undefined;
  // «жене Ирине» says whose wife, or rather which.
  if (known && kinOf(word) && isPlainlyName(after?.norm ?? '')) return undefined;
  if (known && !stopWords.has(word)) {
    const strength = weak && !upper && !isGiven ? 1 : 3;
    // «вера», «роза», "will", "may" in lower case are words first.
    return { strength: weak && !upper && reading.awaited !== 'person' && !isGiven ? 0 : strength };
  }
  // «СНИЛС», "BIC": between small letters no name is shouted, unless the answer is.
  if (isAcronym && !known && !(whole.isAllUpper && reading.awaited === 'person')) return undefined;
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
  if (isNobody(word)) return undefined;
  if (reading.awaited !== 'person' && isCityAt(reading, at)) return undefined;
  const alien = !reading.isKnown(word);
  // A bare answer: nothing else in it could be the name.
  const isBare = whole.contentWords <= (alien || !isFirst || whole.isAllUpper ? 3 : 1);
  const isAnswer = reading.awaited === 'person' && (alien || upper) && isBare;
  if (isCyrillic(word)) {
    const strength = isAnswer ? 2 : unlistedRussian(reading, at, { upper, isFirst, alien, giving });
    return strength > 0 ? { strength } : undefined;
  }
  const strength = unlistedEnglish(reading, at, { upper, isFirst, alien, giving, possessed, isAnswer });
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

const isSaint = (word: string): boolean => /^(san|santa|saint|st|fort|los|las|санкт)$/.test(word);

/** "san francisco" is no Francisco. */
const isInCity = (reading: Reading, at: number): boolean =>
  (cityEnd(reading, at - 1) ?? 0) > at || (cityEnd(reading, at - 2) ?? 0) > at;

function continues(reading: Reading, at: number, isAllShouted: boolean): boolean {
  const token = reading.tokens[at];
  const before = reading.tokens[at - 1];
  if (token?.kind !== 'word' || token.norm.length < 2 || stopWords.has(token.norm)) return false;
  if (numeralOf(token.norm) || currencyOf(token.norm)) return false;
  if (!before || token.start !== before.end + 1) return false;
  const upper = isUpper(reading, at) && !isAllShouted;
  if (isNobody(token.norm)) return false;
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
    (token, at) => token.kind !== 'word' || stopWords.has(token.norm) || isUpper(reading, at),
  );

const contentWords = (reading: Reading): number =>
  reading.tokens.reduce((n, token) => n + (token.kind === 'word' && !stopWords.has(token.norm) ? 1 : 0), 0);
