import { request as httpRequest } from 'node:http';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import type { Fault } from '../fakes/telegram-faults.ts';
import type { Update } from '../fakes/telegram-updates.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import {
  type AskedChange,
  type BadInput,
  type OutsideNetwork,
  outsideConformanceSuite,
  type Person,
  type SendFault,
} from './suite.ts';

const SECRET = 'conformance-secret_1';
const MEGABYTE = 1024 * 1024;

const FAULTS: Record<SendFault, Fault> = {
  'too-many': { kind: 'too-many', retryAfter: 1 },
  'server-error': { kind: 'proxy-error', status: 502 },
  'cut-before': { kind: 'cut-before' },
  'cut-after': { kind: 'cut-after' },
  truncated: { kind: 'truncated' },
  garbage: { kind: 'garbage' },
  slow: { kind: 'slow', ms: 1_500 },
};

async function startTelegram(secret: string): Promise<OutsideNetwork> {
  const fake = await startFakeTelegram();
  const hub = await startHub({
    demo: 'echo',
    env: {
      TELEGRAM_BOT_TOKEN: fake.token,
      TELEGRAM_API_ROOT: fake.url,
      TELEGRAM_WEBHOOK_SECRET: secret,
    },
  });
  await fake.chats.until(
    () => fake.requests.some(({ method }) => method === (secret ? 'setWebhook' : 'getUpdates')),
    'a connected bot',
  );
  let people = 0;
  return {
    hub,
    badInput: secret ? badWebhooks(hub) : badUpdates(fake, hub),
    strangers: strangers(hub),
    // Where a long text was cut, white space went.
    join: (parts) => parts.join('').replace(/\s/gu, ''),
    async person() {
      people += 1;
      return personOn(fake, 1_000 + people);
    },
    async sayOutOfOrder(person, texts) {
      const chat = Number(person.thread());
      fake.chats.open(chat);
      if (!secret) fake.updates.reverseNext();
      for (const update of [...updatesOf(fake, chat, texts)].reverse()) fake.updates.add(update);
    },
    async editUnknown(person, text) {
      const chat = { id: Number(person.thread()), type: 'private' };
      const edited = { message_id: 99_999, date: 1_700_000_000, edit_date: 1_700_000_100, chat, text };
      fake.push({ edited_message: { ...edited, from: { id: chat.id, is_bot: false, first_name: 'A' } } });
    },
    async sendAlbum(person, count, caption) {
      const chat = { id: Number(person.thread()), type: 'private' };
      for (let n = 0; n < count; n++) {
        const photo = [{ file_id: `${chat.id}-${n}`, file_unique_id: `${n}`, width: 1, height: 1 }];
        const message = {
          message_id: 50_000 + n,
          date: 1_700_000_000,
          chat,
          media_group_id: `${chat.id}`,
          photo,
        };
        const from = { id: chat.id, is_bot: false, first_name: 'A' };
        fake.push({ message: { ...message, from, ...(n === 0 && { caption }) } });
      }
    },
    revisions: {
      idOf(person, text) {
        const message = fake.chats.find(Number(person.thread()))?.messages.find((one) => one.text === text);
        return message && String(message.messageId);
      },
      asked: () => fake.requests.flatMap(changeOf),
    },
    failNextSend: (person, fault) =>
      fake.fault({ method: 'sendMessage', chat: Number(person.thread()), fault: FAULTS[fault] }),
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

function changeOf({ method, parameters }: FakeTelegram['requests'][number]): readonly AskedChange[] {
  const of = String(parameters.message_id);
  switch (method) {
    case 'editMessageText':
      return [{ what: 'edit', of, text: String(parameters.text) }];
    case 'deleteMessage':
      return [{ what: 'delete', of }];
    case 'setMessageReaction':
      return [{ what: 'react', of, emoji: emojiOf(parameters.reaction) }];
    default:
      return [];
  }
}

function emojiOf(reaction: unknown): readonly string[] {
  const list: unknown = typeof reaction === 'string' ? JSON.parse(reaction) : reaction;
  return z
    .array(z.object({ emoji: z.string() }))
    .parse(list)
    .map(({ emoji }) => emoji);
}

function personOn(fake: FakeTelegram, chat: number): Person {
  let last: Update | undefined;
  return {
    thread: () => String(chat),
    async say(text) {
      last = fake.say(chat, text);
    },
    async repeatLast(times) {
      if (last) await fake.updates.replay(last, times);
    },
    heard: () => fake.saidTo(chat),
    hears: (count) => fake.hears(chat, count),
  };
}

function updatesOf(fake: FakeTelegram, chat: number, texts: readonly string[]): readonly Update[] {
  return texts.map((text) => ({
    update_id: fake.updates.nextId(),
    message: {
      message_id: 1,
      date: 1_700_000_000,
      chat: { id: chat, type: 'private' },
      from: { id: chat, is_bot: false, first_name: 'A' },
      text,
    },
  }));
}

/** The status of the answer. A server that answers before it has read a large body hangs up while we still write. */
function post(hub: TestHub, body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${hub.url}/channels/telegram/webhook`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const UNREADABLE: readonly (readonly [string, string])[] = [
  ['no JSON', '<html>'],
  ['nothing', ''],
  ['half of a JSON', '{"update_id":1,"message":{"te'],
  ['another JSON', '"text"'],
  ['an update without a number', '{"message":{"text":"a"}}'],
  ['an update of an unknown type', '{"update_id":1,"aura":{"colour":"blue"}}'],
  ['a message of an unknown shape', '{"update_id":1,"message":{"text":{"a":1}}}'],
  [
    'a message of a group',
    '{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":-1,"type":"group"},"text":"hi"}}',
  ],
  ['a deep JSON', `{"update_id":1,"message":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ['bytes that are no UTF-8', '\u0000\u0001'],
];

function badWebhooks(hub: TestHub): readonly BadInput[] {
  const headers = { 'x-telegram-bot-api-secret-token': SECRET };
  return [
    ...UNREADABLE.map(([what, body]) => ({
      what,
      hand: () => post(hub, body, headers),
      answer: 200,
      isKept: true,
    })),
    {
      what: 'a body that is too large',
      hand: () => post(hub, 'x'.repeat(2 * MEGABYTE), headers),
      answer: 413,
    },
  ];
}

/** What a webhook would bring, polled; what is no JSON cannot come this way. */
function badUpdates(fake: FakeTelegram, hub: TestHub): readonly BadInput[] {
  const odd: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['an update of an unknown type', { aura: { colour: 'blue' } }],
    ['a message of an unknown shape', { message: { text: { a: 1 } } }],
    [
      'a message of a group',
      { message: { message_id: 1, date: 1, chat: { id: -1, type: 'group' }, text: 'hi' } },
    ],
  ];
  return [
    ...odd.map(([what, update]) => ({
      what,
      async hand() {
        const numbered: Update = { update_id: fake.updates.nextId(), ...update };
        fake.updates.addUnwanted(numbered);
        await fake.chats.until(
          () => fake.requests.some(({ parameters }) => parameters.offset === numbered.update_id + 1),
          'a confirmed update',
        );
        return 'confirmed';
      },
      answer: 'confirmed',
      isKept: true,
    })),
    { what: 'a body that is too large', hand: () => post(hub, 'x'.repeat(2 * MEGABYTE), {}), answer: 413 },
  ];
}

function strangers(hub: TestHub): readonly BadInput[] {
  const update = JSON.stringify({
    update_id: 1,
    message: { message_id: 1, date: 1, chat: { id: 5, type: 'private' }, from: { id: 5 }, text: 'hi' },
  });
  const header = (value: string) => ({ 'x-telegram-bot-api-secret-token': value });
  return [
    { what: 'no secret', hand: () => post(hub, update, {}), answer: 401 },
    { what: 'another secret', hand: () => post(hub, update, header('another')), answer: 401 },
    { what: 'an empty secret', hand: () => post(hub, update, header('')), answer: 401 },
    { what: 'garbage of a stranger', hand: () => post(hub, '<html>', header('another')), answer: 401 },
    {
      what: 'too much of a stranger',
      hand: () => post(hub, 'x'.repeat(2 * MEGABYTE), header('another')),
      answer: 413,
    },
  ];
}

outsideConformanceSuite('Telegram by long polling', () => startTelegram(''));
outsideConformanceSuite('Telegram by webhook', () => startTelegram(SECRET));

it('takes a pressed button with its label, and answers its callback', async () => {
  const fake = await startFakeTelegram();
  const hub = await startHub({ env: { TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.url } });
  try {
    const chat = fake.chats.open(7);
    fake.chats.add(chat, { from: 'bot', text: 'Верно?', buttons: [{ text: 'Да', data: 'yes' }] });
    const { callback_query } = fake.press(7, 'Да');
    await fake.hears(7, 2);
    expect(fake.saidTo(7)).toEqual(['Верно?', 'you said Да']);
    await fake.chats.until(() => fake.answeredCallbacks.length === 1, 'an answered callback');
    expect(callback_query).toMatchObject({ id: fake.answeredCallbacks[0] });
  } finally {
    await hub.stop();
    await fake.stop();
  }
});
