/** Where a whole number of a payment card stands in a text; `end` exclusive, in UTF-16 units. */
export interface CardNumber {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

/**
 * How sure it is a card. `sure`: written as cards are printed, of a card system, of that system's length, 15 digits or
 * more; `possible`: any 13 to 19 digits that pass the check and are grouped as people type cards.
 */
export type CardSureness = 'sure' | 'possible';

/**
 * The whole card numbers of a text, in its order. All that are `sure` are `possible` too. A run ends with its line, and
 * invisible characters within it are passed over; sums, dates and codes beside a number do not join it. Pure; linear in
 * the length of the text.
 */
export function findCardNumbers(text: string, sureness: CardSureness): CardNumber[] {
  const found: CardNumber[] = [];
  for (const run of text.matchAll(DIGIT_RUN)) {
    if (run[0].length < leastDigits) continue;
    const isPhone = text[run.index - 1] === '+';
    const groups = groupsOf(run[0], run.index).slice(isPhone ? 1 : 0);
    found.push(...cardsIn(groups, sureness === 'sure' ? isSure : isPossible));
  }
  return found;
}

const leastDigits = 13;

const INVISIBLE = '\\p{Cf}{0,4}';
const DIGITS = `\\d(?:${INVISIBLE}\\d)*`;
const BETWEEN = `${INVISIBLE}(?:[\\p{Zs}\\t\\p{Pd}\\u2212.\\u00b7]${INVISIBLE}){1,3}`;
const DIGIT_RUN = new RegExp(`${DIGITS}(?:${BETWEEN}${DIGITS})*`, 'gu');
const DIGIT_GROUP = new RegExp(DIGITS, 'gu');

/** How the digits are printed on cards. */
const PRINTED = new Set(['4-4-4-4', '4-4-4-4-1', '4-4-4-4-2', '4-4-4-4-3', '4-6-5', '8-10', '6-13']);

/** How they are typed from them. */
const TYPED = new Set([
  ...PRINTED,
  '4-4-4-1',
  '4-4-4-2',
  '4-4-4-3',
  '4-6-4',
  '4-4-8',
  '4-8-4',
  '8-4-4',
  '8-8',
  '4-12',
  '12-4',
  '6-10',
]);

interface DigitGroup extends CardNumber {
  /** What parts it from the group before; '' where it is the first. */
  readonly apart: '' | ' ' | '-' | '.';
}

function groupsOf(run: string, at: number): DigitGroup[] {
  let from = 0;
  return [...run.matchAll(DIGIT_GROUP)].map(({ 0: written, index }) => {
    const between = run.slice(from, index);
    from = index + written.length;
    return {
      digits: written.replaceAll(/\D/g, ''),
      start: at + index,
      end: at + from,
      apart: separatorOf(between),
    };
  });
}

function separatorOf(between: string): DigitGroup['apart'] {
  if (between === '') return '';
  if (/[\p{Pd}\u2212]/u.test(between)) return '-';
  return /[.\u00b7]/.test(between) ? '.' : ' ';
}

type IsCard = (groups: readonly DigitGroup[], digits: string) => boolean;

/** The cards among neighbouring groups, leftmost first and the longest that begins there. */
function cardsIn(groups: readonly DigitGroup[], isCard: IsCard): CardNumber[] {
  const cards: CardNumber[] = [];
  for (let first = 0; first < groups.length; first++) {
    // No grouping begins with fewer.
    if ((groups[first]?.digits.length ?? 0) < 4) continue;
    for (let last = Math.min(first + 4, groups.length - 1); last >= first; last--) {
      const some = groups.slice(first, last + 1);
      const card = joined(some);
      if (!card || !isCard(some, card.digits)) continue;
      cards.push(card);
      first = last;
      break;
    }
  }
  return cards;
}

function joined(groups: readonly DigitGroup[]): CardNumber | undefined {
  const [first] = groups;
  const last = groups.at(-1);
  if (!first || !last) return undefined;
  return { digits: groups.map(({ digits }) => digits).join(''), start: first.start, end: last.end };
}

function isPossible(groups: readonly DigitGroup[], digits: string): boolean {
  if (digits.length < leastDigits || digits.length > 19 || !passesLuhn(digits)) return false;
  if (groups.length > 1 && !TYPED.has(shapeOf(groups))) return false;
  // Payment cards begin with 2 to 6 (ISO/IEC 7812-1); sixteen digits that pass are taken for a card in any case.
  return digits.length === 16 || /^[2-6]/.test(digits);
}

function isSure(groups: readonly DigitGroup[], digits: string): boolean {
  const isEven = groups.slice(2).every(({ apart }) => apart === groups[1]?.apart);
  // Four round sums stand in such groups too: «4000 5000 6000 7000».
  const isRound = groups.every((group) => group.digits.endsWith('00'));
  const isPrinted = groups.length === 1 || (isEven && !isRound && PRINTED.has(shapeOf(groups)));
  return isPrinted && SYSTEM.test(digits) && passesLuhn(digits);
}

const shapeOf = (groups: readonly DigitGroup[]): string =>
  groups.map(({ digits }) => digits.length).join('-');

/** The first digits of card systems, each with the lengths that it issues (ISO/IEC 7812-1 and the systems' own rules). */
const SYSTEM = new RegExp(
  `^(?:${[
    // Mir
    '220[0-4]\\d{12,15}',
    // Mastercard
    '(?:5[1-5]\\d\\d|222[1-9]|22[3-9]\\d|2[3-6]\\d\\d|27[01]\\d|2720)\\d{12}',
    // Visa
    '4(?:\\d{15}|\\d{18})',
    // American Express
    '3[47]\\d{13}',
    // JCB
    '35(?:2[89]|[3-8]\\d)\\d{12}',
    // Maestro, UnionPay, Discover, RuPay
    '(?:5[06-8]|6[02-9])\\d{14,17}',
  ].join('|')})$`,
);

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits.at(-1 - place));
    const weighed = place % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
