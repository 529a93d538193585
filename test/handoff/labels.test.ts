import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationRow, TranscriptItem } from '../../handoff/api.ts';
import { codeOf, type DeskHub, type Person, startDeskHub } from './desk-hub.ts';

let hub: DeskHub;
let ann: Person;
let ben: Person;
let vera: Person;
let officer: Person;

beforeAll(async () => {
  hub = await startDeskHub();
  ann = await hub.person('Ann', 'operator');
  ben = await hub.person('Ben', 'operator');
  vera = await hub.person('Vera', 'supervisor');
  officer = await hub.person('Olga', 'compliance');
});
afterAll(() => hub.close());

/** A conversation that Ann has, and the numbers of what the client and the bot said in it. */
async function taken(client: string) {
  const row = await hub.waiting(client);
  await ann.act('take', row);
  const items = await ann.read(row.id);
  const seqOf = (from: string) =>
    items.find((item) => item.type === 'message' && item.from === from)?.seq ?? 0;
  return { row, client: seqOf('client'), bot: seqOf('bot') };
}

const put = (who: Person, { id }: Pick<ConversationRow, 'id'>, seq: number | string, intent: unknown) =>
  hub.app.inject({
    method: 'PUT',
    url: `/api/v1/conversations/${id}/messages/${seq}/label`,
    headers: who.headers,
    payload: { intent },
  });

const labels = (items: readonly TranscriptItem[]) =>
  items.flatMap((item) =>
    item.type === 'revision' && item.what === 'labelled' ? [{ of: item.of, intent: item.intent }] : [],
  );

test('the owner says what a message was about, changes it and takes it back; each is kept with who and when', async () => {
  const { row, client } = await taken('labelled');
  for (const intent of ['none', 'check_balance', null])
    expect((await put(ann, row, client, intent)).statusCode).toBe(204);
  expect(labels(await ann.read(row.id))).toEqual([
    { of: client, intent: 'none' },
    { of: client, intent: 'check_balance' },
    { of: client, intent: null },
  ]);
  const { rows } = await hub.db.query(
    `select facts -> 'by' as by, at from event where conversation = $1 and type = 'message.labelled'`,
    [row.id],
  );
  expect(rows[0]).toEqual({ by: { kind: 'operator', operator: ann.id }, at: expect.any(Date) });
});

test('a label that stands already is not written again', async () => {
  const { row, client } = await taken('labelled twice');
  for (let press = 0; press < 2; press++) await put(ann, row, client, 'check_balance');
  expect(labels(await ann.read(row.id))).toHaveLength(1);
});

test('those who neither own nor supervise the conversation label nothing in it, whoever had it before', async () => {
  const { row, client } = await taken('not yours');
  expect(codeOf(await put(ben, row, client, 'check_balance'))).toEqual([409, 'not-yours']);
  expect(codeOf(await put(officer, row, client, 'check_balance'))).toEqual([403, 'forbidden']);
  expect((await put(vera, row, client, 'check_balance')).statusCode).toBe(204);
  await ann.act('close', await ann.open(row.id));
  expect(codeOf(await put(ann, row, client, 'none'))).toEqual([409, 'not-yours']);
  expect((await put(vera, row, client, 'none')).statusCode).toBe(204);
  expect(labels(await ann.read(row.id)).map(({ intent }) => intent)).toEqual(['check_balance', 'none']);
});

test('only what a client of this conversation wrote can be about something that there is', async () => {
  const { row, client, bot } = await taken('bounds');
  const other = await taken('of another');
  expect(codeOf(await put(ann, row, bot, 'check_balance'))).toEqual([409, 'no-client-text']);
  expect(codeOf(await put(ann, row, 999, 'check_balance'))).toEqual([409, 'no-client-text']);
  expect(codeOf(await put(ann, { id: randomUUID() }, client, 'none'))).toEqual([404, 'not-found']);
  for (const intent of ['buy_gold', '', 7, undefined, 'x'.repeat(65), '\u0000'])
    expect(codeOf(await put(ann, row, client, intent))).toEqual([400, 'bad-request']);
  for (const seq of [0, -1, 1.5, 'first', '9'.repeat(30)])
    expect(codeOf(await put(ann, row, seq, 'none'))).toEqual([400, 'bad-request']);
  expect(labels(await ann.read(row.id))).toEqual([]);
  expect(labels(await ann.read(other.row.id))).toEqual([]);
});

test('what messages can be about is told to those who read them', async () => {
  expect((await officer.get('/intents')).json().intents.map(({ id }: { id: string }) => id)).toEqual([
    'check_balance',
    'none',
  ]);
  const stranger = await hub.app.inject({ url: '/api/v1/intents' });
  expect(codeOf(stranger)).toEqual([401, 'signed-out']);
});
