import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

/** Builds the widget as `npm run build` does, into a folder of its own. */
export async function buildWidget(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'okno-widget-'));
  const configFile = join(import.meta.dirname, '../../gateway/connectors/webchat/widget/vite.config.ts');
  await build({ configFile, logLevel: 'error', build: { outDir: dir } });
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}
