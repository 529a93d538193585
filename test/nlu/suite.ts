import { readFileSync } from 'node:fs';
import type { Entity, EntityKind, Locale } from '../../nlu/types.ts';
import type { Understand } from '../../nlu/understand.ts';

/** The kinds that the first suites are marked for; the second ones are marked for all. */
const firstKinds: readonly EntityKind[] = [
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
export const markedKinds: readonly EntityKind[] = [
  ...firstKinds,
  'number',
  'contract_number',
  'order_number',
  'city',
  'product',
];

/** A value that a line is marked with: `value` as `valueText` writes it. */
export type Expected = {
  readonly text: string;
  readonly start: number;
  readonly kind: string;
  readonly value: string;
};
export type Case = {
  readonly text: string;
  readonly awaited?: EntityKind;
  readonly expected: readonly Expected[];
};

/** Reads the marked lines of a suite: `send {50 dollars=money:50.00 USD} to {Ann=person:Ann}`. */
function readSuite(name: string): Case[] {
  const lines = readFileSync(new URL(`./suites/${name}.txt`, import.meta.url), 'utf8').split('\n');
  return lines.filter((line) => line && !line.startsWith('#')).map(readLine);
}

function readLine(line: string): Case {
  const question = /^\?([a-z_]+): /.exec(line);
  const marked = question ? line.slice(question[0].length) : line;
  let text = '';
  const expected: Expected[] = [];
  for (const part of marked.split(/(\{[^{}]*\})/)) {
    const [, own, kind, value] = /^\{(.*)=([a-z_]+):(.*)\}$/.exec(part) ?? [];
    if (own !== undefined && kind !== undefined && value !== undefined) {
      expected.push({ text: own, start: text.length, kind, value });
    }
    text += own ?? part;
  }
  return { text, expected, ...(question && { awaited: question[1] as EntityKind }) };
}

/** Whether this is the value that the line is marked with, at its place. */
function isSame(entity: Entity, want: Expected): boolean {
  if (entity.kind !== want.kind || valueText(entity) !== want.value) return false;
  // Where an answer's words end is nobody's concern: «да», «ну да».
  return entity.kind === 'yes_no'
    ? entity.start < want.start + want.text.length && want.start < entity.end
    : entity.start === want.start && entity.text === want.text;
}

/** The value of an entity as the marks write it: "650.00 USD", "2026-03-01..2026-03-15". */
export function valueText(entity: Entity): string {
  const { value } = entity;
  if (typeof value === 'string') return value;
  if ('amount' in value) return [value.amount, value.currency].filter(Boolean).join(' ');
  if ('from' in value) return value.from === value.to ? value.from : `${value.from}..${value.to}`;
  return Object.values(value).join(' ');
}

/** Right answers, and the lines of the others. */
export class Tally {
  right = 0;
  readonly missed: string[] = [];
  readonly extra: string[] = [];

  /** Of nothing expected and nothing found: 1. */
  get f1(): number {
    const wrong = this.missed.length + this.extra.length;
    return this.right + wrong === 0 ? 1 : (2 * this.right) / (2 * this.right + wrong);
  }
}

/** Reads all lines of a suite (`ru`, `en`: the first ones; `ru-more`, `en-more`) and counts by kind. */
export function tallySuite(
  suite: string,
  locale: Locale,
  understand: Understand['understand'],
): Map<string, Tally> {
  const tallies = new Map(markedKinds.map((kind) => [kind as string, new Tally()]));
  const of = (kind: string): Tally => tallies.get(kind) ?? new Tally();
  const marked = suite === locale ? firstKinds : markedKinds.filter((kind) => kind !== 'number');
  for (const { text, awaited, expected } of readSuite(suite)) {
    // Any number may be a sum, so numbers are looked for only where a number was asked for.
    const kinds = awaited === 'number' ? (['number'] as const) : marked;
    const { entities } = understand(text, {
      kinds,
      locale,
      today: '2026-03-18',
      ...(awaited && { awaited }),
    });
    const line = `${awaited ? `?${awaited}: ` : ''}${text}`;
    for (const want of expected) {
      if (entities.some((entity) => isSame(entity, want))) of(want.kind).right++;
      else of(want.kind).missed.push(`${line} [${want.text}=${want.value}]`);
    }
    for (const entity of entities) {
      if (!expected.some((want) => isSame(entity, want)))
        of(entity.kind).extra.push(`${line} [${entity.text}=${valueText(entity)}]`);
    }
  }
  return tallies;
}

/** The counts of several suites together. */
export function joined(suites: readonly Map<string, Tally>[]): Map<string, Tally> {
  const sum = new Map<string, Tally>();
  for (const suite of suites) {
    for (const [kind, { right, missed, extra }] of suite) {
      const tally = sum.get(kind) ?? new Tally();
      sum.set(kind, tally);
      tally.right += right;
      tally.missed.push(...missed);
      tally.extra.push(...extra);
    }
  }
  return sum;
}
