import { afterEach, beforeEach, expect, test } from 'vitest';
import { close } from '../../../gateway/decide-turn.ts';
import { newId } from '../../../gateway/ids.ts';
import type { ContactId, ConversationId, MediaId, MessageId } from '../../../gateway/model/ids.ts';
import { eraseContact } from '../../../gateway/store/erase.ts';
import { hold, release } from '../../../gateway/store/holds.ts';
import { GRACE_MS, removeOrphans } from '../../../gateway/store/kept-files.ts';
import { quarantine } from '../../../gateway/store/quarantine.ts';
import { applyRetention, planRetention } from '../../../gateway/store/retention.ts';
import { verify } from '../../../gateway/store/verify.ts';
import { CHANNEL, type LedgerHub, startLedgerHub } from '../ledger/ledger-hub.ts';

const DAY_MS = 86_400_000;
const KEPT = { conversationsMs: 365 * DAY_MS, quarantineMs: 14 * DAY_MS };
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);
/** Everything that happens in these tests is past its time then, and the whole month of it too. */
const later = () => inDays(400);
const thisMonth = `event_${new Date().toISOString().slice(0, 7).replace('-', '_')}`;

let ledger: LedgerHub;
beforeEach(async () => {
  ledger = await startLedgerHub();
});
afterEach(async () => {
  const { broken } = await verify(ledger.db, { full: true });
  await ledger.close();
  expect(broken).toEqual([]);
});

interface Talk {
  readonly id: ConversationId;
  readonly contact: ContactId;
}

/** A client says something and is answered. */
async function talk(client: string): Promise<Talk> {
  const before = ledger.network.textsTo(client).length;
  await ledger.hears(client, 'раз');
  await expect.poll(() => ledger.network.textsTo(client), { timeout: 15_000 }).toHaveLength(before + 1);
  await expect
    .poll(async () => (await ledger.db.query(`select from delivery where state <> 'accepted'`)).rows, {
      timeout: 15_000,
    })
    .toEqual([]);
  const { rows } = await ledger.db.query<Talk>(
    `select c.id, c.contact from conversation c join identity i on i.contact = c.contact
     where i.external_user = $1 and c.status = 'open'`,
    [client],
  );
  const [found] = rows;
  if (!found) throw new Error('no conversation was opened');
  return found;
}

async function end({ id }: Talk): Promise<void> {
  await ledger.hub.change.commit([
    { conversation: id, events: close({ owner: { kind: 'bot' }, epoch: 0 }, { kind: 'hub' }, 'silence') },
  ]);
}

/** A message of the conversation shows a file with these bytes as its hash. */
async function show({ id }: Talk, hash: string): Promise<MediaId> {
  const media = newId<MediaId>();
  await ledger.db.query(
    `insert into media (id, kind, state, hash, due_at, created_at) values ($1, 'image', 'stored', $2, now(), now())`,
    [media, Buffer.from(hash)],
  );
  const facts = {
    message: newId<MessageId>(),
    of: 1,
    by: { kind: 'contact' as const },
    kinds: ['image' as const],
  };
  const body = { content: [{ kind: 'image' as const, media: { id: media } }] };
  await ledger.hub.change.commit([{ conversation: id, events: [{ type: 'message.edited', facts, body }] }]);
  return media;
}

async function count(table: string): Promise<number> {
  return (await ledger.db.query(`select count(*) as count from ${table}`)).rows[0].count;
}

async function months(): Promise<number> {
  return count(`pg_inherits where inhparent = 'event'::regclass`);
}

test('what ended long ago goes with everything of it; what is open or held stays, and the plan says so', async () => {
  const [gone, held, open] = [await talk('gone'), await talk('held'), await talk('open')];
  await end(gone);
  await end(held);
  await hold(ledger.db, { contact: held.contact }, 'суд', 'cli', new Date());
  const planned = await planRetention(ledger.db, KEPT, later());
  expect(planned).toMatchObject({ conversations: 1, kept: { held: 1, unfinished: 0 } });
  expect(planned.partitions).not.toContain(thisMonth);
  expect((await planRetention(ledger.db, KEPT, new Date())).conversations).toBe(0);
  const retired = await applyRetention(ledger.db, KEPT, later());
  expect(retired.conversations).toBe(1);
  expect(retired.partitions).not.toContain(thisMonth);
  const { rows } = await ledger.db.query('select id from conversation order by id');
  expect(rows.map(({ id }) => id)).toEqual([held.id, open.id].sort());
  for (const table of ['event', 'delivery', 'binding', 'dedupe'])
    expect([table, await count(`${table} where conversation = '${gone.id}'`)]).toEqual([table, 0]);
  expect(await count('attempt')).toBe(2);
});

