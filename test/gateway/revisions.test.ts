import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Inbound } from '../../gateway/connectors/inbound.ts';
import { createInbound, type Receive } from '../../gateway/inbound.ts';
import type { Event } from '../../gateway/model/events.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';
import { createChangeLog } from '../../gateway/store/change-log.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { verify } from '../../gateway/store/verify.ts';
import { freshDatabase } from '../fixtures/postgres.ts';

const channel = 'telegram' as ChannelId;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const onMedia = vi.fn();

let db: Database;
let receive: Receive;

beforeEach(async () => {
  onMedia.mockClear();
  db = openDatabase(await freshDatabase(), () => {});
  const now = () => new Date();
  const change = createChangeLog({ db, now, acceptsAtCommit: () => false });
  const pieces = { add: async () => {} };
  const receipts = { take: async () => {} };
  const linking = { redeem: async () => undefined, look: async () => ({ state: 'ended' as const }) };
  receive = createInbound({ db, change, pieces, receipts, linking, now, log: silent, onMedia });
});
afterEach(async () => {
  expect(await verify(db, { full: true })).toMatchObject({ ok: true, broken: [] });
  await db.end();
});

let keys = 0;
type Part<T extends Inbound['type']> = Omit<Extract<Inbound, { type: T }>, 'dedupeKey' | 'sender'>;

function from<T extends Inbound['type']>(user: string, part: Part<T>): Inbound {
  keys += 1;
  const sender = { externalUser: user, externalThread: user, locale: 'ru' as const };
  return { ...part, dedupeKey: `key ${keys}`, sender } as unknown as Inbound;
}

const says = (user: string, externalId: string, text: string) =>
  from<'message'>(user, { type: 'message', externalId, content: [{ kind: 'text', text }] });
const edits = (user: string, externalId: string, text: string) =>
  from<'edit'>(user, { type: 'edit', externalId, content: [{ kind: 'text', text }] });

const hand = (...inbound: Inbound[]) => receive(channel, {}, { authentic: true, inbound });

async function log(): Promise<readonly Pick<Event, 'type' | 'seq' | 'facts' | 'body'>[]> {
  const { rows } = await db.query(
    `select type, seq, facts, body from event
     where type ~ '^(message|reaction)' order by conversation, seq`,
  );
  return rows;
}

describe('an edit', () => {
  test('is an event beside its message, whose words stay; again, it counts once', async () => {
    const edit = edits('ann', '5', 'на двести');
    await hand(says('ann', '5', 'на сто'));
    await hand(edit, edit);
    await hand(edit);
    expect(await log()).toMatchObject([
      { type: 'message.received', body: { content: [{ text: 'на сто' }] } },
      {
        type: 'message.edited',
        facts: { of: 3, by: { kind: 'contact' } },
        body: { content: [{ text: 'на двести' }] },
      },
    ]);
  });

  test('finds its message though both come at once, and what is said after them keeps its place', async () => {
    await Promise.all([
      hand(says('ann', '5', 'раз')),
      hand(edits('ann', '5', 'два')),
      hand(says('ann', '6', 'три'), says('ann', '7', 'четыре')),
    ]);
    expect((await log()).map(({ type, body }) => [type, JSON.stringify(body)])).toMatchObject([
      ['message.received', expect.stringContaining('раз')],
      ['message.edited', expect.stringContaining('два')],
      ['message.received', expect.stringContaining('три')],
      ['message.received', expect.stringContaining('четыре')],
    ]);
  });

  test('of a message that never came is kept as one that says so, and is itself edited later', async () => {
    await hand(edits('ann', '9', 'новые слова'));
    await hand(edits('ann', '9', 'ещё новее'));
    expect(await log()).toMatchObject([
      { type: 'message.received', facts: { edited: true }, body: { content: [{ text: 'новые слова' }] } },
      { type: 'message.edited', body: { content: [{ text: 'ещё новее' }] } },
    ]);
  });

  test('of one person never reaches the message of another', async () => {
    await hand(says('ann', '5', 'моё'));
    await hand(edits('bob', '5', 'чужое'));
    expect(await log()).toMatchObject([
      { type: 'message.received', body: { content: [{ text: 'моё' }] } },
      { type: 'message.received', facts: { edited: true } },
    ]);
  });

  test('after the conversation is over belongs to that conversation', async () => {
    await hand(says('ann', '5', 'раз'));
    await db.query(
      `update conversation set status = 'closed', seq = seq + 2, epoch = 1, owner_kind = 'nobody'`,
    );
    const { rows } = await db.query<{ id: string; seq: number }>('select id, seq from conversation');
    const end = (seq: number, type: string, facts: object) =>
      db.query(
        `insert into event (conversation, seq, at, type, schema, facts) values ($1, $2, now(), $3, 1, $4)`,
        [rows[0]?.id, seq, type, JSON.stringify(facts)],
      );
    const by = { kind: 'hub' };
    await end(4, 'owner.changed', {
      from: { kind: 'bot' },
      to: { kind: 'nobody' },
      epoch: 1,
      by,
      reason: 'silence',
    });
    await end(5, 'conversation.closed', { by, reason: 'silence' });
    await hand(edits('ann', '5', 'два'));
    expect(await log()).toMatchObject([{ seq: 3 }, { type: 'message.edited', seq: 6, facts: { of: 3 } }]);
    expect((await db.query('select from conversation')).rowCount).toBe(1);
  });
});

