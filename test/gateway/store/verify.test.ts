import { beforeEach, expect, test } from 'vitest';
import { changeOwner } from '../../../gateway/decide-turn.ts';
import { newId } from '../../../gateway/ids.ts';
import type { ActionId, ChannelId, IdentityId, MessageId, QueueId } from '../../../gateway/model/ids.ts';
import { createChangeLog } from '../../../gateway/store/change-log.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { markAttempts, recordAttempts } from '../../../gateway/store/deliveries.ts';
import { verify } from '../../../gateway/store/verify.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

/** Each invariant is broken on purpose in a real database: `verify` must see it, and name it. */

const channel = 'telegram' as ChannelId;
let db: Database;

/** A ledger in which everything is right: a message, two answers of which one is sent, and a handoff. */
beforeEach(async () => {
  db = openDatabase(await freshDatabase(), () => {});
  const log = createChangeLog({ db, now: () => new Date(), acceptsAtCommit: () => false });
  const [said] = await log.commit([
    {
      channel,
      sender: { externalUser: 'ann', externalThread: 'ann', locale: 'ru' },
      dedupe: { scope: channel, key: 'one' },
      events: ({ identity, thread }) => [
        {
          type: 'message.received',
          facts: { message: newId<MessageId>(), thread, identity, channel, kinds: ['text'], locale: 'ru' },
          body: { content: [{ kind: 'text', text: 'привет' }] },
        },
      ],
    },
  ]);
  if (said?.outcome !== 'committed' || !said.conversation.thread) throw new Error('nothing was stored');
  const { id, thread } = said.conversation;
  const answer = (text: string) => ({
    type: 'message.sent' as const,
    facts: {
      message: newId<MessageId>(),
      thread,
      author: { kind: 'bot' as const },
      kinds: ['text' as const],
    },
    body: { content: [{ kind: 'text' as const, text }] },
  });
  const [answered] = await log.commit([{ conversation: id, events: [answer('раз'), answer('два')] }]);
  const [first] = answered?.outcome === 'committed' ? answered.deliveries : [];
  if (!first || answered?.outcome !== 'committed') throw new Error('nothing is to be sent');
  const { rows } = await db.query<{ term: number }>('select max(term) as term from shard');
  const now = new Date();
  const [marked] = await markAttempts(db, [{ id: first.id, term: rows[0]?.term ?? 0 }], now);
  const after = { state: 'accepted', partsAccepted: 1, dueAt: now, possiblyTwice: false } as const;
  await recordAttempts(
    db,
    [{ delivery: first.id, number: marked?.attempts ?? 0, outcome: 'accepted', externalId: '1', after }],
    now,
  );
  const action = newId<ActionId>();
  const { rows: identities } = await db.query<{ id: IdentityId }>('select id from identity');
  const identity = identities[0]?.id;
  if (!identity) throw new Error('nobody wrote');
  const call = {
    action,
    call: 'balance',
    identity,
    needs: 'nothing',
    repeatable: true,
    timeoutMs: 1_000,
  } as const;
  const requested = {
    type: 'action.requested',
    facts: { ...call, name: 'check_balance' },
    body: { parameters: {} },
  } as const;
  await log.commit([{ conversation: id, events: [requested] }]);
  const ended = { action, call: 'balance', outcome: 'done' } as const;
  const completed = { type: 'action.completed', facts: ended, body: { result: 1 } } as const;
  await log.commit([{ conversation: id, events: [completed] }]);
  const queue = { kind: 'queue', queue: 'default' as QueueId } as const;
  await log.commit([
    { conversation: id, events: [changeOwner(answered.conversation, queue, { kind: 'bot' }, 'asked')] },
  ]);
  return () => db.end();
});

test('a ledger in which everything is right is clean, and everything in it was looked at', async () => {
  const { ok, broken, checked } = await verify(db, { full: true });
  expect({ ok, broken }).toEqual({ ok: true, broken: [] });
  for (const [name, count] of Object.entries(checked)) expect([name, count]).not.toEqual([name, 0]);
});

