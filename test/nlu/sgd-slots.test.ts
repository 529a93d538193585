import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shippedModel } from '../../nlu/shipped.ts';
import type { Entity, EntityKind } from '../../nlu/types.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

const file = '../shared/data/dialogues/sgd-banks/train.json';
const kindOfSlot: Readonly<Record<string, EntityKind>> = {
  amount: 'money',
  recipient_account_name: 'person',
};

type Turn = {
  readonly speaker: string;
  readonly utterance: string;
  readonly acts: readonly {
    readonly act: string;
    readonly slot: string;
    readonly values: readonly string[];
  }[];
  readonly spans?: readonly {
    readonly slot: string;
    readonly text: string;
    readonly start: number;
    readonly end: number;
  }[];
};

describe.skipIf(!existsSync(file))(`entities in the dialogues of ${file}`, () => {
  const { understand } = createUnderstanding(shippedModel());
  const dialogues: readonly { readonly turns: readonly Turn[] }[] = JSON.parse(
    existsSync(file) ? readFileSync(file, 'utf8') : '[]',
  );
  const turns = dialogues.flatMap(({ turns }) =>
    turns.map((turn, i) => ({ turn, asked: turns[i - 1]?.acts.map(({ slot }) => slot) ?? [] })),
  );

  it.each(['amount', 'recipient_account_name'])('finds the spans of %s', (slot) => {
    const kind = kindOfSlot[slot] as EntityKind;
    const tally = { right: 0, missed: [] as string[], extra: [] as string[] };
    for (const { turn, asked } of turns) {
      if (turn.speaker !== 'USER') continue;
      const wanted = (turn.spans ?? []).filter((span) => span.slot === slot);
      const awaited = asked.length === 1 && asked[0] === slot ? kind : undefined;
      const found = understand(turn.utterance, {
        kinds: [kind],
        locale: 'en',
        ...(awaited && { awaited }),
      }).entities;
      const isRight = (span: { start: number; end: number; text: string }) => (entity: Entity) =>
        kind === 'money'
          ? entity.start < span.end && span.start < entity.end
          : entity.text.startsWith(span.text);
      for (const span of wanted) {
        if (found.some(isRight(span))) tally.right++;
        else tally.missed.push(`${turn.utterance} [${span.text}]`);
      }
      const spare = found.filter((entity) => !wanted.some((span) => isRight(span)(entity)));
      tally.extra.push(...spare.map((entity) => `${turn.utterance} [${entity.text}]`));
    }
    const f1 = (2 * tally.right) / (2 * tally.right + tally.missed.length + tally.extra.length);
    expect(f1, JSON.stringify(tally, null, 2)).toBeGreaterThanOrEqual(0.95);
  });

  it('finds the values of account_type', () => {
    const wrong: string[] = [];
    let right = 0;
    for (const { turn } of turns) {
      if (turn.speaker !== 'USER') continue;
      const told = turn.acts
        .filter(({ slot }) => slot.endsWith('account_type'))
        .flatMap(({ values }) => values);
      const found = understand(turn.utterance, { kinds: ['account_type'], locale: 'en' }).entities;
      const values = found.map(({ value }) => value as string);
      if (told.sort().join() === values.sort().join()) right++;
      else wrong.push(`${turn.utterance} [${told.join()}] [${values.join()}]`);
    }
    expect(right / (right + wrong.length), wrong.join('\n')).toBeGreaterThanOrEqual(0.95);
  });
});
