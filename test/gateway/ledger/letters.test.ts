import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { close } from '../../../gateway/decide-turn.ts';
import { type LetterList, letterList, letterView, type ShownLetter } from '../../../gateway/ledger/api.ts';
import type { ConversationId } from '../../../gateway/model/ids.ts';
import { readTally } from '../../../gateway/store/tallies.ts';
import { verify } from '../../../gateway/store/verify.ts';
import { messageFrom } from '../../fixtures/scripted-network.ts';
import { CHANNEL, type LedgerHub, type LedgerPerson, startLedgerHub } from './ledger-hub.ts';

let ledger: LedgerHub;
let eve: LedgerPerson;

beforeEach(async () => {
  ledger = await startLedgerHub();
  eve = await ledger.person('eve', 'supervisor');
});
afterEach(async () => {
  await settled();
  const { broken } = await verify(ledger.db, { full: true });
  await ledger.close();
  expect(broken).toEqual([]);
});

const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

/** Nothing is on its way. */
async function settled(): Promise<void> {
  await soon(async () => {
    const { rows } = await ledger.db.query(
      `select from delivery where state in ('due', 'attempting') union all select from due_turn`,
    );
    expect(rows).toHaveLength(0);
  });
}

async function list(query = ''): Promise<LetterList> {
  return letterList.parse((await eve.get(`/dead-letters${query}`)).json());
}

/** The bot's answer to `text` ends without anybody knowing whether it arrived. */
async function lose(client: string, text: string): Promise<ShownLetter> {
  const before = (await list('?limit=100')).rows.length;
  ledger.network.onSend = () => ({ outcome: 'unknown', reason: 'timeout' });
  await ledger.hears(client, text);
  await soon(async () => expect((await list('?limit=100')).rows).toHaveLength(before + 1));
  ledger.network.onSend = () => undefined;
  const [letter] = (await list()).rows;
  if (!letter) throw new Error('nothing was lost');
  return letter;
}

async function auditOf(id: string): Promise<{ act: string; name: string | null }[]> {
  const { rows } = await ledger.db.query(
    'select a.act, u.name from audit a left join users u on u.id::text = a.who where a.subject = $1 order by a.id',
    [id],
  );
  return rows;
}

