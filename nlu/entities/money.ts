import type { Token } from '../text.ts';
import type { Currency, MoneyEntity } from '../types.ts';
import { isPartOfLongNumber } from './digit-runs.ts';
import { isNear } from './fuzzy.ts';
import { currencies, kopecks, minor, nationalities, otherNames, otherUnits } from './money-words.ts';
import { findNumbers, isPartOfName, type NumberSpan } from './numbers.ts';
import { isOfPlace } from './person-russian.ts';
import type { Reading } from './reading.ts';

/** Names of currencies in which a slip of one letter leaves no doubt. */
const longNames = [...currencies].filter(([name]) => name.length > 5);

/** A currency by its name with a slip in a letter that is not its first: «рублеи», "dollers"; "collar" is none. */
const currencyNear = (word: string): Currency | undefined =>
  word.length > 4 ? longNames.find(([name]) => name[0] === word[0] && isNear(name, word))?.[1] : undefined;

/** "perevedi 50 usd": a currency stays in Latin letters where Russian is written in them. */
const currencyAsWritten = ({ text }: Reading, { start, end }: Token): Currency | undefined =>
  currencies.get(text.slice(start, end).toLowerCase());

/** Sums with their currency, and bare numbers that may be a sum. */
export function findMoney(reading: Reading): MoneyEntity[] {
  const { tokens } = reading;
  const found: MoneyEntity[] = [];
  const said = findNumbers(tokens);
  const numbers = reading.awaited === 'money' ? withThousands(said) : said;
  // Behind which token the last sum ends: its currency is not the next one's.
  let taken = 0;
  for (let n = 0; n < numbers.length; n++) {
    const number = numbers[n];
    if (!number) continue;
    const before = tokens[number.from - 1];
    const after = currencyAfter(reading, number.to);
    let from = number.from;
    let to = number.to;
    let value = number.value * (isBareOneAndHalf(reading, number, after !== undefined) ? 1000 : 1);
    let currency = after?.currency;
    if (after) to = after.to;
    else if (
      before &&
      number.from > taken &&
      currencies.has(before.norm) &&
      !/^(р|buck|pound|dollar|quid)$/.test(before.norm)
    ) {
      currency = currencies.get(before.norm);
      from--;
    }
    const cents = numbers[n + 1];
    const isMinor = cents && minor.has(tokens[cents.to]?.norm ?? '') && cents.value < 100;
    if (currency && isMinor && cents.from - to <= 1) {
      value += cents.value / 100;
      to = behindShort(tokens, cents.to);
      n++;
    } else if (!currency && (minor.has(tokens[to]?.norm ?? '') || isPence(reading, to))) {
      value /= 100;
      if (kopecks.has(tokens[to]?.norm ?? '')) currency = 'RUB';
      else if (/^p(ence|enny)?$/.test(tokens[to]?.norm ?? '')) currency = 'GBP';
      // As an answer, cents are of the currency that was asked for.
      else if (/^cents?$/.test(tokens[to]?.norm ?? '') && reading.awaited !== 'money') currency = 'USD';
      to = behindShort(tokens, to);
    } else if (!currency && !(mayBeSum(reading, number) && isSaidOfMoney(reading, number))) continue;
    if (value <= 0 || value >= 1e15) continue;
    // "-500" and "500-" are typing, not debts: the sign is left out of the value.
    const span = reading.span(from, to);
    taken = to;
    found.push({
      kind: 'money',
      ...span,
      value: currency ? { amount: value.toFixed(2), currency } : { amount: value.toFixed(2) },
    });
  }
  const one = found.length === 0 && reading.awaited === 'money' ? oneUnit(reading) : undefined;
  return one ? [one] : found;
}

/** Slang that counts things as well: «10 штук в день», «сотка земли». */
const loose = /^(штук[аиу]?|сотк[аиу]|соток)$/;
/** Scales that stand alone: «тысячи людей», "a million questions". */
const scales = /^(тысяч[аиу]?|миллион(а|ов)?|сотн[яиюи]|сотен|thousands?|millions?|hundreds?)$/;
const ofMoney =
  /^(дай|дайте|кин\p{L}+|скин\p{L}+|закин\p{L}+|перев\p{L}+|перек\p{L}+|подкин\p{L}+|отправ\p{L}+|верн\p{L}+|снял\p{L}*|снять|сним\p{L}+|списал\p{L}*|занял\p{L}*|долж\p{L}+|долг\p{L}*|стоит|стоил\p{L}*|потрат\p{L}+|заплат\p{L}+|зарплат\p{L}+|получаю|взя\p{L}+|полож\p{L}+|внес\p{L}*|кредит\p{L}*|вклад\p{L}*|пополн\p{L}+|положил\p{L}*|ушл[оаи]|пришл[оаи]|минус|плюс|лимит\p{L}*|комисси\p{L}|цена|сумм\p{L}|send|sent|pay|paid|transfer|transferred|owe|owes|spent|cost|costs|charged|took|borrow|borrowed|deposit|deposited|withdraw|wire|give|loan|got|need|limit|move|invest|save|saved)$/u;

