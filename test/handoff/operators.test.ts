import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Capabilities } from '../../gateway/connectors/capabilities.ts';
import { voice } from '../../gateway/connectors/voice/index.ts';
import { webchat } from '../../gateway/connectors/webchat/index.ts';
import { whatsapp } from '../../gateway/connectors/whatsapp/index.ts';
import type { ConversationId } from '../../gateway/model/ids.ts';
import { acted, alreadyTaken, said } from '../../handoff/act-api.ts';
import { createOperators } from '../../handoff/operators.ts';
import { textOf } from '../fixtures/scripted-network.ts';
import { codeOf, type DeskHub, type Person, silent, startDeskHub } from './desk-hub.ts';

let hub: DeskHub;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  hub = await startDeskHub();
  ann = await hub.person('Ann', 'operator');
  bob = await hub.person('Bob', 'operator');
});

afterAll(() => hub.close());

/** A conversation that this operator has. */
async function taken(client: string, by: Person) {
  const row = await hub.waiting(client);
  const { epoch } = acted.parse((await by.act('take', row)).json());
  return { ...row, epoch };
}

async function botSays(client: string, text: string): Promise<void> {
  await hub.until(async () => hub.network.textsTo(client).includes(text));
}

async function audited(id: string): Promise<{ act: string; who: string }[]> {
  const { rows } = await hub.db.query('select act, who from audit where subject = $1 order by id', [id]);
  return rows;
}

describe('taking', () => {
  test('gives the conversation to the operator, who sees the whole context', async () => {
    const row = await hub.waiting('t1');
    expect(row).toMatchObject({ owner: { kind: 'queue', queue: 'default' }, reason: 'asked', unread: 0 });
    const answer = await ann.act('take', row);
    expect(answer.statusCode).toBe(200);
    expect(acted.parse(answer.json()).epoch).toBe(row.epoch + 1);
    const view = await bob.open(row.id);
    expect(view).toMatchObject({
      owner: { kind: 'operator', operator: ann.id, name: 'Ann' },
      context: {
        reason: 'asked',
        summary: 'Клиент хочет перевести деньги: сумма — 500 ₽. Клиент просит сотрудника.',
        slots: [{ name: 'amount', title: 'Сумма', value: '500 ₽' }],
      },
      maxText: 100,
    });
    expect(await audited(row.id)).toEqual([{ act: 'conversation.taken', who: ann.id }]);
  });

  test('from two at once, fifty times, always has exactly one winner, and the other learns who', async () => {
    for (let time = 0; time < 50; time++) {
      const row = await hub.waiting(`race ${time}`);
      const people = time % 2 === 0 ? [ann, bob] : [bob, ann];
      const answers = await Promise.all(people.map((person) => person.act('take', row)));
      const won = people.filter((_, index) => answers[index]?.statusCode === 200);
      expect(won).toHaveLength(1);
      const lost = answers.find(({ statusCode }) => statusCode !== 200);
      expect(lost && codeOf(lost)).toEqual([409, 'already-taken']);
      expect(alreadyTaken.parse(lost?.json()).operator).toEqual({
        id: won[0]?.id,
        name: won[0] === ann ? 'Ann' : 'Bob',
      });
      const view = await ann.open(row.id);
      expect(view.owner).toMatchObject({ operator: won[0]?.id });
      expect(view.epoch).toBe(row.epoch + 1);
      expect(await audited(row.id)).toHaveLength(1);
    }
  }, 120_000);

  test('again by the same operator is fine: the first answer may have been lost', async () => {
    const row = await taken('t2', ann);
    const again = await ann.act('take', { ...row, epoch: row.epoch - 1 });
    expect(acted.parse(again.json()).epoch).toBe(row.epoch);
    expect(await audited(row.id)).toHaveLength(1);
  });

  test('by what an old page shows is refused', async () => {
    const row = await taken('t3', ann);
    await ann.act('release', row);
    expect(codeOf(await bob.act('take', row))).toEqual([409, 'conversation-changed']);
  });

  test('from the bot stops it, and tells what the log knows', async () => {
    await hub.clientSays('t4', 'привет');
    await botSays('t4', 'бот: привет');
    const [row] = await ann.list('all');
    expect(row?.owner).toEqual({ kind: 'bot' });
    if (!row) return;
    expect((await ann.act('take', row)).statusCode).toBe(200);
    expect((await ann.open(row.id)).context).toMatchObject({
      reason: 'taken-over',
      intent: 'check_balance',
      summary: 'Клиент хочет узнать остаток. Оператор взял диалог у бота.',
      channel: 'scripted',
    });
    await hub.clientSays('t4', 'вы тут?');
    const [mine] = await ann.list('mine');
    expect(mine).toMatchObject({ unread: 1, last: { from: 'client', text: 'вы тут?' } });
  });

  test('of a closed or unknown conversation is refused', async () => {
    const row = await taken('t5', ann);
    await ann.act('close', row);
    expect(codeOf(await bob.act('take', row))).toEqual([409, 'closed']);
    expect(codeOf(await bob.act('take', { id: randomUUID(), epoch: 0 }))).toEqual([404, 'not-found']);
  });
});

