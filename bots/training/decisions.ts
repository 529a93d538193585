import type { OperatorId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { Decision } from './phrases.ts';

/** A decision with who made it and when. */
export interface StoredDecision extends Decision {
  readonly decidedBy: string;
  readonly decidedAt: Date;
}

/** More are refused: training takes the longer the more there are. */
export const MAX_DECISIONS = 20_000;

/** All decisions, in the order of their texts, so that the same ones train the same model. */
export async function readDecisions(db: Pick<Database, 'query'>): Promise<readonly StoredDecision[]> {
  const { rows } = await db.query<StoredDecision>(
    `select text, intent, decided_by as "decidedBy", decided_at as "decidedAt"
     from training_phrase order by text collate "C"`,
  );
  return rows;
}

/** Whether something was decided about the text. */
export async function isDecided(db: Pick<Database, 'query'>, text: string): Promise<boolean> {
  const { rows } = await db.query('select from training_phrase where text = $1', [text]);
  return rows.length > 0;
}

/** Keeps a decision; the last one about a text counts. False where there are too many texts already. */
export async function decide(
  db: Pick<Database, 'query'>,
  { text, intent }: Decision,
  by: OperatorId,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into training_phrase (text, intent, decided_by, decided_at)
     select $1, $2, $3, $4
     where (select count(*) from training_phrase) < $5 or exists (select from training_phrase where text = $1)
     on conflict (text) do update set intent = excluded.intent, decided_by = excluded.decided_by,
       decided_at = excluded.decided_at`,
    [text, intent, by, at, MAX_DECISIONS],
  );
  return rowCount === 1;
}

/** Keeps many decisions, each about another text. False, and nothing is to be kept, where there are too many texts then. */
export async function decideAll(
  db: Pick<Database, 'query'>,
  phrases: readonly { readonly text: string; readonly label: string }[],
  by: OperatorId,
  at: Date,
): Promise<boolean> {
  await db.query(
    `insert into training_phrase (text, intent, decided_by, decided_at)
     select text, intent, $3, $4 from unnest($1::text[], $2::text[]) as given (text, intent)
     on conflict (text) do update set intent = excluded.intent, decided_by = excluded.decided_by,
       decided_at = excluded.decided_at`,
    [phrases.map(({ text }) => text), phrases.map(({ label }) => label), by, at],
  );
  const { rows } = await db.query<{ n: number }>('select count(*) as n from training_phrase');
  return (rows[0]?.n ?? 0) <= MAX_DECISIONS;
}

/** Takes a decision back: the text counts again as it ships. False where there is none. */
export async function undo(db: Pick<Database, 'query'>, text: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from training_phrase where text = $1', [text]);
  return rowCount === 1;
}