/** Whether what is loose slang, or a scale alone with a noun behind it, is said of money here. */
function isSaidOfMoney(reading: Reading, { from, to, plain }: NumberSpan): boolean {
  const { tokens } = reading;
  if (plain || reading.awaited === 'money') return true;
  const last = tokens[to - 1]?.norm ?? '';
  const isScaleOfThings =
    scales.test(last) &&
    to - from <= 2 &&
    isThing(reading, to) &&
    !ofMoney.test(tokens[from - 1]?.norm ?? '');
  if (isScaleOfThings) return false;
  if (last === 'grand' && tokens[from]?.norm === 'a') return !isNoun(tokens[to]);
  if (!loose.test(last)) return true;
  for (let at = from - 4; at < to + 3; at++)
    if ((at < from || at >= to) && ofMoney.test(tokens[at]?.norm ?? '')) return true;
  return false;
}

/** "50p" */
const isPence = ({ tokens, language }: Reading, at: number): boolean =>
  language === 'en' &&
  tokens[at]?.norm === 'p' &&
  tokens[at]?.start === tokens[at - 1]?.end &&
  tokens[at - 1]?.kind === 'digits';

/** "a grand idea"; "a grand to Ann" is a sum. */
const isNoun = (token: Token | undefined): boolean =>
  token?.kind === 'word' &&
  !/^(a|to|for|from|on|in|and|or|off|back|more|per|each|please|into|at)$/.test(token.norm);

/** A noun in the plural behind a scale: «людей», "questions". */
const isThing = ({ tokens }: Reading, at: number): boolean =>
  tokens[at]?.kind === 'word' &&
  /^[а-я]{3,}(ов|ев|ей|ий|ек|нт|ых|их)$|^[a-z]{3,}s$/.test(tokens[at]?.norm ?? '') &&
  tokens[at]?.norm !== 'рублей';

/** «две четыреста», "two five hundred" as an answer: the thousands, without the word for them, and the hundreds. */
function withThousands(numbers: readonly NumberSpan[]): NumberSpan[] {
  const joined: NumberSpan[] = [];
  for (const number of numbers) {
    const before = joined.at(-1);
    const isThousands = before?.to === number.from && isWhole(before, 1, 99) && isWhole(number, 100, 999);
    if (before && isThousands)
      joined.splice(-1, 1, { ...before, value: before.value * 1000 + number.value, to: number.to });
    else joined.push(number);
  }
  return joined;
}

const isWhole = ({ value, plain }: NumberSpan, least: number, most: number): boolean =>
  !plain && value % 1 === 0 && value >= least && value <= most;

/** «полторы» said of money means thousands: one and a half roubles would be «полтора». */
const isBareOneAndHalf = (reading: Reading, number: NumberSpan, hasCurrency: boolean): boolean =>
  !hasCurrency && number.to - number.from === 1 && reading.tokens[number.from]?.norm === 'полторы';

/** "a dollar" as an answer. */
function oneUnit(reading: Reading): MoneyEntity | undefined {
  const at = reading.tokens.findIndex(({ norm }) => norm === 'a' || norm === 'an' || norm === 'one');
  const currency = at < 0 ? undefined : currencies.get(reading.tokens[at + 1]?.norm ?? '');
  return currency && { kind: 'money', ...reading.span(at, at + 2), value: { amount: '1.00', currency } };
}

/** «руб.», "US dollars", «тысяч рублей» are behind the number; «р» only where it ends the word. */
function currencyAfter(reading: Reading, behind: number): { currency: Currency; to: number } | undefined {
  const { tokens } = reading;
  // «12 тыс. руб.», «250 т.р.»
  const isShortThousand =
    /^(тыс|тысч|т|млн)$/.test(tokens[behind - 1]?.norm ?? '') && tokens[behind]?.norm === '.';
  const at = isShortThousand ? behind + 1 : behind;
  const token = tokens[at];
  if (/^(тыр|тр)$/.test(tokens[behind - 1]?.norm ?? '')) {
    // «17 тыр рублей»: said twice.
    const isSaidTwice = token && currencies.get(token.norm) === 'RUB';
    return { currency: 'RUB', to: isSaidTwice ? behindShort(tokens, behind) : behind };
  }
  if (!token) return undefined;
  const isAdjective = nationalities.has(token.norm);
  const word = isAdjective ? tokens[at + 1] : token;
  const currency =
    word && (currencies.get(word.norm) ?? currencyAsWritten(reading, word) ?? currencyNear(word.norm));
  if (!currency) return undefined;
  const to = behindShort(tokens, at + (isAdjective ? 1 : 0));
  return { currency, to: /^(сша|стерлингов|sterling)$/.test(tokens[to]?.norm ?? '') ? to + 1 : to };
}

