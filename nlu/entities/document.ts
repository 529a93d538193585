import type { Token } from '../text.ts';
import type { DocumentEntity, DocumentKind, Entity } from '../types.ts';
import { type DigitRun, digitRunAt } from './digit-runs.ts';
import type { Reading } from './reading.ts';

type Rule = {
  readonly glue: string;
  readonly lengths: readonly number[];
  /** Words before it, without which it is not told; none: the digits themselves tell. */
  readonly context?: RegExp;
  /** Whether it is told by its look alone. */
  tellsItself?(run: DigitRun): boolean;
  isRight(digits: string): boolean;
};

const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * (digits.charCodeAt(i) - 48), 0);

/** Check digits of the taxpayer number (order MMV-7-6/435@ of the Russian tax service), of 10 or 12 digits. */
function isInn(digits: string): boolean {
  const check = (weights: readonly number[], at: number) =>
    (weighted(digits, weights) % 11) % 10 === digits.charCodeAt(at) - 48;
  if (digits.length === 10) return check([2, 4, 10, 3, 5, 9, 4, 6, 8], 9);
  return check([7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 10) && check([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11);
}

/** Check number of the pension insurance number: 9 digits by weights 9..1, modulo 101, 100 counts as 00. */
function isSnils(digits: string): boolean {
  const rest = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101;
  return (rest === 100 ? 0 : rest) === Number(digits.slice(9));
}

const rules: { readonly [Kind in DocumentKind]: Rule } = {
  inn: { glue: '', lengths: [10, 12], context: /^(инн|inn)$/, isRight: isInn },
  snils: {
    glue: '-',
    lengths: [11],
    context: /^(снилс\p{L}*|snils)$/u,
    // «147-581-646 95» is written so for nothing else.
    tellsItself: ({ groups }) => groups.map(({ length }) => length).join() === '3,3,3,2',
    isRight: isSnils,
  },
  bic: {
    glue: '',
    lengths: [9],
    context: /^(бик\p{L}*|bic)$/u,
    isRight: (digits) => digits.startsWith('04'),
  },
  passport: {
    glue: '№',
    lengths: [10],
    context: /^(пас+порт\p{L}*|пасп|сери[яюией]+|series|pas+port)$/u,
    isRight: () => true,
  },
  account_number: {
    glue: '',
    lengths: [20],
    isRight: (digits) => /^[1-6]/.test(digits) && fitsCurrency(digits),
  },
};

/** Digits 6 to 8 are the currency: 810 for roubles in accounts, else its code of three digits (no ISO code is below 004). */
const fitsCurrency = (digits: string): boolean => Number(digits.slice(5, 8)) >= 4;

/**
 * The check digit of an account with its bank's BIC: the last three digits of the BIC and the account, each by 7, 1, 3 in
 * turn, only the last digit of each product counted, add up to a multiple of ten. For a correspondent account with the
 * central bank (BIC ending in 000 to 002) 0 and digits 5 and 6 of the BIC stand in place of the three. The order of the
 * Bank of Russia on the control key in account numbers, No. 515 of 08.09.1997.
 */
function fitsBic(account: string, bic: string): boolean {
  const isCentral = /00[0-2]$/.test(bic) || account.startsWith('301');
  const digits = `${isCentral ? `0${bic.slice(4, 6)}` : bic.slice(-3)}${account}`;
  const weights = [7, 1, 3];
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += ((digits.charCodeAt(i) - 48) * (weights[i % 3] ?? 0)) % 10;
  return sum % 10 === 0;
}

/** Words that may stand between the name of a document and its number. */
const maxBetween = 8;

/** Numbers of Russian papers and accounts, with right check digits where the number has them. */
export function findDocuments<Kind extends DocumentKind>(
  reading: Reading,
  kind: Kind,
): Extract<Entity, { kind: Kind }>[] {
  const { tokens } = reading;
  const rule = rules[kind];
  const found: DocumentEntity[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.kind !== 'digits') continue;
    const longest = kind === 'passport' ? passportAt(reading, at) : digitRunAt(tokens, at, rule.glue);
    if (!longest) continue;
    const run = isOfKind(longest.digits, rule) ? longest : (startOf(longest, tokens, rule) ?? longest);
    const isNamed =
      !rule.context ||
      reading.awaited === kind ||
      rule.tellsItself?.(run) ||
      hasContext(reading, at, rule.context) ||
      isNamedBehind(reading, run.to, rule.context);
    if (isNamed && isOfKind(run.digits, rule)) {
      found.push({
        kind,
        ...reading.span(run.from, run.to),
        value: { digits: run.digits },
      } as DocumentEntity);
    }
    at = run.to - 1;
  }
  return (kind === 'account_number' ? fittingOnes(reading, found) : found) as Extract<
    Entity,
    { kind: Kind }
  >[];
}

const isOfKind = (digits: string, rule: Rule): boolean =>
  rule.lengths.includes(digits.length) && rule.isRight(digits);

/** The right number that a longer run begins with: «СНИЛС 112-233-445 95 500100732259», «ИНН 500100732259 770701001». */
function startOf(run: DigitRun, tokens: readonly Token[], rule: Rule): DigitRun | undefined {
  const groups: string[] = [];
  for (let at = run.from; at < run.to; at++) {
    const token = tokens[at];
    if (token?.kind !== 'digits') continue;
    groups.push(token.norm);
    const digits = groups.join('');
    if (isOfKind(digits, rule)) return { digits, from: run.from, to: at + 1, groups };
  }
  return undefined;
}

/** Where the text names a BIC too, only the accounts whose check digit fits one of those named. */
function fittingOnes(reading: Reading, accounts: readonly DocumentEntity[]): readonly DocumentEntity[] {
  if (accounts.length === 0) return accounts;
  const bics = findDocuments(reading, 'bic').slice(0, 4);
  return bics.length === 0
    ? accounts
    : accounts.filter(({ value }) => bics.some((bic) => fitsBic(value.digits, bic.value.digits)));
}

function hasContext(reading: Reading, at: number, context: RegExp): boolean {
  for (let back = 1; back <= maxBetween; back++) {
    const token = reading.tokens[at - back];
    if (!token) return false;
    if (context.test(token.norm)) return true;
  }
  return false;
}

const maxBehind = 3;

/** «1677423852 (инн)», "049205603, bic", "is 048073601 still your bic": the word behind the digits, where no number of its own follows it. */
function isNamedBehind({ tokens }: Reading, at: number, context: RegExp): boolean {
  let name = at;
  while (name < at + maxBehind && !context.test(tokens[name]?.norm ?? '')) {
    if (tokens[name]?.kind === 'digits' || /^[.!?;]$/.test(tokens[name]?.norm ?? '')) return false;
    name++;
  }
  if (!context.test(tokens[name]?.norm ?? '')) return false;
  return tokens.slice(name + 1, name + 4).every(({ kind, norm }) => kind !== 'digits' || norm.length < 4);
}

/** Series of four and number of six, with «номер», № or a hyphen between them. */
function passportAt(reading: Reading, at: number): DigitRun | undefined {
  const { tokens } = reading;
  const series = digitRunAt(tokens, at, '', 10);
  if (series?.digits.length === 10) return series;
  for (let to = at; to < at + 5; to++) {
    const head = tokens.slice(at, to + 1);
    const digits = head
      .filter(({ kind }) => kind === 'digits')
      .map(({ norm }) => norm)
      .join('');
    if (digits.length === 10) return { digits, from: at, to: to + 1, groups: [digits] };
    const token = tokens[to];
    const isJoint =
      /^(номер|№|n|no|number|#)$/.test(token?.norm ?? '') || (token?.norm === '-' && digits.length === 4);
    if (token?.kind !== 'digits' && !isJoint) return series;
  }
  return series;
}
