import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { platform } from 'node:os';

/**
 * When a process began, in the system's own words: the same pid with another beginning is another process.
 * Undefined where there is none, or only what its parent has not yet taken note of.
 */
export function processStart(pid: number): string | undefined {
  if (platform() === 'linux') {
    const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    // The name in parentheses may hold anything, spaces and parentheses too: proc(5), fields 3 and 22 follow the last.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return fields[19];
  }
  return attempt(() => ps(['-o', 'lstart=', '-p', String(pid)]).trim()) || undefined;
}

/** Names the set of processes in which pids mean something: containers have their own. */
export function pidNamespace(): string {
  return attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '';
}

/** A process and its command line. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** What runs on this machine, as far as this account may see it; what has ended without being taken note of does not. */
export function processes(): Process[] {
  if (platform() === 'linux') {
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      const line = attempt(() => readFileSync(`/proc/${name}/cmdline`, 'utf8'));
      return line ? [{ pid: Number(name), command: line.replaceAll('\0', ' ') }] : [];
    });
  }
  return ps(['-axww', '-o', 'pid=,command='])
    .split('\n')
    .flatMap((line) => {
      const match = /^\s*(\d+) (.*)$/.exec(line);
      return match ? [{ pid: Number(match[1]), command: `${match[2]} ` }] : [];
    });
}

const ps = (parameters: string[]): string =>
  execFileSync('ps', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** Processes come and go while we look: what cannot be read is not there. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
