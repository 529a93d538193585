import type { Token } from '../text.ts';
import type { ReferenceEntity, ReferenceKind } from '../types.ts';
import { monthByWord } from './date-words.ts';
import { currencyOf } from './money-words.ts';
import { stopWords } from './person-words.ts';
import type { Reading } from './reading.ts';

const contexts: { readonly [Kind in ReferenceKind]: RegExp } = {
  contract_number: /^(договор(а|у|ом|е|ы|ов)?|дог|контракт(а|у|ом|е)?|contract|agreement)$/,
  order_number: /^(заказ(а|у|ом|е|ы|ов)?|order|orders)$/,
};
/** Whether a word names a contract or an order. */
export const isReferenceWord = (word: string): boolean =>
  contexts.contract_number.test(word) || contexts.order_number.test(word);

/** Words that may stand between the name and the number. */
const between = /^(номер(а|у|ом)?|n|no|num|number|[№#:.]|под|with|the|is)$/;
const maxBetween = 4;
const maxOpening = 8;
const maxParts = 12;
/** Tokens of a date such as «01.02.2024 г.» and one behind them. */
const maxDate = 8;

/** Numbers of contracts and orders: letters, digits, hyphens and slashes behind a word for them, three digits or more. */
export function findReferences<Kind extends ReferenceKind>(
  reading: Reading,
  kind: Kind,
): Extract<ReferenceEntity, { kind: Kind }>[] {
  const { tokens } = reading;
  const found: ReferenceEntity[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const isNamed = contexts[kind].test(tokens[at]?.norm ?? '');
    const isBare = reading.awaited === kind && isOpening(reading, at);
    if (!isNamed && !isBare) continue;
    const from = behindNames(reading, isNamed ? behindOfWhat(reading, at + 1) : at);
    const to = numberEnd(reading, from, reading.awaited === kind);
    if (to === undefined) continue;
    const span = reading.span(from, to);
    found.push({
      kind,
      ...span,
      value: { number: span.text.replace(/\s+/g, '').toUpperCase() },
    } as ReferenceEntity);
    at = to - 1;
  }
  return found as Extract<ReferenceEntity, { kind: Kind }>[];
}

/** Nothing but small words before: "its LN99812", «вот он 1203344», «кажется 61209», "hang on.. 73-2091". */
function isOpening({ tokens }: Reading, at: number): boolean {
  return at <= maxOpening && tokens.slice(0, at).every(({ norm }) => openers.test(norm));
}
const openers = new RegExp(
  `^(${[
    "its?|'|s|is|this|here|the|my|a|so|well|ok|okay|um|uh|hmm|sure|yes|yeah|i|think|believe|guess|maybe|probably|hang|hold|wait|on|was|it|one|a|sec|second|moment|let|me|see|check|look|found|got",
    'бы|это|вот|он|мой|такой|ну|так|да|ага|ок|э+м*|кажется|вроде|наверн(ое|о)|по|моему|думаю|может|быть|если|не|ошибаюсь|щас|сейчас|секунд(у|очку)|минут(у|очку)|подожди(те)?|найду|гляну|посмотрю|нашел|нашла',
    '[,:.!…]',
  ].join('|')})$`,
);

/** «договор вклада № 12/345», «заказ карты № ДК-104477»: what it is of, where the sign for a number follows. */
function behindOfWhat({ tokens }: Reading, at: number): number {
  const sign = [at + 1, at + 2].find((place) => tokens[place]?.norm === '№');
  if (sign === undefined || tokens.slice(at, sign).some(({ kind }) => kind !== 'word'))
    return behindDate(tokens, at);
  // The number of a card is none of its order.
  const isOfCard = /^(карт|счет)/.test(tokens[sign - 1]?.norm ?? '') && tokens[sign + 1]?.kind === 'digits';
  return isOfCard ? at : sign;
}

/** «договор от 01.02.2024 № 123456», «договор вклада от 1 февраля 2024 г. № 7/12». */
function behindDate(tokens: readonly Token[], at: number): number {
  let from = at;
  while (from < at + 2 && tokens[from]?.kind === 'word' && !/^(от|of|dated)$/.test(tokens[from]?.norm ?? ''))
    from++;
  if (!/^(от|of|dated)$/.test(tokens[from]?.norm ?? '')) return at;
  for (let place = from + 1; place <= from + maxDate; place++) {
    const token = tokens[place];
    if (token?.norm === '№') return place;
    const isOfDate =
      token?.kind === 'digits' ||
      /^([./-]|г|года)$/.test(token?.norm ?? '') ||
      monthByWord.has(token?.norm ?? '');
    if (!isOfDate) return at;
  }
  return at;
}

function behindNames(reading: Reading, at: number): number {
  let from = at;
  while (from - at < maxBetween && between.test(reading.tokens[from]?.norm ?? '')) from++;
  return from;
}

/** Where a number that begins here ends, exclusive; undefined where none begins. */
function numberEnd(reading: Reading, from: number, isAwaited: boolean): number | undefined {
  const { tokens } = reading;
  let digits = 0;
  let to = from;
  for (let at = from; at < from + maxParts; at++) {
    const token = tokens[at];
    if (!token) break;
    const isGlued = at === from || token.start === tokens[at - 1]?.end;
    // «ПК 445566»: a few letters apart from the digits, where nothing else can be meant.
    const isSeries =
      isAwaited &&
      at === from + 1 &&
      tokens[from]?.kind === 'word' &&
      token.kind === 'digits' &&
      !openers.test(tokens[from]?.norm ?? '') &&
      !stopWords.has(tokens[from]?.norm ?? '');
    if (!isGlued && !isSeries) break;
    if (token.kind === 'word' && (token.norm.length > 4 || !/^\p{L}+$/u.test(token.norm))) break;
    if (token.kind === 'sign' && !'-/–'.includes(token.norm)) break;
    if (token.kind === 'digits') digits += token.norm.length;
    // A mark at the end belongs to the sentence.
    if (token.kind === 'digits' || (token.kind === 'word' && digits > 0)) to = at + 1;
  }
  const after = tokens[to]?.norm ?? '';
  const isOther =
    currencyOf(after) !== undefined || monthByWord.has(after) || /^(год|года|году|лет)$/.test(after);
  return digits >= 3 && digits <= 20 && !isOther ? to : undefined;
}
