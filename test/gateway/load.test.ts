import { expect, test } from 'vitest';
import { createLoad, isTooMuch } from '../../gateway/load.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';

test.each([
  ['a process at rest with nothing to send', { busy: 0.1, underWay: 0 }, false],
  ['a busy process that keeps up', { busy: 1, underWay: 100 }, false],
  [
    'a network that does not answer: much is under way, and the process rests',
    { busy: 0.3, underWay: 5_000 },
    false,
  ],
  ['a busy process with more behind than it sends in a second', { busy: 0.99, underWay: 1_000 }, true],
])('%s', (_what, facts, expected) => {
  expect(isTooMuch(facts)).toBe(expected);
});

test('only the channel whose own answers are behind is put off by a busy process, and told so once', async () => {
  const [behind, other] = ['behind', 'other'] as ChannelId[];
  if (!behind || !other) throw new Error('no channels');
  const told: unknown[] = [];
  const tell = (about: object, words: string) => void told.push([{ ...about }, words]);
  let underWay = 1_000;
  const load = createLoad([behind, other], (channel) => (channel === behind ? underWay : 500), {
    debug() {},
    info: tell,
    warn: tell,
    error() {},
  });
  await busyFor(600);
  await busyFor(600);
  expect([load.isTooMuch(behind), load.isTooMuch(other)]).toEqual([true, false]);
  underWay = 400;
  expect(load.isTooMuch(behind)).toBe(false);
  await busyFor(600);
  load.stop();
  expect(told).toEqual([
    [{ channel: behind, underWay: 1_000 }, 'more comes in than goes out; it is put off'],
    [{ channel: behind }, 'what comes in is taken again'],
  ]);
});

/** Without rest, longer than a look takes to come round; then the look comes. */
async function busyFor(milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
