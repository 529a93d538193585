import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Received } from '../../../gateway/connectors/connector.ts';
import type { OutgoingPart, SendOutcome } from '../../../gateway/connectors/outgoing.ts';
import { telegram } from '../../../gateway/connectors/telegram/index.ts';
import type { Choice } from '../../../gateway/model/content.ts';
import type { DeliveryId } from '../../../gateway/model/ids.ts';
import { type FakeTelegram, startFakeTelegram } from '../../fakes/telegram.ts';
import type { Fault } from '../../fakes/telegram-faults.ts';
import { type MemoryHost, memoryHost } from './host.ts';

const SECRET = 'a-secret_1';
const part = (chat: number, text: string, choices?: readonly Choice[]): OutgoingPart => ({
  key: `${'11111111-1111-7111-8111-111111111111' as DeliveryId}:0`,
  kind: 'text',
  externalThread: String(chat),
  text,
  ...(choices && { choices }),
});

let fake: FakeTelegram;
let host: MemoryHost;
let stop: AbortController;
let listening: Promise<unknown>;

beforeEach(async () => {
  fake = await startFakeTelegram();
  host = memoryHost('telegram');
  stop = new AbortController();
  listening = Promise.resolve();
});
afterEach(async () => {
  stop.abort();
  await listening;
  await fake.stop();
});

function connect(settings: Record<string, unknown> = {}): Connector {
  const checked = telegram.settings.parse({ token: fake.token, apiRoot: fake.url, ...settings });
  return telegram.connect(checked, host);
}

function listen(connector: Connector): void {
  listening = connector.listen?.(stop.signal).catch((error: unknown) => error) ?? Promise.resolve();
}

describe('settings', () => {
  it('takes an address of the API with or without a slash at its end, and an empty secret for none', () => {
    const checked = telegram.settings.parse({
      token: '1:a',
      apiRoot: 'http://127.0.0.1:8081/',
      webhookSecret: '',
    });
    expect(checked).toEqual({ token: '1:a', apiRoot: 'http://127.0.0.1:8081', webhookSecret: '' });
  });

  it.each([
    { token: '' },
    { token: '1:a/getMe' },
    { token: '1:a', apiRoot: 'ftp://telegram' },
    { token: '1:a', webhookSecret: 'with space' },
    { token: '1:a', unknown: 1 },
  ])('refuses %j', (settings) => {
    expect(telegram.settings.safeParse(settings).success).toBe(false);
  });

  it('never says the token in an error', () => {
    const { error } = telegram.settings.safeParse({ token: 'se cret' });
    expect(JSON.stringify(error?.issues)).not.toContain('se cret');
  });
});

