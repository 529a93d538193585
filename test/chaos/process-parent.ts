import { readFileSync } from 'node:fs';

/** The parent of a process; undefined where it has ended. Linux only. */
export function parentOf(pid: string | number): number | undefined {
  try {
    // The command's name, in brackets, may hold spaces: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  } catch {
    return undefined;
  }
}
