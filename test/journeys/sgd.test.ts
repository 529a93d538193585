import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { client } from '../bots/talk.ts';
import { type Dialogue, expectedCalls, play, sameCalls } from './sgd.ts';

const path = new URL('../../../shared/data/dialogues/sgd-banks/train.json', import.meta.url);

/**
 * People with a bank's assistant (Schema-Guided Dialogue, Google Research, CC BY-SA 4.0), read by path and never
 * copied: the bot has to end with exactly the service calls of the dialogue.
 */
test('makes the calls of real dialogues with a bank', { timeout: 300_000 }, async (context) => {
  if (!existsSync(path)) return context.skip('../shared/data/dialogues/sgd-banks/train.json is not here');
  const dialogues: Dialogue[] = JSON.parse(readFileSync(path, 'utf8'));
  const missed: string[] = [];
  for (const dialogue of dialogues) {
    const person = await client({ customer: `demo-${dialogue.id}`, locale: 'en' });
    const made = await play(dialogue, person);
    if (!sameCalls(made, expectedCalls(dialogue))) missed.push(dialogue.id);
  }
  const reached = dialogues.length - missed.length;
  const figure = `${reached} of ${dialogues.length} dialogues (missed: ${missed.join(' ') || 'none'})`;
  process.stdout.write(`SGD simulator: ${figure}\n`);
  expect(reached / dialogues.length).toBeGreaterThanOrEqual(0.95);
});
