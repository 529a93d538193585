import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskCandidate } from '../../../bots/training/candidates/collect.ts';
import { createMaskPhrase } from '../../../bots/training/mask-phrase.ts';
import { DEMO_LOGINS } from '../../../gateway/access/first-users.ts';
import { newId } from '../../../gateway/ids.ts';
import type { ContactId, ConversationId } from '../../../gateway/model/ids.ts';
import { eraseContact } from '../../../gateway/store/erase.ts';
import { clusterTexts } from '../../../nlu/cluster.ts';
import { compileCustom } from '../../../nlu/entities/custom.ts';
import { createLiveModel } from '../../../nlu/live-model.ts';
import { shippedModel } from '../../../nlu/shipped.ts';
import { type FakeTelegram, startFakeTelegram } from '../../fakes/telegram.ts';
import { startHub, type TestHub } from '../../fixtures/hub.ts';

const LONG_MS = 120_000;
const ANN = 8101;

let telegram: FakeTelegram;
let hub: TestHub;
const headers: Record<string, string> = { 'x-okno': '1', 'content-type': 'application/json' };
let ask: (method: string, path: string, body?: object) => Promise<{ status: number; body: List }>;
type List = {
  clusters: { id: number; text: string; reasons: string[]; proposed: string | null; times: number }[][];
};

beforeAll(async () => {
  telegram = await startFakeTelegram();
  const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  hub = await startHub({ demo: 'bank', env });
  ask = await signIn('admin@demo.bank', '/api/v1/training', headers);
}, LONG_MS);
afterAll(async () => {
  await hub?.stop();
  await telegram?.stop();
});

