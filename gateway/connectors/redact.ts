import { type CardSureness, findCardNumbers } from '../card-number.ts';

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

function redactCards(text: string): string {
  // First what is surely a card, so that digits beside it are not read as its beginning.
  const clean = hideCards(text, 'sure', (between) => hideCards(between, 'possible', (rest) => rest));
  // The expiry date after a card is followed by its code: 4111 1111 1111 1111 12/28 123.
  return clean.replace(
    /(•{4} \d{4}[\s,;]+\d{2}\s?[/.-]\s?(?:\d{4}|\d{2})[\s,;]+)\d{3,4}(?!\d)/g,
    `$1${CODE_MASK}`,
  );
}

function hideCards(text: string, sureness: CardSureness, clean: (between: string) => string): string {
  let hidden = '';
  let from = 0;
  for (const { digits, start, end } of findCardNumbers(text, sureness)) {
    hidden += `${clean(text.slice(from, start))}•••• ${digits.slice(-4)}`;
    from = end;
  }
  return hidden + clean(text.slice(from));
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
