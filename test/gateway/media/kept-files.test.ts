import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMedia, type Media } from '../../../gateway/media/media.ts';
import { createOrphans } from '../../../gateway/media/orphans.ts';
import type { ChannelId } from '../../../gateway/model/ids.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { GRACE_MS } from '../../../gateway/store/kept-files.ts';
import { quarantine } from '../../../gateway/store/quarantine.ts';
import { memoryFiles } from '../../fixtures/memory-files.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

const channel = 'webchat' as ChannelId;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const ann = { channel, externalUser: 'ann' };
const DAY_MS = 24 * 3_600_000;

let db: Database;
let media: Media;
let files: ReturnType<typeof memoryFiles>;
let clock: Date;

beforeEach(async () => {
  db = openDatabase(await freshDatabase(), () => {});
  files = memoryFiles();
  clock = new Date();
  media = createMedia({
    db,
    files,
    connectors: new Map(),
    now: () => clock,
    log: silent,
    maxBytes: 1_000,
    publicUrl: 'http://hub',
    bounds: { senderBytes: 100, channelBytes: 150 },
  });
});
afterEach(async () => {
  await media.stop();
  await db.end();
});

const bytesOf = (text: string, size = 60) => Buffer.from(text.padEnd(size));
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const pass = (ms: number) => {
  clock = new Date(clock.getTime() + ms);
};
const sweep = () => createOrphans({ db, files, now: () => clock, log: silent }).sweep();

/** The row that a stored message has for its file. */
async function name(hash: string): Promise<void> {
  await db.query(
    `insert into media (id, kind, state, hash, due_at, created_at)
     values (gen_random_uuid(), 'file', 'stored', decode($1, 'hex'), $2, $2)`,
    [hash, clock],
  );
}

async function keep(text: string, by = ann): Promise<string> {
  const kept = await media.keep(bytesOf(text), 'file', by);
  return kept.outcome === 'kept' ? kept.hash : kept.outcome;
}

test('a visitor stores no more in a day than their bound, and the channel no more than its own', async () => {
  expect(await keep('one')).toBe(hashOf(bytesOf('one')));
  expect(await keep('two')).toBe('over-bound');
  expect(files.kept.size).toBe(1);
  expect(await media.hasRoom(ann, 40)).toBe(true);
  expect(await media.hasRoom(ann, 41)).toBe(false);
  expect(await keep('three', { channel, externalUser: 'bob' })).toHaveLength(64);
  expect(await keep('four', { channel, externalUser: 'eve' })).toBe('over-bound');
  pass(DAY_MS + 1);
  expect(await keep('two')).toHaveLength(64);
});

test('files that come at the same time do not pass the bound together', async () => {
  const kept = await Promise.all(['a', 'b', 'c', 'd'].map((text) => keep(text)));
  expect(kept.filter((one) => one === 'over-bound')).toHaveLength(3);
});

test('bytes that no message names are removed after a time, and those that one names stay', async () => {
  const orphan = await keep('orphan');
  pass(1_000);
  const named = await keep('named', { channel, externalUser: 'bob' });
  await name(named);
  // It may still be on its way into the store.
  expect(await sweep()).toBe(0);
  pass(GRACE_MS + 1);
  expect(await sweep()).toBe(1);
  expect([...files.kept.keys()]).toEqual([named]);
  expect(files.kept.has(orphan)).toBe(false);
  // Once the named one was erased, its bytes go as well, if erasure itself was cut off before it removed them.
  await db.query(`update media set state = 'erased', hash = null`);
  expect(await sweep()).toBe(1);
  expect(files.kept.size).toBe(0);
});

test('bytes that come again are young again: a message that is being stored keeps them', async () => {
  await keep('again');
  pass(GRACE_MS + 1);
  await keep('again', { channel, externalUser: 'bob' });
  expect(await sweep()).toBe(0);
  expect(files.kept.size).toBe(1);
});

test('whoever keeps the same bytes while they are removed has them in the end', async () => {
  await keep('same');
  pass(GRACE_MS + 1);
  await Promise.all([sweep(), keep('same', { channel, externalUser: 'bob' })]);
  expect([...files.kept.keys()]).toEqual([hashOf(bytesOf('same'))]);
});

test('what waits in the quarantine keeps its bytes, so that it can be taken in again', async () => {
  const hash = await keep('put aside');
  await quarantine(db, channel, 'not-storable', JSON.stringify({ content: [{ kept: { hash } }] }), clock);
  pass(GRACE_MS + 1);
  expect(await sweep()).toBe(0);
  await db.query('update quarantine set raw = null');
  expect(await sweep()).toBe(1);
});

test('a file that cannot be removed now is removed by a later sweep', async () => {
  await keep('stuck');
  pass(GRACE_MS + 1);
  const remove = () => Promise.reject(new Error('the bucket is away'));
  const broken = createOrphans({ db, files: { remove }, now: () => clock, log: silent });
  await expect(broken.sweep()).rejects.toThrow('the bucket is away');
  expect(await sweep()).toBe(1);
});
