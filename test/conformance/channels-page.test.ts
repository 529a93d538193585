import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { networks } from '../../gateway/connectors/index.ts';
import { channelsPage } from './channels-page.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'channels.md');

test('docs/channels.md says what the code says', () => {
  const page = channelsPage(networks);
  if (process.env.OKNO_UPDATE_DOCS === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

test.each(networks)('$name names its media limits where it has media of its own', ({ capabilities }) => {
  const { content, limits } = capabilities;
  const kinds = (['image', 'file', 'audio', 'video', 'sticker'] as const).filter(
    (kind) => content[kind] === 'native',
  );
  for (const kind of kinds) expect(limits.media?.maxBytes[kind], kind).toBeGreaterThan(0);
});