describe('giving away', () => {
  test.each(['release', 'return', 'close'] as const)('%s is only for the owner', async (act) => {
    const row = await taken(`not mine ${act}`, ann);
    expect(codeOf(await bob.act(act, row))).toEqual([409, 'not-yours']);
    expect((await ann.open(row.id)).epoch).toBe(row.epoch);
  });

  test('back to the queue lets another take it', async () => {
    const row = await taken('g1', ann);
    const { epoch } = acted.parse((await ann.act('release', row)).json());
    expect((await bob.open(row.id)).owner).toEqual({ kind: 'queue', queue: 'default' });
    expect((await bob.act('take', { ...row, epoch })).statusCode).toBe(200);
    expect((await audited(row.id)).map(({ act }) => act)).toEqual([
      'conversation.taken',
      'conversation.released',
      'conversation.taken',
    ]);
  });

  test('back to the bot lets it go on', async () => {
    const row = await taken('g2', ann);
    expect((await ann.act('return', row)).statusCode).toBe(200);
    await botSays('g2', 'Снова бот.');
    await hub.clientSays('g2', 'курс');
    await botSays('g2', 'бот: курс');
    expect((await ann.open(row.id)).owner).toEqual({ kind: 'bot' });
  });

  test('closing ends it; what the client writes next opens another, which knows this one', async () => {
    const row = await taken('g3', ann);
    expect((await ann.act('close', row)).statusCode).toBe(200);
    expect(await ann.open(row.id)).toMatchObject({ status: 'closed', owner: { kind: 'nobody' } });
    expect((await ann.list('closed')).map(({ id }) => id)).toContain(row.id);
    expect(codeOf(await ann.say(row.id, 'ещё'))).toEqual([409, 'closed']);
    const next = await hub.waiting('g3');
    expect(next.id).not.toBe(row.id);
    expect((await ann.open(next.id)).history).toMatchObject([{ id: row.id, intent: 'transfer_money' }]);
  });
});

