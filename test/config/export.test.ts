import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../../config/cli.ts';
import { ROOT } from '../../config/version.ts';
import { maskLine } from '../../gateway/mask-export.ts';
import type { ExportedEvent, ExportedLine } from '../../gateway/store/export.ts';
import { ensureBuilt } from '../fixtures/built.ts';
import { type LedgerHub, startLedgerHub } from '../gateway/ledger/ledger-hub.ts';

const CLIENTS = 103;
const LONG = 180;

let ledger: LedgerHub;

beforeAll(async () => {
  ledger = await startLedgerHub();
  vi.stubEnv('DATABASE_URL', ledger.url);
  await ledger.hears('79160000001', 'Меня зовут Анна Петрова, звоните +7 916 123-45-67');
  const others = Array.from({ length: CLIENTS - 1 }, (_, n) => `person-${n}`);
  await Promise.all(others.map((client) => ledger.hears(client, 'раз')));
  for (let n = 0; n < LONG; n++) await ledger.hears('person-0', `${n}`);
  const allAnswered = async () => {
    const { rowCount } = await ledger.db.query('select from due_turn');
    if (rowCount !== 0) throw new Error(`${rowCount} turns are due`);
  };
  await vi.waitFor(allAnswered, { timeout: 30_000 });
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await ledger.close();
});

async function exported(...argv: string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const out = text(stdout);
  const code = await main(['export', ...argv], { stdin, stdout, stderr });
  stdout.end();
  stderr.end();
  const lines = (await out).split('\n').filter(Boolean);
  return { code, lines: lines.map((line) => JSON.parse(line) as ExportedLine), said: await text(stderr) };
}

const isEvent = (line: ExportedLine): line is ExportedEvent => line.type === 'event';

test('writes every conversation once, each followed by all of its events in order, whatever fits a page', async () => {
  const { code, lines, said } = await exported('--plain');
  expect(code).toBe(0);
  const { rows } = await ledger.db.query<{ conversation: string; seq: number }>(
    'select conversation, seq from event order by conversation, seq',
  );
  const events = lines.filter(isEvent);
  expect(events.map(({ conversation, seq }) => ({ conversation, seq }))).toEqual(rows);
  expect(Math.max(...events.map(({ seq }) => seq))).toBeGreaterThan(500);
  const heads = lines.flatMap((line) => (line.type === 'conversation' ? [line.id] : []));
  expect(new Set(heads).size).toBe(CLIENTS);
  expect(heads).toHaveLength(CLIENTS);
  let head: string | undefined;
  for (const line of lines) {
    if (line.type === 'conversation') head = line.id;
    else expect(line.conversation).toBe(head);
  }
  expect(said).toBe(`${CLIENTS} conversations, ${events.length} events\n`);
  expect(JSON.stringify(lines)).toContain('Анна Петрова');
});

test('masks who somebody is unless it is told not to, takes one person or a stretch of time, and is on record', async () => {
  const { rows } = await ledger.db.query<{ contact: string }>(
    `select contact from identity where external_user = '79160000001'`,
  );
  const contact = rows[0]?.contact ?? '';
  const { lines, said } = await exported('--contact', contact);
  const all = JSON.stringify(lines);
  for (const secret of ['Анна', 'Петрова', '123-45-67', '79160000001']) expect(all).not.toContain(secret);
  expect(lines[0]).toMatchObject({ contact, identities: [{ externalUser: '•••01', name: null }] });
  expect(lines.filter(isEvent).find(({ event }) => event === 'message.received')?.body).toMatchObject({
    content: [{ kind: 'text', text: expect.stringMatching(/^Меня зовут Иван/) }],
  });
  expect(said).toMatch(/^1 conversation, \d+ events, personal data masked\n$/);
  expect((await exported('--plain', '--to', '2020-01-01')).lines).toEqual([]);
  expect((await exported('--plain', '--from', '2020-01-01', '--to', '2020-01-02T00:00:00Z')).lines).toEqual(
    [],
  );
  const audit = await ledger.db.query<{ subject: string; detail: object }>(
    `select subject, detail from audit where act = 'conversations.exported' order by at`,
  );
  expect(audit.rows).toContainEqual({ subject: contact, detail: { data: 'masked' } });
  expect(audit.rows).toContainEqual({ subject: null, detail: { data: 'plain' } });
});

