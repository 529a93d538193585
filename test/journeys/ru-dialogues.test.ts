import { expect, test } from 'vitest';
import { client } from '../bots/talk.ts';
import { sameCalls } from './sgd.ts';
import { callOf, readDialogues, simulate } from './simulate.ts';

test('does what forty Russian clients want', { timeout: 120_000 }, async () => {
  const dialogues = readDialogues(new URL('./ru-dialogues.yaml', import.meta.url));
  const missed: string[] = [];
  for (const dialogue of dialogues) {
    const person = await client({ customer: `demo-${dialogue.id}`, locale: 'ru' });
    const { calls, handoff, transcript } = await simulate(dialogue, person);
    if (handoff !== dialogue.handoff || !sameCalls(calls, dialogue.calls.map(callOf))) {
      missed.push([`${dialogue.id}: ${JSON.stringify(calls)} ${handoff ?? ''}`, ...transcript].join('\n  '));
    }
  }
  const reached = dialogues.length - missed.length;
  process.stdout.write(`Russian dialogues: ${reached} of ${dialogues.length}\n${missed.join('\n')}\n`);
  expect(dialogues).toHaveLength(40);
  expect(reached, missed.join('\n')).toBeGreaterThanOrEqual(36);
});