describe('a rating', () => {
  const HOUR_MS = 3_600_000;
  /** What the hub itself says to the client when an operator closes, so long after the client wrote last. */
  async function saidAtTheEnd(capabilities: Capabilities, afterMs: number, asksRating = true) {
    const row = await taken(`rated ${randomUUID()}`, ann);
    const operators = createOperators({
      db: hub.db,
      change: hub.change,
      now: () => new Date(hub.clock.now().getTime() + afterMs),
      log: silent,
      asksRating,
      capabilitiesOf: () => capabilities,
    });
    const who = { operator: ann.id, address: '127.0.0.1' };
    expect(await operators.act('close', who, row.id as ConversationId, row.epoch)).toMatchObject({
      outcome: 'done',
    });
    return (await ann.read(row.id)).flatMap((item) =>
      item.type === 'message' && item.from === 'system' ? [item.content.map(({ kind }) => kind)] : [],
    );
  }
  const QUESTION = [['text', 'choices']];

  test('is asked where an operator closes, within the network’s reply window', async () => {
    expect(whatsapp.capabilities.replyWindowMs).toBe(24 * HOUR_MS);
    expect(await saidAtTheEnd(whatsapp.capabilities, 24 * HOUR_MS - 60_000)).toEqual(QUESTION);
    expect(await saidAtTheEnd(webchat.capabilities, 1_000 * HOUR_MS)).toEqual(QUESTION);
  });

  test('is not asked once that window has closed', async () => {
    expect(await saidAtTheEnd(whatsapp.capabilities, 24 * HOUR_MS)).toEqual([]);
  });

  test('is not asked in a call, nor where the settings say so', async () => {
    expect(await saidAtTheEnd(voice.capabilities, 0)).toEqual([]);
    expect(await saidAtTheEnd(webchat.capabilities, 0, false)).toEqual([]);
  });
});

describe('saying', () => {
  test('reaches the client once, however often the page sends it', async () => {
    const row = await taken('s1', ann);
    const id = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => ann.say(row.id, 'Здравствуйте!', id)));
    const seqs = answers.map((answer) => said.parse(answer.json()).seq);
    expect(new Set(seqs).size).toBe(1);
    await botSays('s1', 'Здравствуйте!');
    expect(hub.network.textsTo('s1').filter((text) => text === 'Здравствуйте!')).toHaveLength(1);
    const items = await ann.read(row.id);
    expect(items.at(-1)).toMatchObject({
      type: 'message',
      seq: seqs[0],
      from: 'operator',
      by: 'Ann',
      channel: 'scripted',
      clientId: id,
      content: [{ kind: 'text', text: 'Здравствуйте!' }],
    });
    expect(items.at(-1)).toMatchObject({ delivery: { possiblyTwice: false } });
  });

  test('again after the conversation went on to somebody else tells what was said then', async () => {
    const row = await taken('s2', ann);
    const id = randomUUID();
    const first = said.parse((await ann.say(row.id, 'Минуту', id)).json());
    await ann.act('release', row);
    expect(said.parse((await ann.say(row.id, 'Минуту', id)).json())).toEqual(first);
    expect(codeOf(await ann.say(row.id, 'Минуту'))).toEqual([409, 'not-yours']);
  });

  test('is only for the owner', async () => {
    const row = await taken('s3', ann);
    const waiting = await hub.waiting('s3 waiting');
    expect(codeOf(await bob.say(row.id, 'Я тоже тут'))).toEqual([409, 'not-yours']);
    expect(codeOf(await bob.say(waiting.id, 'Здравствуйте'))).toEqual([409, 'not-yours']);
    expect(codeOf(await bob.say(randomUUID(), 'Здравствуйте'))).toEqual([404, 'not-found']);
  });

  test('keeps apart what two operators happen to give the same id', async () => {
    const row = await taken('s4', ann);
    const other = await taken('s4 other', bob);
    const one = await ann.say(row.id, 'раз', 'same');
    const two = await bob.say(other.id, 'два', 'same');
    expect([one.statusCode, two.statusCode]).toEqual([200, 200]);
    await botSays('s4', 'раз');
    await botSays('s4 other', 'два');
  });

  test('does not count as unread any more', async () => {
    const row = await taken('s5', ann);
    await hub.clientSays('s5', 'раз');
    await hub.clientSays('s5', 'два');
    expect((await ann.open(row.id)).unread).toBe(2);
    await ann.say(row.id, 'Слушаю');
    expect((await ann.open(row.id)).unread).toBe(0);
  });
});

