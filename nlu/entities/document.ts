import type { DocumentEntity, DocumentKind, Entity } from '../types.ts';
import { type DigitRun, digitRunAt } from './digit-runs.ts';
import type { Reading } from './reading.ts';

type Rule = {
  readonly glue: string;
  readonly lengths: readonly number[];
  /** Words before it, without which it is not told; none: the digits themselves tell. */
  readonly context?: RegExp;
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
  snils: { glue: '-', lengths: [11], context: /^(снилс\p{L}*|snils)$/u, isRight: isSnils },
  bic: {
    glue: '',
    lengths: [9],
    context: /^(бик\p{L}*|bic)$/u,
    isRight: (digits) => digits.startsWith('04'),
  },
  passport: { glue: '№', lengths: [10], context: /^(паспорт\p{L}*|серия|passport)$/u, isRight: () => true },
  account_number: { glue: '', lengths: [20], isRight: (digits) => /^[1-6]/.test(digits) },
};

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
    const run = kind === 'passport' ? passportAt(reading, at) : digitRunAt(tokens, at, rule.glue);
    if (!run) continue;
    const isNamed = !rule.context || reading.awaited === kind || hasContext(reading, at, rule.context);
    if (isNamed && rule.lengths.includes(run.digits.length) && rule.isRight(run.digits)) {
      found.push({
        kind,
        ...reading.span(run.from, run.to),
        value: { digits: run.digits },
      } as DocumentEntity);
    }
    at = run.to - 1;
  }
  return found as Extract<Entity, { kind: Kind }>[];
}

function hasContext(reading: Reading, at: number, context: RegExp): boolean {
  for (let back = 1; back <= maxBetween; back++) {
    const token = reading.tokens[at - back];
    if (!token) return false;
    if (context.test(token.norm)) return true;
  }
  return false;
}

/** Series of four and number of six, with «номер» or № between them. */
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
    if (!token || (token.kind !== 'digits' && !/^(номер|№|n|no|#)$/.test(token.norm))) return series;
  }
  return series;
}
