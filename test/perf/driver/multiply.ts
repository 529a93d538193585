import pg from 'pg';

/** Tables of the conversation store, each after those that it refers to. */
const TABLES = [
  'contact',
  'identity',
  'thread',
  'conversation',
  'binding',
  'event',
  'dedupe',
  'delivery',
  'attempt',
];
/** Names by which the networks know things: a copy is somebody else's. */
const NAMES = ['external_user', 'external_thread', 'key', 'external_id'];
/** Copies made in one statement. */
const AT_ONCE = 20;

/**
 * Multiplies everything that is stored, so that the tables are as large as after so many more conversations. A copy has
 * ids of its own, made from the old ones in their last 48 bits: it stays in the partition of the original.
 */
export async function multiply(url: string, copies: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (let from = 1; from <= copies; from += AT_ONCE) {
      const to = Math.min(copies, from + AT_ONCE - 1);
      for (const table of TABLES) await client.query(await copyOf(client, table, from, to));
    }
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

async function copyOf(client: pg.Client, table: string, from: number, to: number): Promise<string> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_identity = 'NO' and is_generated = 'NEVER'
     order by ordinal_position`,
    [table],
  );
  const values = rows.map(({ name, type }) => {
    if (type === 'uuid')
      return `overlay(${name}::text placing left(md5(${name}::text || k), 12) from 25)::uuid`;
    return NAMES.includes(name) ? `${name} || ':' || k` : `t.${name}`;
  });
  const names = rows.map(({ name }) => name).join(', ');
  return `insert into ${table} (${names}) select ${values.join(', ')}
    from ${original(table)} t, generate_series(${from}, ${to}) as k`;
}

/** What the hub itself stored. */
function original(table: string): string {
  return `first_${table}`;
}

/** Sets aside what is to be copied, before the first copy is made. */
export async function keepOriginals(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const table of TABLES) await client.query(`create table ${original(table)} as table ${table}`);
  } finally {
    await client.end();
  }
}

export async function storedMessages(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) as count from event where type in ('message.received', 'message.sent')`,
    );
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}
