import { createHash, randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connector, Downloaded } from '../../../gateway/connectors/connector.ts';
import { keepBytes } from '../../../gateway/media/fetch.ts';
import { inspect } from '../../../gateway/media/inspect.ts';
import { createMediaLinks } from '../../../gateway/media/links.ts';
import { createMedia, type Media, type MediaOptions } from '../../../gateway/media/media.ts';
import type { ChannelId, ConversationId, MediaId } from '../../../gateway/model/ids.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { memoryFiles, ROOMY } from '../../fixtures/memory-files.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

const channel = 'telegram' as ChannelId;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const idOf = (n: number) => `00000000-0000-8000-8000-00000000000${n}` as MediaId;
const picture = () => sharp({ create: { width: 8, height: 4, channels: 3, background: '#f00' } });

describe('inspection', () => {
  test('paints a picture anew, turned as it says, and leaves nothing of its metadata', async () => {
    const secret = 'GPS 55.75 <script>alert(1)</script>';
    const photo = await picture()
      .withExif({ IFD0: { ImageDescription: secret } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(photo.toString('latin1')).toContain('<script>');
    const seen = await inspect(photo, 'image');
    if (seen.outcome !== 'good') throw new Error(seen.reason);
    expect(Buffer.from(seen.bytes).toString('latin1')).not.toContain('<script>');
    expect(await sharp(seen.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 4, height: 8 });
    expect((await sharp(seen.bytes).metadata()).exif).toBeUndefined();
  });

  test('believes the bytes and not the sender, and lets nothing that runs be a picture', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const html = Buffer.from('<!doctype html><script>alert(1)</script>');
    for (const bytes of [svg, html])
      expect(await inspect(bytes, 'image')).toMatchObject({
        outcome: 'good',
        type: expect.not.stringMatching(/^image\/(jpeg|png|webp|gif)$/),
      });
  });

  test('refuses a picture that unfolds to too much, one that is broken, and nothing', async () => {
    const bomb = await sharp({ create: { width: 10_000, height: 5_001, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await inspect(bomb, 'image')).toEqual({ outcome: 'refused', reason: 'too-many-pixels' });
    const broken = (await picture().png().toBuffer()).subarray(0, 60);
    expect(await inspect(broken, 'image')).toEqual({ outcome: 'refused', reason: 'broken-image' });
    expect(await inspect(Buffer.alloc(0), 'file')).toEqual({ outcome: 'refused', reason: 'empty' });
  });

  test('keeps a document as it is', async () => {
    const pdf = Buffer.from('%PDF-1.7\n%\u00e2\u00e3 body');
    expect(await inspect(pdf, 'file')).toEqual({ outcome: 'good', bytes: pdf, type: 'application/pdf' });
  });
});

describe('links', () => {
  const links = createMediaLinks(Buffer.alloc(32, 1));
  const now = new Date('2026-01-01T00:00:00Z');
  const parts = (path: string) => {
    const url = new URL(path, 'http://hub');
    const { until = '', sign = '' } = Object.fromEntries(url.searchParams);
    return [url.pathname.split('/')[2] ?? '', until, sign] as const;
  };

  test('hold for their file until they end, and for nothing else', () => {
    const [id, until, sign] = parts(links.pathOf(idOf(1), new Date('2026-01-01T00:15:00Z')));
    expect(links.isValid(id, until, sign, now)).toBe(true);
    expect(links.isValid(idOf(2), until, sign, now)).toBe(false);
    expect(links.isValid(id, String(Number(until) + 1), sign, now)).toBe(false);
    expect(links.isValid(id, until, sign, new Date('2026-01-01T00:15:00Z'))).toBe(false);
    expect(links.isValid(id, until, `${sign.slice(0, -2)}AA`, now)).toBe(false);
    expect(links.isValid(id, until, '', now)).toBe(false);
    const other = createMediaLinks(Buffer.alloc(32, 2));
    expect(other.isValid(id, until, sign, now)).toBe(false);
  });
});

describe('fetching', () => {
  let db: Database;
  let media: Media;
  let files: ReturnType<typeof memoryFiles>;
  let asked: string[];
  let answer: (source: string) => Downloaded | Promise<Downloaded>;
  let at: number;

  beforeEach(async () => {
    db = openDatabase(await freshDatabase(), () => {});
    files = memoryFiles();
    asked = [];
    answer = () => ({ outcome: 'file', bytes: Buffer.from('%PDF-1.7 body') });
    at = Date.now();
    media = start();
  });
  afterEach(async () => {
    await media.stop();
    await db.end();
  });

  function start(more: Partial<MediaOptions> = {}): Media {
    const download: Connector['download'] = async (source) => {
      asked.push(source);
      return answer(source);
    };
    const connectors = new Map([[channel, { download }]]);
    const now = () => new Date(at);
    return createMedia({
      db,
      files,
      connectors,
      now,
      log: silent,
      maxBytes: 1_000,
      publicUrl: 'http://hub',
      bounds: ROOMY,
      ...more,
    });
  }

  async function announce(n: number, source = `source ${n}`): Promise<void> {
    await db.query(
      `insert into media (id, channel, kind, state, source, name, due_at, created_at)
       values ($1, $2, 'file', 'pending', $3, 'договор.pdf', $4, $4)`,
      [idOf(n), channel, source, new Date(at)],
    );
  }

  async function settled(n: number, holds: (state: object) => boolean): Promise<object> {
    for (;;) {
      const { rows } = await db.query('select state, reason, attempts, due_at from media where id = $1', [
        idOf(n),
      ]);
      if (holds(rows[0])) return rows[0];
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  const is = (state: string) => (row: object) => 'state' in row && row.state === state;
  const wasTried = (times: number) => (row: object) =>
    'reason' in row && row.reason !== null && 'attempts' in row && row.attempts === times;

  test('stores each once under its hash, and equal bytes once', async () => {
    await announce(1);
    await announce(2);
    media.wake();
    media.wake();
    await settled(1, is('stored'));
    await settled(2, is('stored'));
    media.wake();
    await media.stop();
    expect([...asked].sort()).toEqual(['source 1', 'source 2']);
    const hash = createHash('sha256').update('%PDF-1.7 body').digest('hex');
    expect([...files.kept.keys()]).toEqual([hash]);
    expect(await media.look(idOf(1))).toMatchObject({
      state: 'stored',
      type: 'application/pdf',
      size: 13,
      name: 'договор.pdf',
    });
    expect(Buffer.from(await media.read(idOf(1))).toString()).toBe('%PDF-1.7 body');
  });

  test('tries again, later and later, and gives up with the reason', async () => {
    answer = () => ({ outcome: 'retry', reason: 'http-502' });
    await announce(1);
    media.wake();
    let waited = 0;
    for (let attempt = 1; attempt < 10; attempt++) {
      const row = await settled(1, wasTried(attempt));
      const due = 'due_at' in row && row.due_at instanceof Date ? row.due_at.getTime() : 0;
      expect(due - at).toBeGreaterThan(waited);
      waited = due - at;
      at = due;
      media.wake();
    }
    expect(await settled(1, is('failed'))).toMatchObject({ reason: 'http-502', attempts: 10 });
  });

  test('refuses for good what the network will not give and what is too large', async () => {
    answer = (source) =>
      source === 'source 1'
        ? { outcome: 'refused', reason: 'http-404' }
        : { outcome: 'file', bytes: Buffer.alloc(1_001, 1) };
    await announce(1);
    await announce(2);
    media.wake();
    expect(await settled(1, is('refused'))).toMatchObject({ reason: 'http-404' });
    expect(await settled(2, is('refused'))).toMatchObject({ reason: 'too-large' });
    expect(files.kept.size).toBe(0);
  });

  test('takes up what a crash cut off, and a connector that throws', async () => {
    answer = () => new Promise(() => {});
    await announce(1);
    media.wake();
    await settled(1, (row) => 'attempts' in row && row.attempts === 1);
    // The process that claimed it is gone; another comes when the claim has ended.
    const other = start();
    other.wake();
    await other.stop();
    expect(asked).toHaveLength(1);
    at += 300_001;
    answer = () => Promise.reject(new Error('broken'));
    const third = start();
    third.wake();
    expect(await settled(1, wasTried(2))).toMatchObject({ state: 'pending', reason: 'failed' });
    await third.stop();
    answer = () => ({ outcome: 'file', bytes: Buffer.from('x') });
    media = start();
    at += 3_600_000;
    media.wake();
    await settled(1, is('stored'));
  });

  test('takes away the files of an erased contact, but for those that somebody else has', async () => {
    answer = (source) => ({ outcome: 'file', bytes: Buffer.from(source === 'source 1' ? 'own' : 'shared') });
    for (const n of [1, 2, 3]) await announce(n);
    media.wake();
    for (const n of [1, 2, 3]) await settled(n, is('stored'));
    const conversation = '00000000-0000-7000-8000-000000000001' as never;
    const content = [1, 2].map((n) => ({ kind: 'file', media: { id: idOf(n) } }));
    await db.query('create table event_now partition of event default');
    await db.query(
      `insert into event (conversation, seq, at, type, schema, facts, body) values ($1, 1, now(), 'message.received', 1, '{}', $2)`,
      [conversation, JSON.stringify({ content })],
    );
    await media.erase([conversation]);
    expect(await media.look(idOf(1))).toMatchObject({ state: 'erased', name: null });
    expect(await media.look(idOf(2))).toMatchObject({ state: 'erased' });
    expect(await media.look(idOf(3))).toMatchObject({ state: 'stored' });
    expect([...files.kept.values()].map((bytes) => Buffer.from(bytes).toString())).toEqual(['shared']);
    await expect(media.read(idOf(1))).rejects.toThrow('not stored');
  });

  test('keeps the file of an erased contact that another message is just storing, and takes it where none comes of it', async () => {
    const put = files.put;
    let written = () => {};
    let goOn = () => {};
    for (const n of [1, 2, 3]) await announce(n);
    answer = (source) => ({ outcome: 'file', bytes: Buffer.from(source === 'source 3' ? 'late' : 'shared') });
    // Its bytes are written, and its row is not yet, while the contact of the other message is erased.
    const eraseBetween = async (n: number, erased: readonly number[]): Promise<void> => {
      const isWritten = new Promise<void>((resolve) => {
        written = resolve;
      });
      const held = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      files.put = async (hash, bytes) => {
        await put(hash, bytes);
        written();
        await held;
      };
      await db.query(`update media set due_at = now() - interval '1 hour' where id = $1`, [idOf(n)]);
      media.wake();
      await isWritten;
      await media.erase(await conversationNaming(erased));
      goOn();
    };
    await db.query(`update media set due_at = now() + interval '1 hour' where id <> $1`, [idOf(1)]);
    media.wake();
    await settled(1, is('stored'));
    await eraseBetween(2, [1]);
    expect(await settled(2, is('stored'))).toMatchObject({ state: 'stored' });
    expect(Buffer.from(await media.read(idOf(2))).toString()).toBe('shared');
    // Erased itself while its bytes were written: nothing of it stays.
    await eraseBetween(3, [3]);
    await expect.poll(() => files.kept.size).toBe(1);
    expect(await media.look(idOf(3))).toMatchObject({ state: 'erased' });
  });

  /** A conversation whose one message names these media. */
  async function conversationNaming(media: readonly number[]) {
    const conversation = randomUUID() as ConversationId;
    const content = media.map((n) => ({ kind: 'file', media: { id: idOf(n) } }));
    await db.query('create table if not exists event_now partition of event default');
    await db.query(
      `insert into event (conversation, seq, at, type, schema, facts, body) values ($1, 1, now(), 'message.received', 1, '{}', $2)`,
      [conversation, JSON.stringify({ content })],
    );
    return [conversation];
  }

  test('holds or passes what cannot be scanned, as it is set, and refuses what is infected', async () => {
    const away = async () => ({ verdict: 'away', reason: 'ECONNREFUSED' }) as const;
    const found = async () => ({ verdict: 'infected', name: 'Eicar-Signature' }) as const;
    const keep = (scan: MediaOptions['scan']) =>
      keepBytes(Buffer.from('x'), 'file', { files, maxBytes: 10, ...(scan && { scan }) });
    expect(await keep({ ask: away, whenAway: 'hold' })).toEqual({ outcome: 'retry', reason: 'scanner-away' });
    expect(await keep({ ask: found, whenAway: 'pass' })).toEqual({ outcome: 'refused', reason: 'infected' });
    expect(files.kept.size).toBe(0);
    expect(await keep({ ask: away, whenAway: 'pass' })).toMatchObject({ outcome: 'kept' });
  });
});