test('files of a conversation that goes are named by nothing more, and their rows are gone; shared ones stay', async () => {
  const [gone, open] = [await talk('gone'), await talk('open')];
  const own = await show(gone, 'own');
  const shared = await show(gone, 'shared');
  await show(open, 'shared');
  await end(gone);
  await applyRetention(ledger.db, KEPT, later());
  const { rows } = await ledger.db.query(`select encode(hash, 'escape') as hash from media`);
  expect(rows).toEqual([{ hash: 'shared' }]);
  expect(await count(`media where id = any('{${own},${shared}}')`)).toBe(0);
  const removed: string[] = [];
  const hours = new Date(later().getTime() + 2 * GRACE_MS);
  expect(await removeOrphans(ledger.db, async (hash) => void removed.push(hash), hours)).toBe(1);
  expect(removed).toEqual([Buffer.from('own').toString('hex')]);
});

test('a term of a shard goes once it was over before what is kept; the one after it stays', async () => {
  await ledger.db.query(
    `insert into shard_term (shard, term, taken_at) values (0, -2, $1::timestamptz), (0, -1, $2::timestamptz)`,
    [inDays(-500), inDays(-450)],
  );
  const of = async (term: number) => count(`shard_term where shard = 0 and term = ${term}`);
  expect([await of(-2), await of(-1), await of(0)]).toEqual([1, 1, 1]);
  await applyRetention(ledger.db, KEPT, new Date());
  expect([await of(-2), await of(-1), await of(0)]).toEqual([0, 1, 1]);
});

test('a month of the log of which nothing is left is dropped, and others are not', async () => {
  const [one, two] = [await talk('one'), await talk('two')];
  await end(one);
  await end(two);
  const held = await hold(ledger.db, { conversation: two.id }, 'проверка', 'cli', new Date());
  expect((await applyRetention(ledger.db, KEPT, later())).conversations).toBe(1);
  const { rows } = await ledger.db.query('select from event where conversation = $1', [two.id]);
  expect(rows.length).toBeGreaterThan(0);
  if (!held) throw new Error('nothing was held');
  expect(await release(ledger.db, held, 'cli', new Date())).toBe(true);
  expect(await release(ledger.db, held, 'cli', new Date())).toBe(false);
  expect((await planRetention(ledger.db, KEPT, later())).partitions).toContain(thisMonth);
  const before = await months();
  const { partitions } = await applyRetention(ledger.db, KEPT, later());
  expect(partitions).toContain(thisMonth);
  expect(await months()).toBe(before - partitions.length);
  expect(await count('event')).toBe(0);
});

test('a client whose conversations are gone is known again, and answered', async () => {
  await end(await talk('ann'));
  await ledger.db.query(`update identity set name = 'Анна'`);
  await applyRetention(ledger.db, { ...KEPT, conversationsMs: 0 }, inDays(1));
  expect(await count('conversation')).toBe(0);
  const { rows } = await ledger.db.query('select name, external_user from identity');
  expect(rows).toEqual([{ name: null, external_user: 'ann' }]);
  await talk('ann');
});

test('payloads of the quarantine go soon, and what nobody decided is marked as expired', async () => {
  await quarantine(ledger.db, CHANNEL, 'not-json', 'старое', new Date());
  await quarantine(ledger.db, CHANNEL, 'not-json', 'новое', inDays(30));
  expect((await planRetention(ledger.db, KEPT, inDays(30))).quarantined).toBe(1);
  expect((await applyRetention(ledger.db, KEPT, inDays(30))).quarantined).toBe(1);
  const { rows } = await ledger.db.query('select raw, decision, decided_by from quarantine order by at');
  expect(rows).toEqual([
    { raw: null, decision: 'expired', decided_by: 'hub' },
    { raw: Buffer.from('новое'), decision: null, decided_by: null },
  ]);
  expect((await applyRetention(ledger.db, KEPT, inDays(30))).quarantined).toBe(0);
});

test('erasure takes the texts and names of one contact, and nothing of the others', async () => {
  const [ann, bob] = [await talk('ann'), await talk('bob')];
  await ledger.db.query(`update identity set name = external_user`);
  expect(await eraseContact(ledger.db, ann.contact, 'cli', new Date())).toEqual({
    outcome: 'unfinished',
    conversation: ann.id,
  });
  await end(ann);
  const held = await hold(ledger.db, { conversation: ann.id }, 'суд', 'cli', new Date());
  expect((await eraseContact(ledger.db, ann.contact, 'cli', new Date())).outcome).toBe('held');
  await release(ledger.db, held ?? '', 'cli', new Date());
  const erased = await eraseContact(ledger.db, ann.contact, 'cli', new Date());
  expect(erased).toMatchObject({ outcome: 'erased', conversations: 1 });
  const { rows } = await ledger.db.query(
    `select conversation, count(*) filter (where body is not null or salt is not null) as kept, count(hash) as hashed
     from event group by conversation order by conversation`,
  );
  expect(rows.map(({ conversation, kept }) => [conversation, kept > 0])).toEqual(
    [
      [ann.id, false],
      [bob.id, true],
    ].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
  expect(rows.every(({ hashed }) => hashed > 0)).toBe(true);
  const { rows: names } = await ledger.db.query('select name from identity order by external_user');
  expect(names).toEqual([{ name: null }, { name: 'bob' }]);
  expect((await eraseContact(ledger.db, bob.id as unknown as ContactId, 'cli', new Date())).outcome).toBe(
    'missing',
  );
});
