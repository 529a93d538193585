import { type Kysely, sql } from 'kysely';

/**
 * What a batch in one statement needs, and what each turn is spared: indexes on columns that change with every message,
 * and checks of keys that the plan of the batch has just read. `okno verify` looks for what they guarded.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // Makes the statement that asks it fail, and so write nothing, where a condition of the batch does not hold.
  `create function batch_holds(holds boolean) returns text language plpgsql as $$
  begin
    if holds is not true then
      raise exception 'a condition of the batch does not hold' using errcode = 'OK001';
    end if;
    return null;
  end $$`,

  // The hour of the last event, counted from 1970: an index on the moment itself would be written with every event,
  // and with it all others of the table.
  `alter table conversation add column active_hour integer not null default 0`,
  `update conversation set active_hour = floor(extract(epoch from last_at) / 3600)`,
  `drop index conversation_activity`,
  `create index conversation_quiet on conversation (active_hour, id) where status = 'open'`,

  `drop index dedupe_at`,
  `create index dedupe_at on dedupe using brin (at)`,

  `alter table delivery drop constraint delivery_conversation_fkey, drop constraint delivery_thread_fkey`,
  `alter table attempt drop constraint attempt_delivery_fkey`,
  `alter table due_turn drop constraint due_turn_conversation_fkey`,
];
