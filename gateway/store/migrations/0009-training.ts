import { type Kysely, sql } from 'kysely';

/** What admins teach the bot: their phrases, the models made of them, and which model was in use since when. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  // What was decided about a text, over what ships with Okno. `intent`: 'none' is out of scope, null leaves the text out.
  `create table training_phrase (
    text text primary key,
    intent text,
    decided_by text not null,
    decided_at timestamptz not null
  )`,
  // `file` is the whole model with its checksum, so that every node can take it from here.
  `create table model_version (
    version integer generated always as identity primary key,
    model text not null,
    checksum text not null,
    file bytea not null,
    answers jsonb not null,
    figures jsonb not null,
    trained_by text not null,
    trained_at timestamptz not null
  )`,
  // The last row says which model is in use; a null version is the model that ships with Okno.
  `create table model_publication (
    id integer generated always as identity primary key,
    version integer references model_version,
    published_by text not null,
    published_at timestamptz not null
  )`,
];
