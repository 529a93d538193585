import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newId } from '../../gateway/ids.ts';
import type { ConversationId, MessageId, ThreadId } from '../../gateway/model/ids.ts';
import { createChangeLog } from '../../gateway/store/change-log.ts';
import { readView } from '../../handoff/store/view.ts';
import { type FakeWhatsApp, startFakeWhatsApp } from '../fakes/whatsapp.ts';
import {
  APP_SECRET,
  messageValue,
  notification,
  PHONE_ID,
  postSigned,
  statusValue,
  textOf,
  VERIFY_TOKEN,
} from '../fakes/whatsapp-notifications.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { signIn } from '../fixtures/operator.ts';

/** As Meta has approved it. */
const READY = {
  name: 'application_ready',
  language: 'ru',
  text: 'Здравствуйте, {{1}}! Заявка {{2}} готова.',
};

const STATEMENT = {
  name: 'statement_ready',
  language: 'ru',
  file: 'document',
  text: '{{1}}, выписка готова.',
  buttons: [
    { text: 'Открыть', url: 'https://bank.example/s/{{1}}' },
    { text: 'Позвать сотрудника', answer: 'operator' },
  ],
};

let fake: FakeWhatsApp;
let hub: TestHub;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  hub = await startHub({
    env: {
      WHATSAPP_TOKEN: fake.token,
      WHATSAPP_PHONE_ID: PHONE_ID,
      WHATSAPP_APP_SECRET: APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
      WHATSAPP_API_ROOT: fake.apiRoot,
      WHATSAPP_TEMPLATES: JSON.stringify([READY, STATEMENT]),
    },
  });
});
afterAll(async () => {
  await hub.stop();
  await fake.stop();
});

function tell(value: Parameters<typeof notification>[0]): Promise<number> {
  return postSigned(`${hub.url}/channels/whatsapp/webhook`, notification(value));
}

interface Fate {
  readonly state: string;
  readonly receipt: string | null;
  readonly reason: string | null;
}

async function fateOf(phone: string): Promise<Fate | undefined> {
  const { rows } = await hub.db.query<Fate>(
    `select d.state, d.receipt, d.reason from delivery d join thread t on t.id = d.thread
     where t.external_thread = $1 order by d.position desc limit 1`,
    [phone],
  );
  return rows[0];
}