test('a replay tells which turns the shipped scripts would answer otherwise, and changes nothing', async () => {
  const before = await ledger.db.query('select count(*) from event');
  const { rows } = await ledger.db.query<{ contact: string }>(
    `select contact from identity where external_user = '79160000001'`,
  );
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const out = text(stdout);
  const code = await main(['script', 'replay', '--contact', rows[0]?.contact ?? '', '--json'], {
    stdin,
    stdout,
    stderr,
  });
  stdout.end();
  const lines = (await out)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  // This hub's own bot repeats what it hears.
  expect(lines).toMatchObject([
    { asked: expect.stringMatching(/^Меня зовут Иван/), was: [expect.stringMatching(/^< re: Меня/)] },
    { conversations: 1, turns: 1, changed: 1 },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/Петрова|123-45-67/);
  expect((await ledger.db.query('select count(*) from event')).rows).toEqual(before.rows);
  const audit = await ledger.db.query(`select from audit where act = 'conversations.replayed'`);
  expect(audit.rowCount).toBe(1);
});

test('of what is no words of somebody only the facts stay, and a place loses its house', () => {
  const event = { type: 'event', seq: 1, at: new Date(0), facts: { a: 1 } } as unknown as ExportedEvent;
  const masked = (name: string, body: unknown) =>
    maskLine({ ...event, event: name as ExportedEvent['event'], body }, (said) => said.toUpperCase());
  expect(masked('turn.completed', { state: { frames: ['secret'] } })).toMatchObject({
    facts: { a: 1 },
    body: null,
  });
  expect(masked('identity.proved', { customer: '77' })).toMatchObject({ body: null });
  expect(masked('note.added', { text: 'злой', clientId: 'x' })).toMatchObject({ body: { text: 'ЗЛОЙ' } });
  const content = [
    { kind: 'location', latitude: 55.7512, longitude: 37.6184, address: 'Тверская, 1' },
    { kind: 'contact', name: 'Анна', phone: '+79161234567', ownNumber: true },
    { kind: 'image', media: { id: 'm' }, name: 'паспорт Анны.png', caption: 'мой' },
    {
      kind: 'choices',
      choices: [{ kind: 'link', id: 'a', text: 'Да', url: 'https://bank.example/Анна?a=1' }],
    },
  ];
  expect(masked('message.received', { content, raw: { from: 'Анна' } })).toMatchObject({
    body: {
      content: [
        { kind: 'location', latitude: 56, longitude: 38 },
        { kind: 'contact', name: '•••', phone: '•••67' },
        { kind: 'image', media: { id: 'm' }, caption: 'МОЙ' },
        { kind: 'choices', choices: [{ id: 'a', text: 'Да', url: 'https://bank.example' }] },
      ],
    },
  });
  expect(JSON.stringify(masked('message.received', { content, raw: { from: 'Анна' } }))).not.toMatch(
    /Анн|Тверская/,
  );
});

/** Runs the command as people do, and reads only as much as `head` would. */
async function headOf(argv: readonly string[]): Promise<{ code: unknown; said: string }> {
  const env = { ...process.env, DATABASE_URL: ledger.url, DATA_DIR: 'node_modules/.cache/okno-test' };
  const okno = spawn(process.execPath, [join(ROOT, 'config', 'bin.mjs'), ...argv], { env, cwd: ROOT });
  const said = text(okno.stderr);
  const ended = once(okno, 'exit');
  await once(okno.stdout, 'data');
  okno.stdout.destroy();
  const [code] = await ended;
  return { code, said: await said };
}

test('ends quietly when its reader has read enough', async () => {
  await ensureBuilt();
  expect(await headOf(['export', '--plain'])).toEqual({ code: 0, said: '' });
}, 120_000);