describe('polling', () => {
  it('takes what was written, and what was written while nobody listened', async () => {
    fake.say(7, 'до старта');
    listen(connect());
    await host.until(() => host.inbound.length === 1);
    fake.say(7, 'после');
    await host.until(() => host.inbound.length === 2);
    expect(host.inbound.map((one) => (one.type === 'message' ? one.content : []))).toEqual([
      [{ kind: 'text', text: 'до старта' }],
      [{ kind: 'text', text: 'после' }],
    ]);
  });

  it('removes a webhook that is still set, without dropping what waits', async () => {
    fake.updates.set({ url: 'http://127.0.0.1:9/nobody', maxConnections: 40 });
    fake.say(7, 'жду');
    listen(connect());
    await host.until(() => host.inbound.length === 1);
    expect(fake.updates.webhook).toBeUndefined();
  });

  it('asks again for a batch that could not be stored, and confirms it only then', async () => {
    const update = fake.say(7, 'привет');
    host.failure = new Error('the store is away');
    listen(connect());
    expect(await listening).toBe(host.failure);
    expect(fake.updates.pending).toBe(1);
    host.failure = undefined;
    listen(connect());
    await host.until(() => host.inbound.length === 1);
    await fake.chats.until(() => offsets().includes(update.update_id + 1), 'the batch is confirmed');
    expect(offsets().filter((offset) => offset === update.update_id + 1)).toHaveLength(1);
  });

  const offsets = () =>
    fake.requests.filter(({ method }) => method === 'getUpdates').map(({ parameters }) => parameters.offset);

  it('ends where Telegram is away or refuses, so that the hub comes back later, and says why without the token', async () => {
    fake.fault({ method: 'getUpdates', fault: { kind: 'refuse', status: 409, description: 'Conflict' } });
    listen(connect());
    const refused = await listening;
    fake.fault({ method: 'getUpdates', fault: { kind: 'cut-before' } });
    listen(connect());
    const cut = await listening;
    listen(connect({ token: '999:wrong' }));
    const unauthorized = await listening;
    expect(String(refused)).toBe('TelegramError: getUpdates: 409 Conflict');
    expect(String(cut)).toMatch(/^TelegramError: getUpdates: lost, /);
    expect(String(unauthorized)).toBe('TelegramError: deleteWebhook: 401 Unauthorized');
    const told = JSON.stringify(
      [refused, cut, unauthorized].map((error) => ({ ...(error as Error), text: String(error) })),
    );
    expect(told).not.toContain('999:wrong');
    expect(told).not.toContain(fake.token);
  });

  it('stops at once when it is told to', async () => {
    listen(connect());
    await fake.chats.until(() => fake.requests.some(({ method }) => method === 'getUpdates'), 'a poll');
    stop.abort();
    await expect(listening).resolves.toBeUndefined();
  });

  it('gets past a batch in which an update has no known shape', async () => {
    fake.updates.addUnwanted({ update_id: fake.updates.nextId(), message: 'odd' });
    fake.say(7, 'привет');
    listen(connect());
    await host.until(() => host.inbound.length === 1);
    expect(host.quarantined.map(({ reason }) => reason)).toEqual(['not-an-update']);
  });
});

