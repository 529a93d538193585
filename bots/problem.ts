/** Something wrong in a scripts folder: where it stands, what it is, and what to do. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Where in the file: `steps[2].go`. */
  readonly path: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** `transfer.yaml:12 steps[2].go: …`, as an editor can open it. */
export function describeProblem(problem: Problem): string {
  const place = problem.path ? ` ${problem.path}` : '';
  return `${problem.file}:${problem.line}${place}: ${problem.message}`;
}

/** `['steps', 2, 'go']` as people write it: `steps[2].go`. */
export function pathText(path: readonly PropertyKey[]): string {
  let shown = '';
  for (const part of path) {
    shown += typeof part === 'number' ? `[${part}]` : `${shown ? '.' : ''}${String(part)}`;
  }
  return shown;
}
