import type { Database } from './database.ts';
import { checkDedupe, checkWhole } from './verify/everywhere.ts';
import { checkFolds } from './verify/fold.ts';
import { INVARIANTS } from './verify/invariants.ts';
import { Report } from './verify/report.ts';

/** What `verify` found: counts of what was looked at, and a line for each thing that is not as it must be. */
export interface Verified {
  readonly ok: boolean;
  readonly checked: Readonly<Record<string, number>>;
  readonly broken: readonly string[];
  /** Attempts to send whose outcome nobody knows; each may have reached the contact. */
  readonly unknown: number;
  /** What came in, was not understood, and waits for a person. */
  readonly quarantined: number;
  readonly dead: number;
}

export interface VerifyOptions {
  /** Compares the state of every conversation with its events, not only of the newest thousand. */
  readonly full?: boolean;
  /** Conversations looked at in one statement. */
  readonly piece?: number;
}

const SAMPLE = 1_000;
const PIECE = 1_000;
const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Checks the ledger a piece at a time, so that neither this process nor the database holds much of it at once. Reads
 * only, and may run while the hub works. Whatever lies between two conversations, such as an event that belongs to
 * none, is in a piece too.
 */
export async function verify(
  db: Database,
  { full = false, piece = PIECE }: VerifyOptions = {},
): Promise<Verified> {
  const report = new Report();
  for (let from = LOWEST; from < HIGHEST; ) {
    const to = await endOfPiece(db, from, piece);
    for (const invariant of INVARIANTS) await report.run(db, invariant, [from, to]);
    from = to;
  }
  await checkDedupe(db, report);
  await checkWhole(db, report);
  await checkFolds(db, full ? Number.POSITIVE_INFINITY : SAMPLE, report);
  return {
    ok: report.lines.length === 0,
    checked: report.checked,
    broken: report.lines,
    unknown: await countOf(db, `select count(*) as count from attempt where outcome = 'unknown'`),
    quarantined: await countOf(db, 'select count(*) as count from quarantine where decision is null'),
    dead: await countOf(db, `select count(*) as count from delivery where state = 'dead'`),
  };
}

/** The id of the conversation that ends the piece after `from`; the highest of all ids for the last piece. */
async function endOfPiece(db: Database, from: string, piece: number): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    'select id from conversation where id > $1 order by id offset $2 limit 1',
    [from, piece - 1],
  );
  return rows[0]?.id ?? HIGHEST;
}

async function countOf(db: Database, query: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(query);
  return rows[0]?.count ?? 0;
}
