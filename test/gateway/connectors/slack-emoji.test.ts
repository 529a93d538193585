import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emojiOf, nameOf } from '../../../gateway/connectors/slack/emoji.ts';
import { REACTIONS } from '../../../handoff/act-api.ts';

const FILE = join(import.meta.dirname, '../../../gateway/connectors/slack/emoji-names.txt');
const lines = readFileSync(FILE, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

it('every emoji that Slack has a name for comes and goes, by each of its names', () => {
  expect(lines.length).toBeGreaterThan(1_800);
  const wrong = lines.flatMap((line) => {
    const [, name = '', ...others] = line.split(' ');
    const emoji = emojiOf(name);
    const isBack = nameOf(emoji) === name && nameOf(emoji.replaceAll('\uFE0F', '')) === name;
    return isBack && others.every((other) => emojiOf(other) === emoji) ? [] : [line];
  });
  expect(wrong).toEqual([]);
});

it.each([
  ['+1', '👍'],
  ['heart', '❤️'],
  ['+1::skin-tone-6', '👍🏿'],
  ['point_up::skin-tone-2', '☝🏻'],
  ['man-running::skin-tone-4', '🏃🏽‍♂️'],
  ['ru', '🇷🇺'],
  ['our_logo', ':our_logo:'],
])('the reaction %s is %s, both ways', (name, emoji) => {
  expect(emojiOf(name)).toBe(emoji);
  expect(nameOf(emoji)).toBe(name);
});

it('knows what an operator can choose, and nothing for what is no emoji', () => {
  expect(REACTIONS.map(nameOf)).toEqual(['+1', 'heart', 'pray', 'ok_hand', 'tada']);
  expect(['a', '', '👍👍', 'da:ra'].map(nameOf)).toEqual([undefined, undefined, undefined, undefined]);
});
