import { ChangeError } from '../change.ts';

/** The store is too busy to take a change now; nothing of it was written. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';
}

/**
 * True where the data itself is what the store refuses, so that trying again cannot help. PostgreSQL's error codes
 * (Appendix A): 22 data exception, 23 integrity constraint violation, 54 program limit exceeded.
 */
export function isAboutData(error: unknown): boolean {
  return error instanceof ChangeError || /^(22|23|54)/.test(codeOf(error));
}

/** Another batch was quicker: 23505 unique violation, 40001 serialization failure, 40P01 deadlock; or isOutdated. */
export function isRace(error: unknown): boolean {
  return ['23505', '40001', '40P01'].includes(codeOf(error)) || isOutdated(error);
}

/**
 * True where the store was in the way of work that may succeed when it is done again. PostgreSQL's error codes (Appendix
 * A): 08 connection, 40 transaction rollback (serialization, deadlock), 53 resources, 55 locks, 57 intervention, 58 system.
 */
export function isInTheWay(error: unknown): boolean {
  return /^(08|40|53|55|57|58)/.test(codeOf(error));
}

/** What a batch was decided on has changed since: the code of `batch_holds`. */
function isOutdated(error: unknown): boolean {
  return codeOf(error) === 'OK001';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
