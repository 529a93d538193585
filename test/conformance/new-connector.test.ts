import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { createConnector } from '../../config/commands/connector.ts';
import { ROOT } from '../../config/version.ts';

// A tree of its own with a connector that was just made; its conformance test is taken in as a part of this file.
const tree = mkdtempSync(join(tmpdir(), 'okno-new-connector-'));
for (const folder of ['gateway', 'bots', 'nlu', 'handoff', 'config', 'test'])
  cpSync(join(ROOT, folder), join(tree, folder), { recursive: true });
for (const name of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, name), join(tree, name));
for (const name of ['node_modules', 'dist']) symlinkSync(join(ROOT, name), join(tree, name));
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const made = await createConnector(tree, 'pigeon');

it('makes the files, and lists the network once', () => {
  expect(made).toEqual([
    'gateway/connectors/pigeon/index.ts',
    'gateway/connectors/pigeon/inbound.ts',
    'gateway/connectors/pigeon/outbound.ts',
    'test/fakes/pigeon.ts',
    'test/conformance/pigeon.test.ts',
  ]);
  const list = readFileSync(join(tree, 'gateway/connectors/index.ts'), 'utf8');
  expect(list.match(/^import \{ pigeon \} from '.\/pigeon\/index.ts';$/gm)).toHaveLength(1);
  expect(list.match(/^ {2}pigeon,$/gm)).toHaveLength(1);
  for (const path of made) expect(readFileSync(join(tree, path), 'utf8')).not.toMatch(/template/i);
});

it('makes it once', async () => {
  await expect(createConnector(tree, 'pigeon')).rejects.toThrow(/is there already/);
});

await import(/* @vite-ignore */ pathToFileURL(join(tree, 'test/conformance/pigeon.test.ts')).href);
