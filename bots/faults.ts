import type { z } from 'zod';

/** Where a value is not as its schema says, and what to do about it. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The faults that a checker found, in words for people who do not know it. */
export function faultsOf({ issues }: z.ZodError): readonly Fault[] {
  return issues.flatMap(within).map((issue) => ({ path: issue.path, message: fixOf(issue) }));
}

/** Of a value that could have been of several shapes: what keeps it from the one that it is nearest to. */
function within(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    Math.max(0, ...issues.map(({ path }) => path.length));
  const nearest = issue.errors.reduce<readonly z.core.$ZodIssue[]>(
    (best, issues) => (depth(issues) > depth(best) ? issues : best),
    [],
  );
  if (depth(nearest) === 0) return [issue];
  return nearest.flatMap((inner) => within({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** What to do about an issue, in words for people who do not know the checker. */
function fixOf(issue: z.core.$ZodIssue): string {
  const last = String(issue.path.at(-1) ?? '');
  if (isMissing(issue)) {
    if (last === 'ru' || last === 'en')
      return `the text in ${last === 'ru' ? 'Russian' : 'English'} is missing; add \`${last}:\``;
    return `${last} is missing; add it`;
  }
  if (issue.code === 'unrecognized_keys') {
    return `${issue.keys.join(', ')} is not known here; remove it or check its spelling`;
  }
  if (issue.code === 'invalid_value') return `is not possible; write one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return 'is empty; write at least one';
  if (issue.code === 'invalid_union') return 'is not of a shape known here; see docs/writing-scripts.md';
  return issue.message;
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_union') {
    return (
      issue.errors.length > 0 &&
      issue.errors.every((issues) => issues.some((it) => it.path.length === 0 && isMissing(it)))
    );
  }
  return issue.code === 'invalid_type' && /received undefined/.test(issue.message);
}
