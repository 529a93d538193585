import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { networks } from '../../gateway/connectors/index.ts';
import { channelsPage, PAGE, writeChannelsPage } from './channels-page.ts';
import { RECORDED, WITHOUT_SENDING, WITHOUT_SUITE } from './failures.ts';
import { readResults, suitesByNetwork } from './results.ts';

test('docs/channels.md says what the code says', () => {
  if (process.env.OKNO_UPDATE_DOCS === '1') writeChannelsPage();
  expect(readFileSync(PAGE, 'utf8')).toBe(channelsPage(networks, readResults()));
});

test('the tables of what the suites showed name the suites that there are, each with every case', () => {
  const recorded = Object.entries(readResults());
  expect(Object.fromEntries(recorded.map(([network, suites]) => [network, Object.keys(suites)]))).toEqual(
    suitesByNetwork(),
  );
  for (const [, suites] of recorded)
    for (const [suite, cases] of Object.entries(suites))
      expect(Object.keys(cases).sort(), suite).toEqual([...RECORDED].sort());
});

test('every network has a suite or a reason why not, and no reason is of something else', () => {
  const suites = suitesByNetwork();
  const named = [...Object.keys(suites), ...Object.keys(WITHOUT_SUITE)];
  expect(named.sort()).toEqual(networks.map(({ name }) => name).sort());
  const names = Object.values(suites).flat();
  expect(Object.keys(WITHOUT_SENDING).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(networks)('$name names its media limits where it has media of its own', ({ capabilities }) => {
  const { content, limits } = capabilities;
  const kinds = (['image', 'file', 'audio', 'video', 'sticker'] as const).filter(
    (kind) => content[kind] === 'native',
  );
  for (const kind of kinds) expect(limits.media?.maxBytes[kind], kind).toBeGreaterThan(0);
});