describe('learning from what clients say', { timeout: LONG_MS }, () => {
  it('collects what the bot did not understand, without personal data, and the same words once', async () => {
    await say(ANN, 'барабульки квадратной для Петра Сидорова с номера +7 916 123-45-67');
    await say(ANN + 1, 'Барабульки квадратной для Марии Ивановой с номера +7 903 765-43-21');
    const [candidate] = (await waiting((all) => all.some(({ times }) => times === 2))).filter(
      ({ times }) => times === 2,
    );
    expect(candidate).toMatchObject({ reasons: ['miss'], times: 2 });
    expect(candidate?.text).not.toMatch(/Петр|Сидоров|916|4567|45-67/);
    expect(candidate?.text).toContain('арабульки');
  });

  it('collects what the client meant, by the button that they pressed', async () => {
    // The second time the bot offers what it may have been.
    await say(ANN, 'барабульки квадратной для Петра Сидорова с номера +7 916 123-45-67');
    telegram.press(ANN, await offered());
    const found = await waiting((all) => all.some(({ reasons }) => reasons.includes('clarified')));
    const clarified = found.find(({ reasons }) => reasons.includes('clarified'));
    expect(clarified).toMatchObject({ reasons: ['clarified', 'miss'], times: 3, proposed: 'transfer_money' });
  });

  it('collects what the client says was not it', async () => {
    await say(ANN + 3, 'сколько стоит доллар');
    await say(ANN + 3, 'нет, не то');
    const found = await waiting((all) => all.some(({ reasons }) => reasons.includes('correction')));
    expect(found.find(({ reasons }) => reasons.includes('correction'))?.text).toBe('сколько стоит доллар');
  });

  it('collects what an operator says that a message was about, before any guess, and lets go of what is taken back', async () => {
    const chat = ANN + 5;
    const operator = await signIn('operator@demo.bank', '/api/v1');
    const words = 'пришлите мне бумажку для визы, Петр Сидоров';
    await say(chat, words);
    const { rows } = await hub.db.query<{ id: string; epoch: number; seq: number }>(
      `select c.id, c.epoch, e.seq from conversation c join event e on e.conversation = c.id
       where e.type = 'message.received' and e.body #>> '{content,0,text}' = $1`,
      [words],
    );
    const [said] = rows;
    if (!said) throw new Error('it was not stored');
    expect((await operator('POST', `conversations/${said.id}/take`, { epoch: said.epoch })).status).toBe(200);
    const label = (intent: string | null) =>
      operator('PUT', `conversations/${said.id}/messages/${said.seq}/label`, { intent });
    const labelled = (all: List['clusters'][number]) =>
      all.find(({ text, reasons }) => text.includes('для визы') && reasons.includes('labelled'));
    await label('card_status');
    await waiting((all) => labelled(all) !== undefined);
    await label('check_balance');
    const all = await waiting((found) => labelled(found)?.proposed === 'check_balance');
    expect(labelled(all)?.text).not.toMatch(/Петр|Сидоров/);
    await label(null);
    await waiting((found) => labelled(found) === undefined);
  });

  it('takes one for an intent and rejects another, with who and when; both are gone', async () => {
    const all = await waiting(() => true);
    const [first, second] = all;
    expect(
      (await ask('POST', `candidates/${first?.id}/decision`, { decision: 'accepted', intent: 'card_status' }))
        .status,
    ).toBe(204);
    expect((await ask('POST', `candidates/${second?.id}/decision`, { decision: 'rejected' })).status).toBe(
      204,
    );
    expect((await ask('POST', `candidates/${second?.id}/decision`, { decision: 'rejected' })).status).toBe(
      404,
    );
    const left = (await ask('GET', 'candidates')).body.clusters.flat();
    expect(left.map(({ id }) => id)).not.toContain(first?.id);
    expect(left.map(({ id }) => id)).not.toContain(second?.id);
    const { rows } = await hub.db.query('select text, intent from training_phrase');
    expect(rows).toEqual([{ text: first?.text, intent: 'card_status' }]);
    const { rows: audit } = await hub.db.query(
      `select act, subject, who from audit where act like 'candidate.%' order by act`,
    );
    expect(audit).toMatchObject([
      { act: 'candidate.accepted', subject: String(first?.id), who: expect.any(String) },
      { act: 'candidate.rejected', subject: String(second?.id), who: expect.any(String) },
    ]);
  });

  it('does not ask again about words that were decided', async () => {
    const { rows } = await hub.db.query<{ text: string }>(
      `select text from training_candidate where decision = 'rejected' limit 1`,
    );
    await say(ANN + 4, rows[0]?.text ?? '');
    await say(ANN + 4, 'фырк мурк бырк');
    const all = await waiting((found) => found.some(({ text }) => text === 'фырк мурк бырк'));
    expect(all.map(({ text }) => text)).not.toContain(rows[0]?.text);
  });

  it('takes the phrases of a file, all of them or none, and gives them back', async () => {
    const send = async (text: string, name: string) => {
      const form = new FormData();
      form.append('file', new File([text], name));
      const { 'content-type': _, ...rest } = headers;
      const found = await fetch(`${hub.url}/api/v1/training/import`, {
        method: 'POST',
        headers: rest,
        body: form,
      });
      return { status: found.status, body: await found.json() };
    };
    expect(await send('купить слиток\tbuy_gold\nпродать слиток\tsell_gold\n', 'own.tsv')).toEqual({
      status: 200,
      body: { phrases: 2, unchanged: 0, masked: 0, renamed: [] },
    });
    expect(await send('купить слиток\tbuy_gold\n', 'own.tsv')).toMatchObject({
      body: { phrases: 0, unchanged: 1 },
    });
    const personal = ['4276380012345679', '4276380012345680'].map(
      (card) => `купи слиток с ${card}\tbuy_gold`,
    );
    // A shipped phrase stays as it stands; two that become one count once.
    expect(await send(`${personal.join('\n')}\nпереведи маше 500\ttransfer_money\n`, 'own.tsv')).toEqual({
      status: 200,
      body: { phrases: 1, unchanged: 1, masked: 2, renamed: [] },
    });
    expect(await send('купить слиток\t<b>Buy gold</b>\n', 'own.tsv')).toMatchObject({
      body: { phrases: 1, renamed: [{ from: '<b>Buy gold</b>', to: 'b_buy_gold_b' }] },
    });
    expect(await send('a\tb\nбез табуляции\n', 'own.tsv')).toMatchObject({
      status: 422,
      body: { code: 'import-refused', title: expect.stringContaining('own.tsv:2') },
    });
    const exported = await fetch(`${hub.url}/api/v1/training/export?format=tsv`, { headers });
    expect(exported.headers.get('content-disposition')).toContain('phrases.tsv');
    const lines = (await exported.text()).split('\n');
    expect(lines).toContain('продать слиток\tsell_gold');
    expect(lines).not.toContain('a\tb');
    expect(lines).toContain('купи слиток с 0000000000000000\tbuy_gold');
    expect(lines.join()).not.toContain('4276');
  });

  it('forgets what an erased client said', async () => {
    const { rows } = await hub.db.query<{ contact: ContactId; conversation: string }>(
      `select c.contact, c.id as conversation from training_candidate t join conversation c on c.id = t.conversation
       where t.text = 'фырк мурк бырк'`,
    );
    const [owner] = rows;
    if (!owner) throw new Error('nobody said it');
    await hub.db.query(
      `update conversation set status = 'closed', owner_kind = 'nobody', owner_id = null, closed_at = now() where id = $1`,
      [owner.conversation],
    );
    const erased = await eraseContact(hub.db, owner.contact, 'hub', new Date());
    expect(erased.outcome).toBe('erased');
    const { rowCount } = await hub.db.query('select from training_candidate where conversation = $1', [
      owner.conversation,
    ]);
    expect(rowCount).toBe(0);
  });
});

