import { readFileSync } from 'node:fs';
import type { Entity, EntityKind, Locale } from '../../../../nlu/types.ts';
import type { Understand } from '../../../../nlu/understand.ts';
import { markedKinds, Tally, valueText } from '../../suite.ts';

/** What a line is marked with: the span begins and ends somewhere in `start` and `end`, both ends of each included. */
type Mark = {
  readonly kind: string;
  readonly value: string;
  readonly start: readonly [number, number];
  readonly end: readonly [number, number];
};

export type Line = {
  readonly asked?: EntityKind;
  readonly text: string;
  readonly marks: readonly Mark[];
};

/** Wednesday. */
const today = '2026-10-14';

/** `first` is LANGUAGE.tsv, each other SET-LANGUAGE.tsv. */
export const caseSets = ['first', 'second', 'third', 'fourth'] as const;
export type CaseSet = (typeof caseSets)[number];

const fileName = (locale: Locale, set: CaseSet): string =>
  set === 'first' ? `${locale}.tsv` : `${set}-${locale}.tsv`;

/** The lines of a set in a language; see README.md for how they are marked. */
export const readSet = (locale: Locale, set: CaseSet): Line[] =>
  readLines(new URL(`./${fileName(locale, set)}`, import.meta.url));

/** The lines of any file that is marked as README.md says. */
export function readLines(file: string | URL): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map(readLine);
}

function readLine(line: string): Line {
  const [asked = '', marked = ''] = line.split('\t');
  const marks: Mark[] = [];
  let text = '';
  for (const part of marked.split(/(\[[^\]]*\])/)) {
    const [, kind, value, span] = /^\[([a-z_]+) ([^|]+)\|(.*)\]$/.exec(part) ?? [];
    if (kind === undefined || value === undefined || span === undefined) {
      text += part;
      continue;
    }
    const [, before = '', core = '', behind = ''] = /^(?:<(.*?)>)?([^<>]+)(?:<(.*?)>)?$/.exec(span) ?? [];
    const start = text.length;
    text += before + core + behind;
    marks.push({
      kind,
      value,
      start: [start, start + before.length],
      end: [text.length - behind.length, text.length],
    });
  }
  return { text, marks, ...(asked !== '-' && { asked: asked as EntityKind }) };
}

const isIn = (at: number, [least, most]: readonly [number, number]): boolean => least <= at && at <= most;

const isSame = (entity: Entity, mark: Mark): boolean =>
  entity.kind === mark.kind &&
  valueText(entity) === mark.value &&
  isIn(entity.start, mark.start) &&
  isIn(entity.end, mark.end);

/** Looks for all kinds in all lines, which are of a language, and counts by kind; a mark is found once. */
export function tallyLines(
  locale: Locale,
  lines: readonly Line[],
  understand: Understand['understand'],
): Map<string, Tally> {
  const tallies = new Map(markedKinds.map((kind) => [kind as string, new Tally()]));
  const of = (kind: string): Tally => {
    const tally = tallies.get(kind);
    if (!tally) throw new Error(`a line is marked with the kind ${kind}, which is not counted`);
    return tally;
  };
  for (const { text, marks, asked } of lines) {
    const { entities } = understand(text, { locale, today, ...(asked && { awaited: asked }) });
    const line = `${asked ? `?${asked}: ` : ''}${text}`;
    const open = new Set(marks);
    for (const entity of entities) {
      const mark = [...open].find((it) => isSame(entity, it));
      if (mark) {
        open.delete(mark);
        of(mark.kind).right++;
      } else of(entity.kind).extra.push(`${line} [${entity.text}=${valueText(entity)}]`);
    }
    for (const { kind, value, start, end } of open)
      of(kind).missed.push(`${line} [${text.slice(start[0], end[1])}=${value}]`);
  }
  return tallies;
}

/** All kinds together. */
export function overall(tallies: ReadonlyMap<string, Tally>): Tally {
  const sum = new Tally();
  for (const { right, missed, extra } of tallies.values()) {
    sum.right += right;
    sum.missed.push(...missed);
    sum.extra.push(...extra);
  }
  return sum;
}