describe('a note', () => {
  test('is for people of ours, counts once, and never becomes a delivery', async () => {
    const row = await hub.waiting('n1');
    const before = (await hub.db.query('select id from delivery where conversation = $1', [row.id])).rowCount;
    const note = { id: randomUUID(), text: 'СЕКРЕТ: проверить паспорт' };
    const answers = [1, 2].map(() => bob.post(`/conversations/${row.id}/notes`, note));
    const seqs = (await Promise.all(answers)).map((answer) => said.parse(answer.json()).seq);
    expect(new Set(seqs).size).toBe(1);
    expect((await ann.read(row.id)).at(-1)).toEqual({
      type: 'note',
      seq: seqs[0],
      at: expect.any(String),
      by: 'Bob',
      text: note.text,
      clientId: note.id,
    });
    // What comes after it on the thread has gone out, so the note would have gone out before.
    await ann.act('take', row);
    await ann.say(row.id, 'Готово');
    await botSays('n1', 'Готово');
    expect(hub.network.sent.map(textOf).join()).not.toContain('СЕКРЕТ');
    const after = (await hub.db.query('select id from delivery where conversation = $1', [row.id])).rowCount;
    expect(after).toBe((before ?? 0) + 1);
  });

  test('can be added to a closed conversation, and moves neither its owner nor its row’s last message', async () => {
    const row = await taken('n2', ann);
    await ann.act('close', row);
    const before = await ann.open(row.id);
    const answer = await bob.post(`/conversations/${row.id}/notes`, { id: 'n', text: 'после' });
    expect(answer.statusCode).toBe(200);
    const { epoch, last, owner } = await ann.open(row.id);
    expect({ epoch, last, owner }).toEqual({ epoch: before.epoch, last: before.last, owner: before.owner });
  });
});

describe('typing', () => {
  test('is shown to the client while it is the owner who types', async () => {
    const row = await taken('ty1', ann);
    const seen: unknown[] = [];
    const stop = hub.live.listen((update) => {
      if (update.type === 'typing') seen.push(update);
    });
    expect((await bob.post(`/conversations/${row.id}/typing`)).statusCode).toBe(204);
    expect((await ann.post(`/conversations/${row.id}/typing`)).statusCode).toBe(204);
    stop();
    expect(seen).toMatchObject([{ conversation: row.id, from: 'operator', operator: ann.id }]);
  });
});

describe('texts', () => {
  test.each([
    ['markup and script', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['right-to-left and emoji', '\u202eкеч\u202c 🏦👩‍👩‍👧 ﷽'],
    ['SQL', '"; drop table event; --'],
    ['100 000 letters', 'я'.repeat(100_000)],
  ])('of %s come back as they were written', async (_what, text) => {
    const row = await taken(`x ${randomUUID()}`, ann);
    expect((await ann.say(row.id, text)).statusCode).toBe(200);
    const answer = await ann.get(`/conversations/${row.id}/transcript`);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await ann.read(row.id)).at(-1)).toMatchObject({ content: [{ kind: 'text', text }] });
    expect((await ann.open(row.id)).last?.text).toBe(Array.from(text).slice(0, 200).join(''));
  });

  test.each([
    ['a null character', 'a\u0000b', 400, 'bad-request'],
    ['half a surrogate pair', 'a\ud83c', 400, 'bad-request'],
    ['nothing', '', 400, 'bad-request'],
    ['blanks', ' \n\t ', 400, 'bad-request'],
    ['more than 100 000 characters', 'я'.repeat(100_001), 400, 'bad-request'],
    ['more than any text may need', 'я'.repeat(400_000), 413, 'too-large'],
  ])('of %s are refused clearly, as a reply and as a note', async (_what, text, status, code) => {
    const row = await taken(`bad ${randomUUID()}`, ann);
    const body = { id: randomUUID(), text };
    for (const where of ['messages', 'notes']) {
      expect(codeOf(await ann.post(`/conversations/${row.id}/${where}`, body))).toEqual([status, code]);
    }
    const bad = { id: 'a\u0000', text: 'x' };
    expect(codeOf(await ann.post(`/conversations/${row.id}/messages`, bad))).toEqual([400, 'bad-request']);
  });
});