describe('dead letters', () => {
  test('show what nobody knows to have arrived, with its attempts and its text', async () => {
    const letter = await lose('ann', 'раз');
    expect(letter).toMatchObject({ state: 'unknown', reason: 'timeout', attempts: 2, author: 'bot' });
    const view = letterView.parse((await eve.get(`/dead-letters/${letter.id}`)).json());
    expect(view.text).toBe('re: раз');
    expect(view.tries.map(({ number, outcome }) => [number, outcome])).toEqual([
      [2, 'unknown'],
      [1, 'unknown'],
    ]);
    expect((await list()).waiting).toEqual({ scripted: 1 });
  });

  test('are sent again by a new delivery, and the old one keeps its fate', async () => {
    const letter = await lose('ann', 'раз');
    const sent = ledger.network.textsTo('ann').length;
    const answer = await eve.post(`/dead-letters/${letter.id}/retry`);
    expect(answer.statusCode).toBe(200);
    await settled();
    expect(ledger.network.textsTo('ann').slice(sent)).toEqual(['re: раз']);
    const { rows } = await ledger.db.query('select id, state, author_kind from delivery order by position');
    expect(rows).toEqual([
      { id: letter.id, state: 'unknown', author_kind: 'bot' },
      { id: answer.json().again, state: 'accepted', author_kind: 'system' },
    ]);
    expect(await list()).toMatchObject({ rows: [], waiting: {} });
    expect((await list('?decided=true')).rows).toMatchObject([
      { id: letter.id, decision: { decision: 'retried', by: 'eve', again: answer.json().again } },
    ]);
    expect(await auditOf(letter.id)).toEqual([{ act: 'delivery.retried', name: 'eve' }]);
  });

  test('are sent again once, however many press at once', async () => {
    const letter = await lose('ann', 'раз');
    const sent = ledger.network.sent.length;
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => eve.post(`/dead-letters/${letter.id}/retry`)),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array(11).fill(409)]);
    await settled();
    expect(ledger.network.sent).toHaveLength(sent + 1);
  });

  test('are found to be sent again where the hub went down before it wrote the decision', async () => {
    const letter = await lose('ann', 'раз');
    await eve.post(`/dead-letters/${letter.id}/retry`);
    await settled();
    const sent = ledger.network.sent.length;
    await ledger.db.query(
      'update dead_letter set decision = null, decided_at = null, decided_by = null, again = null',
    );
    expect((await eve.post(`/dead-letters/${letter.id}/retry`)).statusCode).toBe(200);
    await settled();
    expect(ledger.network.sent).toHaveLength(sent);
  });

  test('go into the conversation that the client has open today', async () => {
    const letter = await lose('ann', 'раз');
    const id = letter.conversation as ConversationId;
    const { rows } = await ledger.db.query('select epoch from conversation where id = $1', [id]);
    await ledger.hub.change.commit([
      {
        conversation: id,
        events: close({ owner: { kind: 'bot' }, epoch: rows[0].epoch }, { kind: 'hub' }, 'silence'),
      },
    ]);
    const refused = await eve.post(`/dead-letters/${letter.id}/retry`);
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'no-open-conversation']);
    await ledger.hears('ann', 'два');
    await settled();
    expect((await eve.post(`/dead-letters/${letter.id}/retry`)).statusCode).toBe(200);
    await settled();
    expect(ledger.network.textsTo('ann').slice(-2)).toEqual(['re: два', 're: раз']);
  });

  test('are discarded, and then nobody sends them', async () => {
    const letter = await lose('ann', 'раз');
    expect((await eve.post(`/dead-letters/${letter.id}/discard`)).statusCode).toBe(204);
    expect((await eve.post(`/dead-letters/${letter.id}/retry`)).json().code).toBe('already-decided');
    expect(await auditOf(letter.id)).toEqual([{ act: 'delivery.discarded', name: 'eve' }]);
  });

  test('hide what must not be said twice, and say it again only when a person asks', async () => {
    const letter = await lose('ann', 'код');
    expect(letter).toMatchObject({ state: 'unknown', once: true, attempts: 1 });
    expect((await eve.get(`/dead-letters/${letter.id}`)).json().text).toBeUndefined();
    const { again } = (await eve.post(`/dead-letters/${letter.id}/retry`)).json();
    const { rows } = await ledger.db.query('select once from delivery where id = $1', [again]);
    expect(rows).toEqual([{ once: true }]);
  });

  test('with an erased text cannot be sent again', async () => {
    const letter = await lose('ann', 'раз');
    await ledger.db.query('update event set body = null, salt = null where body is not null');
    const refused = await eve.post(`/dead-letters/${letter.id}/retry`);
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'erased']);
  });

  test('come a page at a time, by channel and by state, none twice and none left out', async () => {
    for (const client of ['a', 'b', 'c', 'd', 'e']) await lose(client, 'раз');
    const all = (await list()).rows.map(({ id }) => id);
    const paged: string[] = [];
    let next: string | undefined;
    do {
      const page = await list(`?limit=2${next ? `&before=${next}` : ''}`);
      paged.push(...page.rows.map(({ id }) => id));
      next = page.next;
    } while (next);
    expect(paged).toEqual(all);
    expect(all).toHaveLength(5);
    expect((await list('?state=dead')).rows).toEqual([]);
    expect((await list('?channel=sms')).rows).toEqual([]);
  });

  test('are for those who may: others are refused', async () => {
    const letter = await lose('ann', 'раз');
    const olga = await ledger.person('olga', 'operator');
    const vera = await ledger.person('vera', 'compliance');
    expect((await olga.get('/dead-letters')).statusCode).toBe(403);
    expect((await vera.get('/dead-letters')).statusCode).toBe(200);
    expect((await vera.post(`/dead-letters/${letter.id}/retry`)).statusCode).toBe(403);
    expect((await eve.get('/dead-letters/00000000-0000-0000-0000-000000000000')).statusCode).toBe(404);
    expect((await eve.get('/dead-letters?before=x')).statusCode).toBe(400);
  });

  test('are those whose attempts were used up too', async () => {
    ledger.network.onSend = () => ({ outcome: 'retry', reason: 'http-502', afterMs: 0 });
    await ledger.hub.receive(CHANNEL, {}, { authentic: true, inbound: [messageFrom('ann', 'раз')] });
    await soon(async () => expect((await list('?state=dead')).rows).toMatchObject([{ reason: 'http-502' }]));
    expect(await readTally(ledger.db, 'dead_letter')).toEqual(new Map([['scripted', 1]]));
  });
});