test.each([
  ['events without gaps', `delete from event where seq = 2`],
  ['each dedupe key once, and its event stored', `update dedupe set seq = 99`],
  ['one delivery a message', `delete from delivery where state <> 'accepted'`],
  ['nothing belongs to what does not exist', `update delivery set thread = gen_random_uuid()`],
  ['nothing belongs to what does not exist', `update attempt set delivery = gen_random_uuid()`],
  [
    'nothing belongs to what does not exist',
    `insert into due_turn (conversation, seq) values (gen_random_uuid(), 1)`,
  ],
  ['each delivery one fate', `update delivery set attempts = 5 where state = 'accepted'`],
  ['each delivery one fate', `update attempt set outcome = null`],
  [
    'a thread in order',
    `with later as (select id from delivery order by position desc limit 1), tried as (
       update delivery set state = 'accepted', attempts = 1, parts_accepted = 1 from later where delivery.id = later.id)
     insert into attempt (delivery, number, part, epoch, fence, term, marked_at, outcome)
     select later.id, 1, 0, 9, 0, 0, now() - interval '1 hour', 'accepted' from later`,
  ],
  ["no bot's message after a handoff", `update attempt set epoch = 0, fence = 1`],
  ['no attempt under a stale epoch', `update attempt set epoch = epoch + 1`],
  ['no attempt under a stale epoch', `update attempt set fence = 3`],
  ['no attempt under a stale epoch', `update delivery set epoch = 9`],
  ['no attempt under a stale term', `update attempt set term = 1000000`],
  [
    // Another node took the shard; this one woke up and marked under the term that it had.
    'no attempt under a stale term',
    `insert into shard_term (shard, term, taken_at)
     select c.shard, a.term + 1, a.marked_at - interval '1 millisecond'
     from attempt a join delivery d on d.id = a.delivery join conversation c on c.id = d.conversation`,
  ],
  [
    // Under a term that this node had not taken yet.
    'no attempt under a stale term',
    `insert into shard_term (shard, term, taken_at) select shard, -1, taken_at - interval '1 day' from shard_term;
     update shard_term set taken_at = now() + interval '1 hour' where term >= 0`,
  ],
  [
    'what nobody knows to have arrived waits for a person',
    `insert into dead_letter (delivery, channel, state, at)
     select id, channel, 'dead', now() from delivery where state = 'accepted'`,
  ],
  [
    'what nobody knows to have arrived waits for a person',
    `alter table delivery disable trigger delivery_ends_badly;
     update delivery set state = 'dead' where state = 'accepted'`,
  ],
  [
    'what nobody knows to have arrived waits for a person',
    `update delivery set state = 'dead' where state = 'accepted';
     update dead_letter set decision = 'retried', decided_at = now(), decided_by = 'cli'`,
  ],
  [
    'what goes on on a thread stands behind what was said there',
    `insert into binding (thread, conversation, base, since, bound_at)
     select thread, conversation, base - 2, 4, bound_at + interval '1 hour' from binding`,
  ],
  ['tallies are what they count', `insert into tally_change values ('open', 'bot', 1)`],
  [
    'tallies are what they count',
    `alter table conversation disable trigger conversation_changes_hands;
     update conversation set owner_kind = 'bot', owner_id = null`,
  ],
  ['each call outside one outcome', `update action set state = 'started'`],
  ['each call outside one outcome', `delete from action`],
  [
    'each dedupe key once, and its event stored',
    `alter table dedupe drop constraint dedupe_pkey; insert into dedupe select * from dedupe`,
  ],
  // An event of no conversation, between those that there are.
  [
    'events without gaps',
    `insert into event (conversation, seq, at, type, schema, facts)
     select beside, 1, now(), 'message.sent', 1, '{}' from (
       select overlay(id::text placing 'ffff' from 20 for 4)::uuid as beside from conversation) as c`,
  ],
  ['one delivery a message', `update delivery set seq = 1 where state = 'accepted'`],
  [
    'owners follow each other',
    `update event set facts = jsonb_set(facts, '{epoch}', '7') where type = 'owner.changed'`,
  ],
  [
    'owners follow each other',
    `update event set facts = jsonb_set(facts, '{from,kind}', '"nobody"') where type = 'owner.changed'`,
  ],
  [
    'stored texts are what was hashed',
    `update event set body = jsonb_set(body, '{content,0,text}', '"иначе"') where type = 'message.received'`,
  ],
  ['state is the fold of its events', `update conversation set epoch = epoch + 1`],
  ['state is the fold of its events', `update conversation set owner_kind = 'bot', owner_id = null`],
])('%s: is named where it does not hold', async (name, harm) => {
  await db.query(harm);
  const { ok, broken } = await verify(db, { full: true });
  expect(ok).toBe(false);
  expect(broken.map((line) => line.slice(0, name.length))).toContain(name);
});

test('two open conversations of a contact are refused by the database, and seen where the index is gone', async () => {
  const second = `insert into conversation select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid()))).*
    from conversation c`;
  await expect(db.query(second)).rejects.toMatchObject({ code: '23505' });
  const { rows } = await db.query<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index
     where indrelid = 'conversation'::regclass and indisunique and indpred is not null`,
  );
  for (const { name } of rows) await db.query(`drop index ${name}`);
  await db.query(second);
  const { broken } = await verify(db, { full: true });
  expect(broken.some((line) => line.startsWith('one open conversation a contact'))).toBe(true);
});

test('finds the same in pieces of one conversation as in one piece', async () => {
  const log = createChangeLog({ db, now: () => new Date(), acceptsAtCommit: () => false });
  for (const user of ['bob', 'eve', 'kim']) {
    await log.commit([
      {
        channel,
        sender: { externalUser: user, externalThread: user },
        dedupe: { scope: channel, key: user },
        events: ({ identity, thread }) => [
          {
            type: 'message.received',
            facts: { message: newId<MessageId>(), thread, identity, channel, kinds: ['text'] },
            body: { content: [{ kind: 'text', text: user }] },
          },
        ],
      },
    ]);
  }
  await db.query(
    `delete from event where seq = 2; update delivery set attempts = 7 where state = 'accepted'`,
  );
  const whole = await verify(db, { full: true });
  const pieces = await verify(db, { full: true, piece: 1 });
  expect(whole.broken.length).toBeGreaterThan(4);
  expect(pieces.broken.toSorted()).toEqual(whole.broken.toSorted());
  expect(pieces.checked).toEqual(whole.checked);
});
