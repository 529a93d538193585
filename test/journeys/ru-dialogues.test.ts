import { expect, test } from 'vitest';
import { differencesOf, playDialogue, readDialogues } from '../../bots/dialogue.ts';
import { client } from '../bots/talk.ts';

test('does what forty Russian clients want', { timeout: 120_000 }, async () => {
  const { dialogues, problems } = await readDialogues(
    new URL('./ru-dialogues.yaml', import.meta.url).pathname,
  );
  expect(problems).toEqual([]);
  const missed: string[] = [];
  for (const dialogue of dialogues) {
    const person = await client({ customer: `demo-${dialogue.id}`, locale: 'ru' });
    const outcome = await playDialogue(dialogue, async (text) => {
      const before = person.all.length;
      await person.says(text);
      return person.all.slice(before);
    });
    const differences = differencesOf(dialogue, outcome);
    if (differences.length > 0)
      missed.push([`${dialogue.id}: ${differences.join('; ')}`, ...outcome.transcript].join('\n  '));
  }
  const reached = dialogues.length - missed.length;
  process.stdout.write(`Russian dialogues: ${reached} of ${dialogues.length}\n${missed.join('\n')}\n`);
  expect(dialogues).toHaveLength(40);
  expect(reached, missed.join('\n')).toBeGreaterThanOrEqual(36);
});
