/**
 * A text without what must never be stored: numbers of payment cards become `•••• 1234`, and the codes beside the
 * words CVV, CVC and PIN become `•••`, in Russian and English. Pure. Sums, phone numbers, account numbers and lone
 * codes stay, since dialogues need them.
 */
export function redact(text: string): string {
  // Whatever is cut has digits.
  if (!/\d/.test(text)) return text;
  return redactCodes(redactCards(text));
}

const CODE_MASK = '•••';

// Digits, in groups with spaces or hyphens of any kind between them; a line break ends the run.
const DIGIT_RUN = /\d+(?:[ \t\u00a0\u202f\u2009‐‑‒–-]{1,3}\d+)*/g;

/** How the digits of 13 to 19 are written in groups on cards, and typed from them. */
const GROUPINGS = new Set([
  '4-4-4-4',
  '4-4-4-4-1',
  '4-4-4-4-2',
  '4-4-4-4-3',
  '4-4-4-1',
  '4-4-4-2',
  '4-4-4-3',
  '4-6-4',
  '4-6-5',
  '4-4-8',
  '4-8-4',
  '8-4-4',
  '8-8',
  '8-10',
  '4-12',
  '12-4',
  '6-10',
  '6-13',
]);

interface DigitGroup {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

function redactCards(text: string): string {
  let clean = '';
  let from = 0;
  for (const run of text.matchAll(DIGIT_RUN)) {
    const isPhone = text[run.index - 1] === '+';
    for (const card of cardsIn(groupsOf(run[0], run.index).slice(isPhone ? 1 : 0))) {
      clean += `${text.slice(from, card.start)}•••• ${card.digits.slice(-4)}`;
      from = card.end;
    }
  }
  // The expiry date after a card is followed by its code: 4111 1111 1111 1111 12/28 123.
  return (clean + text.slice(from)).replace(
    /(•{4} \d{4}[\s,;]+\d{2}\s?[/.-]\s?(?:\d{4}|\d{2})[\s,;]+)\d{3,4}(?!\d)/g,
    `$1${CODE_MASK}`,
  );
}

function groupsOf(run: string, at: number): DigitGroup[] {
  return [...run.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({
    digits,
    start: at + index,
    end: at + index + digits.length,
  }));
}

/** The cards among neighbouring groups, leftmost first and the longest that begins there. */
function cardsIn(groups: readonly DigitGroup[]): DigitGroup[] {
  const cards: DigitGroup[] = [];
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

function joined(groups: readonly DigitGroup[]): DigitGroup | undefined {
  const [first] = groups;
  const last = groups.at(-1);
  if (!first || !last) return undefined;
  return { digits: groups.map(({ digits }) => digits).join(''), start: first.start, end: last.end };
}

function isCard(groups: readonly DigitGroup[], digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !passesLuhn(digits)) return false;
  if (groups.length > 1 && !GROUPINGS.has(groups.map((group) => group.digits.length).join('-'))) return false;
  // Payment cards begin with 2 to 6 (ISO/IEC 7812-1); sixteen digits that pass are taken for a card in any case.
  return digits.length === 16 || /^[2-6]/.test(digits);
}

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

const CARD_CODE = 'cvv2?|cvc2?|цвв|цвц|код\\p{L}{0,2} безопасности|security code';
const PIN_CODE =
  'pin(?:[- ]?code)?|пин(?:а|у|ом|е)?(?:[- ]?код(?:а|у|ом|е)?)?|(?:секретн|защитн)\\p{L}{2,3} код\\p{L}{0,2}';
const WORD = `(?<![\\p{L}\\p{N}])(?:${CARD_CODE}|${PIN_CODE})(?!\\p{L})`;
// Not "of the card": what follows that is the card's tail, which the dialogue needs.
const LINK = '(?:[\\s:=№#"\'«(–—-]|(?:мой|это|такой|равен|код|is|my|the|number|code)(?!\\p{L})){0,8}';
const CODE = '(?:\\d{3,6}(?![\\d])|\\d(?: \\d){2,3}(?! ?\\d))';

const CODE_AFTER = new RegExp(`(${WORD}${LINK})${CODE}`, 'giu');
const CODE_BEFORE = new RegExp(
  `(?<!\\d)(?:\\d{3,6}(?=\\s*(?:[–—-]\\s*|(?:это|is)\\s+)(?:(?:мой|my|the)\\s+)?${WORD}(?!${LINK}•))` +
    `|\\d{3}(?=\\s*(?:${CARD_CODE})(?![\\p{L}\\p{N}])(?!${LINK}•)))`,
  'giu',
);

function redactCodes(text: string): string {
  return text.replace(CODE_AFTER, `$1${CODE_MASK}`).replace(CODE_BEFORE, CODE_MASK);
}
