import type pg from 'pg';
import { carry, continueIn, join, type LinkReason, linksOf, type Side } from '../identify.ts';
import type { Content } from '../model/content.ts';
import type { ChannelId, ContactId, ConversationId, IdentityId, ThreadId } from '../model/ids.ts';
import type { Actor } from '../model/owner.ts';
import type { LinkBatch } from './link-batch.ts';
import type { Open } from './open.ts';
import { countsWith } from './secondary.ts';

/** `another-customer`: the bank knows them as two people; nothing was written. */
export type Linked =
  | { readonly outcome: 'linked' | 'already'; readonly contact: ContactId }
  | { readonly outcome: 'another-customer' };

/**
 * Two identities are one person's: their contacts become one. All within the batch's transaction. `recent`: the contact
 * whose conversation was used just now, whatever its log says.
 */
export async function link(
  batch: LinkBatch,
  [one, other]: readonly [IdentityId, IdentityId],
  reason: LinkReason,
  recent?: ContactId,
): Promise<Linked> {
  const { client } = batch;
  const contacts = await contactsOf(client, [one, other]);
  const [first, second] = [contacts.get(one), contacts.get(other)];
  if (!first || !second) throw new Error('an identity that is to be linked does not exist');
  if (first === second) return { outcome: 'already', contact: first };
  const { rows: customers } = await client.query(
    'select distinct customer from identity where contact = any($1::uuid[]) and customer is not null',
    [[first, second]],
  );
  if (customers.length > 1) return { outcome: 'another-customer' };
  await batch.lockOpen([first, second]);
  const joined = join(sideOf(batch, first, recent), sideOf(batch, second, recent));
  const { stays, goes, closes } = joined;
  const identities = await identitiesOf(client, goes.contact);
  const into = batch.openOf(stays.contact);
  const ends = batch.openOf(goes.contact);
  // In both logs, so that each tells it by itself.
  if (ends) batch.append(ends, linksOf(identities, joined, reason, !closes));
  if (into) batch.append(into, linksOf(identities, joined, reason));
  if (closes && ends && into) await goOver(batch, ends, into, reason.by);
  await batch.markSecondary((row) => countsWith(row) === goes.contact, stays.contact);
  await client.query(
    `update identity set own = nullif(coalesce(own, contact), $2), contact = $2, linked_at = $3, linked_how = $4
     where contact = $1`,
    [goes.contact, stays.contact, batch.now, reason.how],
  );
  return { outcome: 'linked', contact: stays.contact };
}

function sideOf(batch: LinkBatch, contact: ContactId, recent: ContactId | undefined): Side {
  const open = batch.openOf(contact);
  if (!open) return { contact };
  const lastAt = contact === recent ? batch.now : open.row.last_at;
  return { contact, open: { conversation: open.conversation, lastAt } };
}

/** Its threads, its state and what nobody answered go over; its deliveries stand before what is said next there. */
async function goOver(batch: LinkBatch, ends: Open, into: Open, by: Actor): Promise<void> {
  const { client } = batch;
  const { rows: due } = await client.query<{
    seq: number;
    thread: ThreadId | null;
    content: Content[] | null;
  }>(
    `select d.seq, (e.facts ->> 'thread')::uuid as thread, e.body -> 'content' as content from due_turn d
     join event e on e.conversation = d.conversation and e.seq = d.seq
     where d.conversation = $1 order by d.seq`,
    [ends.row.id],
  );
  const said = due.flatMap(({ thread, content }) => (thread && content ? [{ thread, content }] : []));
  for (const { seq } of due) batch.complete(ends, seq);
  const state = carry(ends.conversation, said);
  batch.append(ends, continueIn(ends.conversation, into.conversation, by));
  const { rows: threads } = await client.query<{
    thread: ThreadId;
    channel: ChannelId;
    identity: IdentityId;
  }>(
    `select b.thread, t.channel, t.identity from binding b join thread t on t.id = b.thread
     where b.conversation = $1 order by b.bound_at`,
    [ends.row.id],
  );
  for (const thread of threads) await batch.bind(into, thread, true);
  batch.append(into, [state]);
}

/** Undone: the identity is the contact's own again, and what it writes next opens a conversation of its own. */
export async function unlink(
  batch: LinkBatch,
  identity: IdentityId,
  conversation: ConversationId,
  by: Actor,
): Promise<'unlinked' | 'not-linked'> {
  const { client } = batch;
  const { rows } = await client.query<{ contact: ContactId; own: ContactId | null }>(
    'select contact, own from identity where id = $1 for update',
    [identity],
  );
  const { contact, own } = rows[0] ?? {};
  if (!contact || !own) return 'not-linked';
  await batch.lockOpen([contact, own], [conversation]);
  for (const one of new Set([batch.openOf(contact), batch.get(conversation), ...batch.opensOf(own)])) {
    if (!one) continue;
    const thread = await lastThreadOf(client, one, identity, one.row.contact === own ? 'of' : 'without');
    batch.append(one, [
      { type: 'identity.unlinked', facts: { identity, from: contact, to: own, by, thread } },
    ]);
  }
  await batch.markSecondary((row) => row.contact === own, null);
  await client.query(
    'update identity set contact = own, own = null, linked_at = null, linked_how = null where id = $1',
    [identity],
  );
  return 'unlinked';
}

/** The thread of a conversation on which an identity, or anybody but it, wrote last there. */
async function lastThreadOf(
  client: pg.PoolClient,
  { row, conversation }: Open,
  identity: IdentityId,
  which: 'of' | 'without',
): Promise<ThreadId | undefined> {
  const { rows } = await client.query<{ thread: ThreadId }>(
    `select b.thread from binding b join thread t on t.id = b.thread
     where b.conversation = $1 and (t.identity = $2) = $4 order by (b.thread = $3) desc, b.bound_at desc limit 1`,
    [row.id, identity, conversation.thread ?? null, which === 'of'],
  );
  return rows[0]?.thread;
}

/** Looks once who else was proved to be the customer of an identity, and links them. */
export async function linkCustomer(batch: LinkBatch, identity: IdentityId): Promise<Linked | undefined> {
  const { client } = batch;
  const { rows: due } = await client.query<{ evidence: LinkReason['evidence'] }>(
    'update identity set link_due = false where id = $1 and link_due returning evidence',
    [identity],
  );
  const evidence = due[0]?.evidence;
  if (!evidence) return undefined;
  const { rows } = await client.query<{ id: IdentityId }>(
    `select o.id from identity i join identity o on o.customer = i.customer and o.contact <> i.contact
     where i.id = $1 order by o.proved_at desc`,
    [identity],
  );
  let linked: Linked | undefined;
  for (const { id } of rows)
    linked = await link(batch, [identity, id], { evidence, how: 'same-customer', by: { kind: 'hub' } });
  return linked;
}

async function contactsOf(
  client: pg.PoolClient,
  identities: readonly IdentityId[],
): Promise<ReadonlyMap<IdentityId, ContactId>> {
  const { rows } = await client.query<{ id: IdentityId; contact: ContactId }>(
    'select id, contact from identity where id = any($1::uuid[]) order by id for update',
    [identities],
  );
  return new Map(rows.map(({ id, contact }) => [id, contact]));
}

async function identitiesOf(client: pg.PoolClient, contact: ContactId): Promise<IdentityId[]> {
  const { rows } = await client.query<{ id: IdentityId }>(
    'select id from identity where contact = $1 order by id',
    [contact],
  );
  return rows.map(({ id }) => id);
}