describe('webhook', () => {
  const receive = (connector: Connector, body: string, headers: Record<string, string> = {}): Received =>
    connector.receive({
      method: 'POST',
      url: '/channels/telegram/webhook',
      headers: { 'x-telegram-bot-api-secret-token': SECRET, ...headers },
      body: Buffer.from(body),
    });

  it('announces itself with its secret, and waits until it is stopped', async () => {
    listen(connect({ webhookSecret: SECRET }));
    await fake.chats.until(() => fake.updates.webhook !== undefined, 'a webhook', 5_000);
    expect(fake.updates.webhook).toEqual({ url: host.webhookUrl, secret: SECRET, maxConnections: 40 });
    stop.abort();
    await expect(listening).resolves.toBeUndefined();
  });

  it.each([
    ['another secret', { 'x-telegram-bot-api-secret-token': 'a-secret_2' }],
    ['a longer secret', { 'x-telegram-bot-api-secret-token': `${SECRET}1` }],
    ['an empty secret', { 'x-telegram-bot-api-secret-token': '' }],
  ])('refuses %s', (_what, headers) => {
    expect(receive(connect({ webhookSecret: SECRET }), '{}', headers)).toMatchObject({ authentic: false });
  });

  it('refuses everything without a secret of its own, and what is not a POST', () => {
    expect(receive(connect(), '{}')).toMatchObject({ authentic: false });
    const connector = connect({ webhookSecret: SECRET });
    const headers = { 'x-telegram-bot-api-secret-token': SECRET };
    const request = { method: 'GET', url: '/', headers, body: Buffer.alloc(0) };
    expect(connector.receive(request)).toMatchObject({ authentic: false });
    expect(connector.receive({ ...request, method: 'POST', headers: {} })).toMatchObject({
      authentic: false,
    });
  });

  it.each([
    ['no JSON', '<html>', 'not-json'],
    ['nothing', '', 'not-json'],
    ['half of a JSON', '{"update_id":1,"mess', 'not-json'],
    ['another JSON', '[1,2]', 'not-an-update'],
    ['a number that is none', '{"update_id":"1"}', 'not-an-update'],
    [
      'a date out of all calendars',
      '{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"date":1e300}}',
      'not-an-update',
    ],
    ['an unknown type', '{"update_id":1,"poll":{"id":"1"}}', 'unknown-update poll'],
    ['a type with an odd name', '{"update_id":1,"Привет":{}}', 'unknown-update without-a-type'],
    [
      'a group',
      '{"update_id":1,"message":{"chat":{"id":-5,"type":"group"},"text":"hi"}}',
      'not-a-private-chat',
    ],
    [
      'an edit in a group',
      '{"update_id":1,"edited_message":{"chat":{"id":-5,"type":"group"},"text":"hi"}}',
      'not-a-private-chat',
    ],
    [
      'a button of inline mode',
      '{"update_id":1,"callback_query":{"id":"1","from":{"id":5},"inline_message_id":"x","data":"a"}}',
      'callback-without-a-chat',
    ],
    [
      'brackets without end',
      `{"update_id":1,"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'not-an-update',
    ],
  ])('puts %s into the quarantine', (_what, body, reason) => {
    const received = receive(connect({ webhookSecret: SECRET }), body);
    expect(received).toMatchObject({ authentic: true, inbound: [], quarantine: [{ reason }] });
  });

  it('keeps a deep payload without choking on it', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const body = `{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"sticker":${deep}}}`;
    const received = receive(connect({ webhookSecret: SECRET }), body);
    expect(received).toMatchObject({ inbound: [{ content: [{ kind: 'unsupported', what: 'sticker' }] }] });
    expect(JSON.stringify(received).length).toBeLessThan(2_000);
  });
});

// Fields as https://core.telegram.org/bots/api#update documents them.
describe('translation', () => {
  const from = {
    id: 7,
    is_bot: false,
    first_name: 'Анна',
    last_name: 'К.',
    username: 'anna',
    language_code: 'ru-RU',
  };
  const chat = { id: 7, type: 'private', first_name: 'Анна' };
  const sender = { externalUser: '7', externalThread: '7', name: 'Анна К.', username: 'anna', locale: 'ru' };
  const message = { message_id: 1, from, chat, date: 1_700_000_000 };

  const translate = (update: Record<string, unknown>) => {
    const connector = connect({ webhookSecret: SECRET });
    const received = connector.receive({
      method: 'POST',
      url: '/',
      headers: { 'x-telegram-bot-api-secret-token': SECRET },
      body: Buffer.from(JSON.stringify({ update_id: 5, ...update })),
    });
    return received.authentic ? received : undefined;
  };

  it('makes a message of a text', () => {
    expect(translate({ message: { ...message, text: 'привет' } })).toEqual({
      authentic: true,
      inbound: [
        {
          type: 'message',
          dedupeKey: '5',
          sender,
          content: [{ kind: 'text', text: 'привет' }],
          sentAt: new Date(1_700_000_000_000),
          externalId: `${chat.id}:${message.message_id}`,
        },
      ],
    });
  });

  it('takes a pressed button with its label, to be acknowledged', () => {
    const reply_markup = {
      inline_keyboard: [
        [
          { text: 'Да', callback_data: 'yes' },
          { text: 'Сайт', url: 'https://a' },
        ],
      ],
    };
    const callback_query = {
      id: '77',
      from,
      chat_instance: '1',
      data: 'yes',
      message: { ...message, reply_markup },
    };
    expect(translate({ callback_query })?.inbound).toEqual([
      {
        type: 'message',
        dedupeKey: '5',
        sender,
        acknowledgement: '77',
        content: [{ kind: 'choice', id: 'yes', text: 'Да' }],
      },
    ]);
  });

  it('takes a pressed button of a message that is too old to be shown', () => {
    const callback_query = { id: '77', from, data: 'yes', message: { chat, message_id: 1, date: 0 } };
    expect(translate({ callback_query })?.inbound).toMatchObject([
      { content: [{ kind: 'choice', id: 'yes' }] },
    ]);
  });

  it.each([
    ['/start', undefined],
    ['/start abc_1-2', 'abc_1-2'],
    ['/start@fake_bank_bot abc', 'abc'],
  ])('takes "%s" for the opening of a dialogue', (text, payload) => {
    expect(translate({ message: { ...message, text } })?.inbound).toEqual([
      { type: 'start', dedupeKey: '5', sender, payload },
    ]);
  });

  it('takes a word that only begins like it for a text', () => {
    expect(translate({ message: { ...message, text: '/started' } })?.inbound).toMatchObject([
      { type: 'message' },
    ]);
  });

  it.each([
    ['photo', { photo: [], caption: 'мой паспорт' }, [{ kind: 'text', text: 'мой паспорт' }]],
    ['animation', { document: {}, animation: {} }, []],
    ['venue', { location: {}, venue: {} }, []],
    ['contact', { reply_to_message: {}, contact: { phone_number: 79161234567 } }, []],
    ['hologram', { hologram: {} }, []],
    ['message', {}, []],
  ])('shows %s as something that it cannot read, with the payload', (what, fields, more) => {
    const raw = { ...message, ...fields };
    expect(translate({ message: raw })?.inbound).toMatchObject([
      { type: 'message', content: [{ kind: 'unsupported', what }, ...more], raw },
    ]);
  });

  it('lets no secret and nothing that cannot be stored through, in texts, names, payloads and the quarantine', () => {
    const bad = 'a\u0000b\ud800c 4111 1111 1111 1111';
    const good = 'a\ufffdb\ufffdc •••• 1111';
    const named = { ...message, from: { ...from, first_name: bad, last_name: undefined } };
    expect(translate({ message: { ...named, text: bad } })?.inbound).toMatchObject([
      { sender: { name: good }, content: [{ kind: 'text', text: good }] },
    ]);
    expect(
      translate({ message: { ...message, photo: [], caption: bad, 'k\u0000': [bad] } })?.inbound,
    ).toMatchObject([
      {
        content: [{ kind: 'unsupported' }, { kind: 'text', text: good }],
        raw: { caption: good, 'k\ufffd': [good] },
      },
    ]);
    expect(translate({ message: { ...message, text: `/start ${bad}` } })?.inbound).toMatchObject([
      { payload: good },
    ]);
    const [quarantined] = translate({ poll: { question: bad } })?.quarantine ?? [];
    expect(quarantined?.raw).toContain(good);
  });

  it('leaves the numbers of chats and people as they are', () => {
    const id = 4_111_111_111_111_111;
    const received = translate({
      message: { ...message, chat: { id, type: 'private' }, from: { id }, sticker: {} },
    });
    expect(received?.inbound).toMatchObject([
      { sender: { externalUser: String(id) }, raw: { chat: { id } } },
    ]);
  });
});

describe('sending', () => {
  const send = async (text = 'привет', signal = AbortSignal.timeout(5_000)): Promise<SendOutcome> => {
    fake.chats.open(7);
    return connect().send(part(7, text), signal);
  };
  const sendWith = async (fault: Fault): Promise<SendOutcome> => {
    fake.fault({ method: 'sendMessage', fault });
    return send();
  };

  it('says a text with buttons, one in a row', async () => {
    fake.chats.open(7);
    const outcome = await connect().send(
      part(7, 'Да?', [
        { id: 'y', text: 'Да' },
        { id: 'n', text: 'Нет' },
      ]),
      AbortSignal.timeout(5_000),
    );
    expect(outcome).toEqual({ outcome: 'accepted', externalId: '7:1' });
    expect(fake.chats.find(7)?.messages).toMatchObject([
      {
        from: 'bot',
        text: 'Да?',
        buttons: [
          { text: 'Да', data: 'y' },
          { text: 'Нет', data: 'n' },
        ],
      },
    ]);
    expect(fake.requests.at(-1)?.parameters).toEqual({
      chat_id: 7,
      text: 'Да?',
      reply_markup: {
        inline_keyboard: [[{ text: 'Да', callback_data: 'y' }], [{ text: 'Нет', callback_data: 'n' }]],
      },
    });
  });

  it('waits as long as Telegram asks', async () => {
    expect(await sendWith({ kind: 'too-many', retryAfter: 3 })).toEqual({
      outcome: 'retry',
      reason: 'too-many-requests',
      afterMs: 3_000,
      scope: 'thread',
    });
  });

  it.each([
    [
      { kind: 'refuse', status: 500, description: 'Internal Server Error' },
      { outcome: 'retry', reason: 'http-500' },
    ],
    [
      { kind: 'proxy-error', status: 502 },
      { outcome: 'retry', reason: 'http-502' },
    ],
    [
      { kind: 'proxy-error', status: 302 },
      { outcome: 'retry', reason: 'http-302' },
    ],
    [
      { kind: 'proxy-error', status: 403 },
      { outcome: 'retry', reason: 'http-403' },
    ],
    [
      { kind: 'refuse', status: 400, description: 'Bad Request: chat not found' },
      { outcome: 'rejected', reason: 'bad-request' },
    ],
    [
      { kind: 'refuse', status: 403, description: 'Forbidden: bot was blocked by the user' },
      { outcome: 'rejected', reason: 'blocked-by-contact' },
    ],
    [
      { kind: 'refuse', status: 403, description: 'Forbidden: user is deactivated' },
      { outcome: 'rejected', reason: 'blocked-by-contact' },
    ],
    [
      { kind: 'refuse', status: 401, description: 'Unauthorized' },
      { outcome: 'retry', reason: 'unauthorized', scope: 'channel' },
    ],
    [
      { kind: 'refuse', status: 404, description: 'Not Found' },
      { outcome: 'retry', reason: 'unauthorized', scope: 'channel' },
    ],
  ] as const)('takes the complete refusal %j for %j', async (fault, outcome) => {
    expect(await sendWith(fault)).toEqual(outcome);
    expect(fake.saidTo(7)).toEqual([]);
  });

  it.each(['cut-before', 'cut-after', 'truncated', 'garbage'] as const)(
    'does not know what came of a request that met %s',
    async (kind) => {
      expect(await sendWith({ kind })).toMatchObject({ outcome: 'unknown' });
      expect(fake.saidTo(7)).toHaveLength(kind === 'cut-before' ? 0 : 1);
    },
  );

  it('does not know what came of a request that it gave up', async () => {
    const controller = new AbortController();
    fake.chats.open(7);
    fake.fault({ method: 'sendMessage', fault: { kind: 'slow', ms: 60_000 } });
    const sending = connect().send(part(7, 'привет'), controller.signal);
    await fake.hears(7, 1);
    controller.abort();
    expect(await sending).toMatchObject({ outcome: 'unknown' });
  });

  it('knows that nothing went out where nobody listens', async () => {
    const { url } = fake;
    await fake.stop();
    const connector = connect({ apiRoot: url });
    expect(await connector.send(part(7, 'привет'), AbortSignal.timeout(5_000))).toEqual({
      outcome: 'retry',
      reason: 'ECONNREFUSED',
    });
    fake = await startFakeTelegram();
  });

  it('sends each message once, whatever happens: retrying is not its to decide', async () => {
    await sendWith({ kind: 'too-many', retryAfter: 0 });
    await sendWith({ kind: 'cut-before' });
    await sendWith({ kind: 'refuse', status: 500, description: 'x' });
    expect(fake.requests.filter(({ method }) => method === 'sendMessage')).toHaveLength(3);
  });

  it('logs neither texts nor the token', async () => {
    await sendWith({ kind: 'refuse', status: 400, description: 'Bad Request: chat not found' });
    await sendWith({ kind: 'cut-after' });
    expect(host.logged.length).toBeGreaterThan(0);
    expect(host.logged.join()).not.toContain('привет');
    expect(host.logged.join()).not.toContain(fake.token);
  });
});

describe('what is not a message', () => {
  it('answers a callback, and shows that it types', async () => {
    fake.chats.open(7);
    await connect().send(part(7, 'Да?', [{ id: 'y', text: 'Да' }]), AbortSignal.timeout(5_000));
    const { callback_query } = fake.press(7, 'Да') as { callback_query?: { id: string } };
    await connect().acknowledge?.(callback_query?.id ?? '');
    await connect().typing?.('7');
    expect(fake.answeredCallbacks).toEqual([callback_query?.id]);
    expect(fake.chats.find(7)?.actions).toEqual(['typing']);
  });

  it('tells why a callback could not be answered, and nothing of the request', async () => {
    await expect(connect().acknowledge?.('1')).rejects.toThrow(
      /^answerCallbackQuery: 400 Bad Request: query is too old/,
    );
    await expect(connect().typing?.('12345')).rejects.toThrow(
      /^sendChatAction: 400 Bad Request: chat not found$/,
    );
  });
});
