import type pg from 'pg';
import type { OperatorId } from '../model/ids.ts';

/** Who did it: a person of ours, the command line, the hub by itself, or somebody who is not signed in. */
export type Who = OperatorId | 'cli' | 'hub' | 'unknown';

/** A line of the audit trail: who did what to what, from where. Never texts of clients or secrets. */
export interface AuditLine {
  readonly who: Who;
  /** `session.opened`, `session.refused`, `session.ended`, `user.created`, `user.disabled`, `conversation.taken`, … */
  readonly act: string;
  /** The id of what it was done to. */
  readonly subject?: string;
  readonly address?: string;
  readonly detail?: Readonly<Record<string, string | number | readonly string[]>>;
}

/** Adds a line; in a transaction, when handed its client. The table lets nobody change or delete one. */
export async function recordAudit(
  db: Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>,
  at: Date,
  { who, act, subject, address, detail = {} }: AuditLine,
): Promise<void> {
  await db.query(
    'insert into audit (at, who, act, subject, address, detail) values ($1, $2, $3, $4, $5, $6)',
    [at, who, act, subject, address, JSON.stringify(detail)],
  );
}
