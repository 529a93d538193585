import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shippedModel } from '../../nlu/shipped.ts';
import type { Entity, EntityKind, Locale } from '../../nlu/types.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

type Expected = {
  readonly text: string;
  readonly start: number;
  readonly kind: string;
  readonly value: string;
};
type Case = { readonly text: string; readonly awaited?: EntityKind; readonly expected: readonly Expected[] };

/** Reads the marked lines of a suite: `send {50 dollars=money:50.00 USD} to {Ann=person:Ann}`. */
function readSuite(locale: Locale): Case[] {
  const lines = readFileSync(new URL(`./suites/${locale}.txt`, import.meta.url), 'utf8').split('\n');
  return lines
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const question = /^\?([a-z_]+): /.exec(line);
      const marked = question ? line.slice(question[0].length) : line;
      let text = '';
      const expected: Expected[] = [];
      for (const part of marked.split(/(\{[^{}]*\})/)) {
        const mark = /^\{(.*)=([a-z_]+):(.*)\}$/.exec(part);
        if (mark)
          expected.push({
            text: mark[1] ?? '',
            start: text.length,
            kind: mark[2] ?? '',
            value: mark[3] ?? '',
          });
        text += mark ? (mark[1] ?? '') : part;
      }
      return { text, expected, ...(question && { awaited: question[1] as EntityKind }) };
    });
}

function valueText(entity: Entity): string {
  switch (entity.kind) {
    case 'money':
      return [entity.value.amount, entity.value.currency].filter(Boolean).join(' ');
    case 'number':
      return String(entity.value.number);
    case 'card':
      return entity.value.tail;
    case 'person':
      return entity.value.name;
    case 'account_type':
    case 'yes_no':
      return entity.value;
    case 'date':
      return entity.value.from === entity.value.to
        ? entity.value.from
        : `${entity.value.from}..${entity.value.to}`;
    case 'phone':
      return entity.value.phone;
    case 'email':
      return entity.value.email;
    default:
      return entity.value.digits;
  }
}

const kinds: readonly EntityKind[] = [
  'money',
  'card',
  'account_type',
  'person',
  'yes_no',
  'date',
  'phone',
  'email',
  'inn',
  'snils',
  'passport',
  'bic',
  'account_number',
];

describe.each(['ru', 'en'] as const)('entities as people write them in %s', (locale) => {
  const { understand } = createUnderstanding(shippedModel());
  const tally = new Map<string, { right: number; missed: string[]; extra: string[] }>();
  const of = (kind: string) => {
    const known = tally.get(kind) ?? { right: 0, missed: [], extra: [] };
    tally.set(kind, known);
    return known;
  };
  for (const { text, awaited, expected } of readSuite(locale)) {
    const { entities } = understand(text, {
      kinds,
      locale,
      today: '2026-03-18',
      ...(awaited && { awaited }),
    });
    const isSame = (entity: Entity, want: Expected) =>
      entity.kind === want.kind &&
      // Where an answer's words end is nobody's concern: «да», «ну да».
      (entity.kind === 'yes_no'
        ? entity.start < want.start + want.text.length && want.start < entity.end
        : entity.start === want.start && entity.text === want.text) &&
      valueText(entity) === want.value;
    for (const want of expected) {
      if (entities.some((entity) => isSame(entity, want))) of(want.kind).right++;
      else of(want.kind).missed.push(`${awaited ? `?${awaited}: ` : ''}${text} [${want.text}=${want.value}]`);
    }
    for (const entity of entities) {
      if (!expected.some((want) => isSame(entity, want))) {
        of(entity.kind).extra.push(
          `${awaited ? `?${awaited}: ` : ''}${text} [${entity.text}=${valueText(entity)}]`,
        );
      }
    }
  }

  it.each(kinds)('finds %s with an F1 of at least 0.95', (kind) => {
    const { right, missed, extra } = of(kind);
    const f1 =
      right === 0 && missed.length + extra.length === 0
        ? 1
        : (2 * right) / (2 * right + missed.length + extra.length);
    if (process.env.OKNO_SUITE_REPORT) console.log(locale, kind, f1.toFixed(3), right);
    expect(f1, JSON.stringify({ missed, extra }, null, 2)).toBeGreaterThanOrEqual(0.95);
  });
});
