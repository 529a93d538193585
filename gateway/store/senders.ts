import type pg from 'pg';
import type { Sender } from '../connectors/inbound.ts';
import { newId } from '../ids.ts';
import type { Evidence } from '../model/contact.ts';
import type { ChannelId, ContactId, IdentityId, ThreadId } from '../model/ids.ts';
import { evidenceNow, provedForMs } from './evidence.ts';
import type { Resolved } from './found.ts';

interface From {
  readonly channel: ChannelId;
  readonly sender: Sender;
}

interface Row {
  ord: number;
  identity: IdentityId | null;
  contact: ContactId;
  evidence: Evidence;
  proved_for_ms: number | null;
  customer: string | null;
  thread: ThreadId | null;
  name: string | null;
  username: string | null;
}

/**
 * Finds the identity, contact and thread of each sender, making those that are new. An element is undefined where
 * the sender proves to be another customer than the one that this identity belongs to: nothing of it may be mixed.
 */
export async function resolveSenders(
  client: pg.PoolClient,
  from: readonly (From | undefined)[],
): Promise<readonly (Resolved | undefined)[]> {
  if (from.every((sender) => sender === undefined)) return from.map(() => undefined);
  let rows = await find(client, from);
  if (rows.some((row) => !row.identity || !row.thread)) {
    await make(client, from, rows);
    rows = await find(client, from);
  }
  await rename(client, from, rows);
  const resolved: (Resolved | undefined)[] = from.map(() => undefined);
  for (const { ord, identity, contact, evidence, customer, thread, ...row } of rows) {
    const sender = from[ord]?.sender;
    const { proof } = sender ?? {};
    if (!identity || !thread || (proof && customer !== null && customer !== proof.customer)) continue;
    resolved[ord] = {
      identity,
      contact,
      thread,
      evidence,
      provedForMs: row.proved_for_ms ?? undefined,
      customer: customer ?? undefined,
      name: sender?.name ?? row.name ?? undefined,
      username: sender?.username ?? row.username ?? undefined,
    };
  }
  return resolved;
}

async function find(client: pg.PoolClient, from: readonly (From | undefined)[]): Promise<Row[]> {
  const keys = from.flatMap((one, ord) =>
    one
      ? [{ ord, channel: one.channel, user: one.sender.externalUser, place: one.sender.externalThread }]
      : [],
  );
  const { rows } = await client.query<Row>(
    `select r.ord, i.id as identity, i.contact, ${evidenceNow('i')} as evidence,
       ${provedForMs('i')} as proved_for_ms, i.customer, i.name, i.username, t.id as thread
     from json_to_recordset($1::json) as r(ord integer, channel text, "user" text, place text)
     left join identity i on i.channel = r.channel and i.external_user = r."user"
     left join thread t on t.channel = r.channel and t.external_thread = r.place`,
    [JSON.stringify(keys)],
  );
  return rows;
}

/** Inserts what is missing, in key order so that two batches cannot wait for each other. */
async function make(
  client: pg.PoolClient,
  from: readonly (From | undefined)[],
  rows: readonly Row[],
): Promise<void> {
  const missing = rows.flatMap((row) => {
    const one = from[row.ord];
    if (!one || (row.identity && row.thread)) return [];
    const { sender, channel } = one;
    return [
      {
        channel,
        user: sender.externalUser,
        place: sender.externalThread,
        name: sender.name,
        username: sender.username,
      },
    ];
  });
  const values = JSON.stringify(
    missing.map((one) => ({ ...one, contact: newId(), identity: newId(), thread: newId() })),
  );
  const record = `json_to_recordset($1::json) as r(channel text, "user" text, place text, name text, username text,
    contact uuid, identity uuid, thread uuid)`;
  // A contact without an identity would be left where the identity exists already, hence the anti-join.
  await client.query(
    `with one as (
       select distinct on (r.channel, r."user") r.* from ${record}
       where not exists (select from identity i where i.channel = r.channel and i.external_user = r."user")
       order by r.channel, r."user"
     ), made as (insert into contact (id) select contact from one)
     insert into identity (id, contact, channel, external_user, name, username)
     select identity, contact, channel, "user", name, username from one`,
    [values],
  );
  await client.query(
    `insert into thread (id, identity, channel, external_thread)
     select distinct on (r.channel, r.place) r.thread, i.id, r.channel, r.place from ${record}
     join identity i on i.channel = r.channel and i.external_user = r."user"
     order by r.channel, r.place
     on conflict (channel, external_thread) do nothing`,
    [values],
  );
}

/** People rename themselves: the newest name is kept. */
async function rename(
  client: pg.PoolClient,
  from: readonly (From | undefined)[],
  rows: readonly Row[],
): Promise<void> {
  const renamed = rows.flatMap(({ ord, identity, name, username }) => {
    const sender = from[ord]?.sender;
    if (!sender || !identity) return [];
    const next = { identity, name: sender.name ?? name, username: sender.username ?? username };
    return next.name === name && next.username === username ? [] : [next];
  });
  if (renamed.length === 0) return;
  await client.query(
    `update identity i set name = r.name, username = r.username
     from (select distinct on (identity) * from json_to_recordset($1::json) as r(identity uuid, name text, username text)) r
     where i.id = r.identity`,
    [JSON.stringify(renamed)],
  );
}