/** The store does not tell when it changes; the test's own time limit ends the wait. */
async function until(phone: string, holds: (fate: Fate) => boolean): Promise<Fate> {
  for (;;) {
    const fate = await fateOf(phone);
    if (fate && holds(fate)) return fate;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('moves a message forward by its receipts, and never back', async () => {
  const phone = '79160000101';
  await tell(messageValue(phone, textOf('привет')));
  await fake.hears(phone, 1);
  await until(phone, ({ state }) => state === 'accepted');
  const id = fake.taken.find(({ to }) => to === phone)?.wamid ?? '';
  for (const status of ['sent', 'read', 'delivered', 'sent']) {
    expect(await tell(statusValue(id, status))).toBe(200);
  }
  expect(await until(phone, ({ receipt }) => receipt === 'read')).toMatchObject({ state: 'accepted' });
  expect(await fateOf(phone)).toMatchObject({ receipt: 'read' });
});

it('says why what came too late after the client wrote was not sent', async () => {
  const phone = '79160000102';
  fake.closeWindow(phone);
  await tell(messageValue(phone, textOf('привет')));
  const fate = await until(phone, ({ state }) => state !== 'due' && state !== 'attempting');
  expect(fate).toMatchObject({ state: 'rejected', reason: 'reply-window' });
  expect(fake.saidTo(phone)).toEqual([]);
});

it('sends nothing when a day has passed since the client wrote, says so at the desk, and answers when they write again', async () => {
  const phone = '79160000105';
  await tell(messageValue(phone, textOf('привет')));
  await fake.hears(phone, 1);
  await until(phone, ({ state }) => state === 'accepted');
  const { rows } = await hub.db.query<{ conversation: ConversationId; thread: ThreadId }>(
    `select d.conversation, d.thread from delivery d join thread t on t.id = d.thread where t.external_thread = $1`,
    [phone],
  );
  const [place] = rows;
  if (!place) throw new Error('nothing was said to this phone');
  const DAY_MS = 24 * 3_600_000;
  const limits = { maxText: 4096, textUnit: 'utf16', files: 'native', replyWindowMs: DAY_MS } as const;
  const none = { edit: false, delete: false, react: false };
  const replyUntil = async () => {
    const ofChannels = { whyOff: () => undefined, limitsOf: () => limits, abilitiesOn: () => none };
    const view = await readView(hub.db, place.conversation, ofChannels);
    return Date.parse(view?.replyUntil ?? '');
  };
  expect(await replyUntil()).toBeGreaterThan(Date.now() + DAY_MS - 600_000);
  await hub.db.query(
    `update event set at = at - interval '24 hours' where conversation = $1 and type = 'message.received'`,
    [place.conversation],
  );
  expect(await replyUntil()).toBeLessThan(Date.now());
  await say(place, 'ответ через сутки');
  expect(await until(phone, ({ state }) => state === 'cancelled')).toMatchObject({ reason: 'reply-window' });
  await tell(messageValue(phone, textOf('ещё здесь?')));
  expect(await fake.hears(phone, 2)).toEqual(['you said привет', 'you said ещё здесь?']);
  // What the log holds is as it was.
  await hub.db.query(
    `update event set at = at + interval '24 hours' where conversation = $1 and type = 'message.received' and at < now() - interval '12 hours'`,
    [place.conversation],
  );
}, 30_000);

it('counts the day from when the client wrote, also where their message was delivered late', async () => {
  const phone = '79160000107';
  await tell(messageValue(phone, textOf('привет'), new Date(Date.now() - 48 * 3_600_000)));
  expect(await until(phone, ({ state }) => state === 'cancelled')).toMatchObject({ reason: 'reply-window' });
  expect(fake.saidTo(phone)).toEqual([]);
  await tell(messageValue(phone, textOf('ещё здесь?')));
  expect(await fake.hears(phone, 1)).toEqual(['you said ещё здесь?']);
});

it('takes an approved template from the desk after a day, and within it says the same in free words', async () => {
  const phone = '79160000106';
  fake.templates.set('application_ready ru', { body: 2 });
  await tell(messageValue(phone, textOf('где моя заявка?')));
  await fake.hears(phone, 1);
  const olga = await signIn(hub.url);
  const { rows } = await hub.db.query<{ id: string; epoch: number }>(
    `select c.id, c.epoch from conversation c join thread t on t.id = c.thread where t.external_thread = $1`,
    [phone],
  );
  const [row] = rows;
  if (!row) throw new Error('nobody wrote');
  const { id } = row;
  await olga.act('take', row);
  expect((await olga.see(id)).templates).toEqual([
    { ...READY, parameters: 2 },
    { ...STATEMENT, parameters: 3 },
  ]);
  const use = (name: string, ...parameters: string[]) => ({ name, language: 'ru', parameters });
  const taken = () => fake.taken.filter(({ to }) => to === phone).map(({ type }) => type);

  await olga.sayBy(id, use('application_ready', 'Анна', '№ 5'));
  expect(await fake.hears(phone, 2)).toContain('Здравствуйте, Анна! Заявка № 5 готова.');
  await hub.db.query(
    `update event set at = at - interval '24 hours' where conversation = $1 and type = 'message.received'`,
    [id],
  );
  fake.closeWindow(phone);
  await olga.say(id, 'Заявка готова');
  expect(await until(phone, ({ state }) => state === 'cancelled')).toMatchObject({ reason: 'reply-window' });
  await olga.sayBy(id, use('application_ready', 'Анна', '№ 6'));
  await until(phone, ({ state }) => state === 'accepted');
  expect(taken()).toEqual(['text', 'text', 'template']);
  expect((await olga.read(id)).at(-1)).toMatchObject({
    from: 'operator',
    content: [{ kind: 'text', text: 'Здравствуйте, Анна! Заявка № 6 готова.' }],
  });

  fake.templates.set('statement_ready ru', { header: 'document', body: 1, buttons: ['url', 'quick_reply'] });
  const file = 'https://bank.example/may.pdf';
  await olga.sayBy(id, use('statement_ready', file, 'Анна', 'm5'));
  await vi.waitFor(() => expect(taken()).toEqual(['text', 'text', 'template', 'template']));
  expect((await olga.read(id)).at(-1)).toMatchObject({
    content: [
      { kind: 'text', text: `${file}\nАнна, выписка готова.` },
      {
        kind: 'choices',
        choices: [
          { kind: 'link', text: 'Открыть', url: 'https://bank.example/s/m5' },
          { id: 'operator', text: 'Позвать сотрудника' },
        ],
      },
    ],
  });
  const payload = fake.taken.at(-1)?.template?.components?.at(-1)?.parameters[0];
  await tell(messageValue(phone, { type: 'button', button: { ...payload, text: 'Позвать сотрудника' } }));
  expect((await olga.read(id)).at(-1)).toMatchObject({
    from: 'client',
    content: [{ kind: 'choice', id: 'operator', text: 'Позвать сотрудника' }],
  });

  for (const [wrong, place] of [
    [use('application_ready', 'Анна'), 'template.parameters'],
    [use('statement_ready', 'may.pdf', 'Анна', 'm5'), 'template.parameters'],
    [use('application_lost', 'Анна', '№ 6'), 'template: '],
  ] as const) {
    const { status, body } = await olga.sayBy(id, wrong);
    expect([status, String(body.detail)]).toEqual([400, expect.stringContaining(place)]);
  }
  expect(taken()).toHaveLength(4);
  await hub.db.query(
    `update event set at = at + interval '24 hours' where conversation = $1 and type = 'message.received'`,
    [id],
  );
}, 30_000);

/** Something is said to the client by an operator, as far as the outbox sees it. */
async function say(place: { conversation: ConversationId; thread: ThreadId }, text: string): Promise<void> {
  const change = createChangeLog({ db: hub.db, now: () => new Date(), acceptsAtCommit: () => false });
  const facts = {
    message: newId<MessageId>(),
    thread: place.thread,
    author: { kind: 'system' } as const,
    kinds: ['text' as const],
  };
  await change.commit([
    {
      conversation: place.conversation,
      events: [{ type: 'message.sent', facts, body: { content: [{ kind: 'text', text }] } }],
    },
  ]);
}

it('fetches the file of a message and keeps it once', async () => {
  const phone = '79160000103';
  fake.files.set('27548', { bytes: Buffer.from('%PDF-1.4\n'), type: 'application/pdf' });
  const document = { id: '27548', mime_type: 'application/pdf', filename: 'a.pdf', caption: 'вот' };
  const value = messageValue(phone, { type: 'document', document });
  await Promise.all([tell(value), tell(value)]);
  await fake.hears(phone, 1);
  for (;;) {
    const { rows } = await hub.db.query<{ state: string; size: number; name: string }>(
      `select state, size, name from media where source = '27548' and state <> 'pending'`,
    );
    if (rows.length > 0) {
      expect(rows).toEqual([{ state: 'stored', size: 9, name: 'a.pdf' }]);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

it('marks what it has stored as read', async () => {
  const phone = '79160000104';
  const value = messageValue(phone, textOf('привет'));
  await tell(value);
  await fake.hears(phone, 1);
  const [message] = value.messages as readonly { readonly id: string }[];
  await expect.poll(() => fake.read).toContainEqual({ id: message?.id, isTyping: false });
});