/** Behind a word, and behind the dot that shortens it: «руб.». */
function behindShort(tokens: Reading['tokens'], at: number): number {
  const word = tokens[at];
  const dot = tokens[at + 1];
  const isShort = ['руб', 'р', 'долл', 'коп'].includes(word?.norm ?? '');
  return isShort && dot?.norm === '.' && dot.start === word?.end ? at + 2 : at + 1;
}

/** «код из смс 482913», "the code is 482913". */
function hasCodeBefore(reading: Reading, at: number): boolean {
  for (let back = 2; back <= 4; back++)
    if (/^(код|code|pin|пин)$/.test(reading.tokens[at - back]?.norm ?? '')) return true;
  return false;
}

/** "I'm 38, can I apply?", «мне 65, пенсионерка». */
function isAge(tokens: Reading['tokens'], { from, to, value }: NumberSpan): boolean {
  const isClause = (at: number) => !tokens[at] || tokens[at].kind === 'sign';
  if (tokens[from - 1]?.norm === 'мне' && isClause(from - 2) && isClause(to))
    return value >= 14 && value <= 110;
  if (tokens[from - 1]?.norm === 'im') return true;
  const isShort = tokens[from - 1]?.norm === 'm' && tokens[from - 2]?.norm === "'";
  return isShort || (tokens[from - 1]?.norm === 'am' && tokens[from - 2]?.norm === 'i');
}

/** «5й», «20-е», "3rd": which one, and not how much. */
function isOrdinal(tokens: Reading['tokens'], { from, to }: NumberSpan): boolean {
  if (to !== from + 1 || tokens[from]?.kind !== 'digits') return false;
  const isGlued = (at: number) => tokens[at]?.start === tokens[at - 1]?.end;
  const at = tokens[to]?.norm === '-' && isGlued(to) ? to + 1 : to;
  return isGlued(at) && /^(й|я|е|ый|ой|ая|ое|ом|ую|го|ого|му|st|nd|rd|th)$/.test(tokens[at]?.norm ?? '');
}

function mayBeSum(reading: Reading, number: NumberSpan): boolean {
  const { tokens } = reading;
  const before = tokens[number.from - 1];
  const after = tokens[number.to];
  if (number.digits.length > 9 || (number.digits.length > 1 && number.digits.startsWith('0'))) return false;
  if ((after && otherUnits.has(after.norm)) || isOrdinal(tokens, number)) return false;
  // "fifty paper forms"
  const isOfThings =
    number.value <= 100 && after?.kind === 'word' && otherUnits.has(tokens[number.to + 1]?.norm ?? '');
  if (
    isOfThings &&
    !/^(for|in|on|this|last|next|per|every|each|a|an|the|на|за|в|во|через|каждый|этот|раз)$/.test(after.norm)
  )
    return false;
  if (number.plain && isPartOfLongNumber(tokens, number.from, number.to)) return false;
  if (reading.awaited !== 'money') {
    if (before && otherNames.has(before.norm)) return false;
    // «на Ленина 15»
    if (
      before?.kind === 'word' &&
      number.value < 300 &&
      number.plain &&
      isOfPlace(reading, number.from - 1) &&
      /^\p{Lu}/u.test(reading.span(number.from - 1, number.from).text)
    )
      return false;
    if (isAge(tokens, number)) return false;
    if (/^(смс|sms|is)$/.test(before?.norm ?? '') && hasCodeBefore(reading, number.from)) return false;
    if (
      before &&
      ['*', '#', '№', '+', '/', ':', '@', '_'].includes(before.norm) &&
      before.end === tokens[number.from]?.start
    ) {
      return false;
    }
    if (before?.kind === 'word' && before.end === tokens[number.from]?.start) return false;
    if (isPartOfName(tokens, number.from, number.to)) return false;
    if (before && '-.'.includes(before.norm) && tokens[number.from - 2]?.kind === 'digits') return false;
    // "one" and «один» are seldom a sum: "the savings one", «ещё один».
    if (!number.plain && number.value < 10 && number.to - number.from === 1) return false;
  }
  return true;
}