it('puts texts together that are about the same, and leaves the others alone', () => {
  const texts = [
    'как оформить ипотеку',
    'погода завтра',
    'оформление ипотеки',
    'хочу оформить ипотеку',
    'спой песню',
  ];
  expect(clusterTexts(texts)).toEqual([[0, 2, 3], [1], [4]]);
  expect(clusterTexts([])).toEqual([]);
});

it('leaves nothing that says who somebody is', () => {
  const { understand } = createLiveModel(shippedModel());
  const custom = compileCustom({
    plate: { pattern: '[a-z]\\d{3}[a-z]{2}' },
    tariff: { list: { gold: ['золотой тариф'] } },
  });
  const mask = createMaskPhrase(understand, custom);
  const conversation = newId<ConversationId>();
  const masked = (text: string) =>
    maskCandidate({ conversation, seq: 1, at: new Date(0), reason: 'miss', text }, mask)?.text;
  expect(masked('переведи Маше 500 рублей на 4276 1600 1234 5674')).toBe(
    'переведи Иван 500 рублей на 0000 0000 0000 0000',
  );
  expect(masked('write to ann.lee@bank.com please')).toBe('write to name@example.com please');
  expect(masked('мой код 123456')).toBe('мой код 000000');
  expect(masked('a123bc на золотой тариф')).toBe('x000xx на золотой тариф');
  expect(masked('123 456')).toBeUndefined();
  expect(masked('я'.repeat(400))).toBeUndefined();
});

/** Says something and waits for the bot's answer. */
async function say(chat: number, text: string): Promise<void> {
  const before = telegram.saidTo(chat).length;
  telegram.say(chat, text);
  await telegram.hears(chat, before + 1, 20_000);
}

/** The label of the first button that was offered last, once there is one. */
async function offered(): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const { rows } = await hub.db.query<{ label: string | null }>(
      `select jsonb_path_query_first(body, '$.content[*].choices[0].text') #>> '{}' as label
       from event where type = 'message.sent' order by at desc limit 1`,
    );
    const label = rows[0]?.label;
    if (label) return label;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing was offered: ${telegram.saidTo(ANN).join(' / ')}`);
}

/** The candidates, once they are as wanted; the log is followed every two seconds. */
async function waiting(isThere: (all: List['clusters'][number]) => boolean) {
  for (let tries = 0; tries < 100; tries++) {
    const all = (await ask('GET', 'candidates')).body.clusters.flat();
    if (isThere(all)) return all;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the candidates did not come');
}

async function signIn(
  email: string,
  base: string,
  headers: Record<string, string> = { 'x-okno': '1', 'content-type': 'application/json' },
): Promise<typeof ask> {
  const login = { email, password: DEMO_LOGINS.password };
  const answer = await fetch(`${hub.url}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify(login),
  });
  headers.cookie = answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  return async (method, path, body) => {
    const found = await fetch(`${hub.url}${base}/${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await found.text();
    return { status: found.status, body: text ? JSON.parse(text) : { clusters: [] } };
  };
}
