import { randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, rmSync, statSync, utimes, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../parse-json.ts';
import { writeWhole } from './embedded-file.ts';
import { pidNamespace, processStart } from './embedded-process.ts';

const HEARTBEAT_MS = 4_000;
/** After this silence the holder on another machine or in another container is taken for dead. */
const SILENT_MS = 15_000;

const holder = z.object({
  /** What it is, for people: `okno start`. */
  what: z.string(),
  kind: z.enum(['hub', 'command']),
  pid: z.number().int(),
  /** When the process began, so that a reused pid is not taken for the holder. */
  start: z.string(),
  /** Where `pid` means something. */
  host: z.string(),
  since: z.iso.datetime(),
});
export type Holder = z.infer<typeof holder>;

const content = z.union([holder, z.object({ released: z.literal(true) })]);

export interface Lock {
  /** Gives the lock back; a second call does nothing. */
  release(): void;
}

/**
 * Takes the lock of a folder, or tells who has it. The lock of a process that is gone counts for nothing.
 *
 * The files are `lock.1`, `lock.2`, …: the highest counts, and is made only where it did not exist. So a lock that a
 * crash left is followed by the next number, never deleted and made anew: of two that follow it at once, one wins.
 */
export function takeLock(
  folder: string,
  about: Pick<Holder, 'what' | 'kind'>,
): { lock: Lock } | { heldBy: Holder } {
  const me: Holder = {
    ...about,
    pid: process.pid,
    start: processStart(process.pid) ?? '',
    host: here(),
    since: new Date().toISOString(),
  };
  for (;;) {
    const newest = newestNumber(folder);
    const heldBy = newest === 0 ? undefined : livingHolder(join(folder, `lock.${newest}`));
    if (heldBy) return { heldBy };
    const mine = newest + 1;
    if (!create(folder, mine, me)) continue;
    if (newestNumber(folder) > mine) {
      rmSync(join(folder, `lock.${mine}`), { force: true });
      continue;
    }
    for (const older of numbers(folder))
      if (older < mine) rmSync(join(folder, `lock.${older}`), { force: true });
    return { lock: hold(join(folder, `lock.${mine}`)) };
  }
}

function hold(file: string): Lock {
  const heartbeat = setInterval(() => {
    // Nothing to be done where the folder was deleted under us: the next commit will tell.
    utimes(file, new Date(), new Date(), () => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      clearInterval(heartbeat);
      writeWhole(file, JSON.stringify({ released: true }), 0o644);
    },
  };
}

/** Makes the file whole or not at all; false where it exists. */
function create(folder: string, number: number, me: Holder): boolean {
  const draft = join(folder, `.lock-${process.pid}-${randomBytes(4).toString('hex')}`);
  writeFileSync(draft, JSON.stringify(me), { mode: 0o644 });
  try {
    linkSync(draft, join(folder, `lock.${number}`));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function livingHolder(file: string): Holder | undefined {
  let text: string;
  let touchedMs: number;
  try {
    text = readFileSync(file, 'utf8');
    touchedMs = statSync(file).mtimeMs;
  } catch {
    // It gave way to a higher number while we looked.
    return undefined;
  }
  const read = content.safeParse(parseJson(text));
  if (!read.success || 'released' in read.data) return undefined;
  const found = read.data;
  if (found.host !== here()) return Date.now() - touchedMs < SILENT_MS ? found : undefined;
  return processStart(found.pid) === found.start ? found : undefined;
}

const newestNumber = (folder: string): number => Math.max(0, ...numbers(folder));

function numbers(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const match = /^lock\.(\d+)$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

const here = (): string => `${hostname()} ${pidNamespace()}`;
