#!/usr/bin/env -S node --min-semi-space-size=64 --max-semi-space-size=64
// The command `okno`. Installs and builds what is missing, then hands over to the command line in dist/.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, ensureInstalled } from './install.mjs';

checkNode();
try {
  await ensureInstalled(join(dirname(fileURLToPath(import.meta.url)), '..'));
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { main } = await import('../dist/config/cli.js');
process.exitCode = await main(process.argv.slice(2));