test('a deletion and reactions are events; of an unknown message they are kept aside', async () => {
  await hand(says('ann', '5', 'раз'));
  await hand(from<'reaction'>('ann', { type: 'reaction', externalId: '5', emoji: ['👍'] }));
  await hand(from<'delete'>('ann', { type: 'delete', externalId: '5' }));
  expect(await log()).toMatchObject([
    { type: 'message.received', body: { content: [{ text: 'раз' }] } },
    { type: 'reaction.changed', facts: { of: 3 }, body: { emoji: ['👍'] } },
    { type: 'message.deleted', facts: { of: 3 } },
  ]);
  const outcomes = await hand(from<'delete'>('ann', { type: 'delete', externalId: 'unknown' }));
  expect(outcomes).toEqual([{ outcome: 'quarantined' }]);
  expect((await db.query('select reason from quarantine')).rows).toEqual([{ reason: 'unknown-message' }]);
});

test('reactions that are told one after another add up, side by side and when told again', async () => {
  const one = (change: 'added' | 'removed', emoji: string) =>
    from<'reaction'>('ann', { type: 'reaction', externalId: '5', emoji: [emoji], change });
  const thumb = one('added', '👍');
  await hand(says('ann', '5', 'раз'));
  await Promise.all([hand(thumb), hand(one('added', '🎉')), hand(thumb), hand(one('added', ':logo:'))]);
  await hand(one('removed', '👍'));
  await hand(one('removed', '🙏'));
  const stood = (await log()).slice(1).map(({ body }) => body);
  expect(stood).toEqual([
    { emoji: ['👍'] },
    { emoji: ['👍', '🎉'] },
    { emoji: ['👍', '🎉', ':logo:'] },
    { emoji: ['🎉', ':logo:'] },
    { emoji: ['🎉', ':logo:'] },
  ]);
});

test('an answer to a message names it', async () => {
  await hand(says('ann', '5', 'раз'));
  await hand(
    from<'message'>('ann', { type: 'message', replyTo: '5', content: [{ kind: 'text', text: 'это' }] }),
  );
  const [first, second] = await log();
  if (first?.type !== 'message.received') throw new Error('the message was not stored');
  expect(second?.facts).toMatchObject({
    repliesTo: (first.facts as Event<'message.received'>['facts']).message,
  });
});

test('media are announced with their message, each source once, and the log holds only their ids', async () => {
  const photo = { kind: 'image', source: 'file-1', caption: 'чек' } as const;
  const message = from<'message'>('ann', {
    type: 'message',
    externalId: '5',
    content: [photo, { ...photo, caption: 'он же' }],
  });
  await hand(message, message);
  await hand(
    from<'edit'>('ann', { type: 'edit', externalId: '5', content: [{ ...photo, caption: 'чек №2' }] }),
  );
  const { rows } = await db.query<{ id: string; source: string; state: string }>(
    'select id, source, state from media',
  );
  expect(rows).toMatchObject([{ source: 'file-1', state: 'pending' }]);
  const events = await log();
  expect(JSON.stringify(events)).not.toContain('file-1');
  expect(events).toMatchObject([
    { body: { content: [{ kind: 'image', media: { id: rows[0]?.id }, caption: 'чек' }, {}] } },
    { type: 'message.edited', body: { content: [{ media: { id: rows[0]?.id } }] } },
  ]);
  expect(onMedia).toHaveBeenCalled();
});
