import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const WITH_PARENT = new URL('../../config/with-parent.mjs', import.meta.url).href;

/** Starts a tool as the build does, and says its number. */
const build = (tool: string) => `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['--import', ${JSON.stringify(WITH_PARENT)}, ${JSON.stringify(tool)}], {
    env: { ...process.env, OKNO_PARENT: String(process.pid) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => process.stdout.write(String(child.pid)));
  child.on('exit', (code) => process.exit(code));
`;

function startBuild(work: string) {
  const tool = join(mkdtempSync(join(tmpdir(), 'okno-tool-')), 'tool.mjs');
  writeFileSync(tool, `process.stdout.write('works');\n${work}`);
  return spawn(process.execPath, ['-e', build(tool)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('a compiler that hears of nothing while it works ends when its build is killed', async () => {
  const parent = startBuild('for (;;) {}');
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const tool = Number(said.toString());
  expect(isThere(tool)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isThere(tool), { timeout: 20_000 }).toBe(false);
}, 30_000);

it('a tool whose build lives ends by itself, with its own code', async () => {
  const [code] = await once(startBuild('process.exitCode = 3;'), 'exit');
  expect(code).toBe(3);
});
