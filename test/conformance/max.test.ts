import { z } from 'zod';
import { type FakeMax, type MaxRequest, refusal, startFakeMax } from '../fakes/max.ts';
import {
  chatOf,
  type Json,
  messageOf,
  nextMid,
  postUpdate,
  SECRET,
  textUpdate,
  updateOf,
} from '../fakes/max-updates.ts';
import { startHub } from '../fixtures/hub.ts';
import { httpFaults } from './http-network.ts';
import {
  type AskedChange,
  type BadInput,
  conformanceSuite,
  type OutsideNetwork,
  outsideConformanceSuite,
  type Person,
} from './suite.ts';

// https://dev.max.ru/docs-api, HTTP codes: 429 "the number of requests is exceeded".
const FAULTS = httpFaults({ status: 429, body: refusal(429, 'too.many.requests').text });
const HOUR_MS = 3_600_000;

async function startMax(secret: string): Promise<OutsideNetwork> {
  const fake = await startFakeMax();
  const hub = await startHub({
    env: { MAX_BOT_TOKEN: fake.token, MAX_API_ROOT: fake.url, MAX_WEBHOOK_SECRET: secret },
  });
  const url = `${hub.url}/channels/max/webhook`;
  await fake.until(() =>
    secret ? fake.subscriptions.size === 1 : fake.requests.some(({ path }) => path === '/updates'),
  );
  const tell = async (update: Json) => {
    if (secret) await postUpdate(url, JSON.stringify(update));
    else fake.push(update);
  };
  let people = 0;
  return {
    hub,
    // Where a long text was cut, white space went.
    join: (parts) => parts.join('').replace(/\s/gu, ''),
    async person() {
      people += 1;
      return personOn(fake, tell, people);
    },
    async sayOutOfOrder(person, texts) {
      const user = Number(person.thread()) - chatOf(0);
      for (const text of [...texts].reverse()) await tell(textUpdate(user, text));
    },
    async editUnknown(person, text) {
      const user = Number(person.thread()) - chatOf(0);
      await tell(updateOf('message_edited', { message: messageOf(user, { text, mid: nextMid() }) }));
    },
    async sendAlbum(person, count, caption) {
      const user = Number(person.thread()) - chatOf(0);
      const attachments = Array.from({ length: count }, (_, n) => {
        fake.files.set(`${user}-${n}`, Buffer.from('a picture'));
        const payload = { url: `${fake.url}/files/${user}-${n}`, token: 't', photo_id: n };
        return { type: 'image', payload };
      });
      await tell(updateOf('message_created', { message: messageOf(user, { text: caption, attachments }) }));
    },
    revisions: {
      idOf: (person, text) =>
        [...fake.messages].find(([, one]) => String(one.chat) === person.thread() && one.text === text)?.[0],
      asked: () => fake.requests.flatMap(changeOf),
    },
    failNextSend: (person, fault) => fake.fault(Number(person.thread()), FAULTS[fault]),
    badInput: secret ? badWebhooks(url) : badUpdates(fake),
    strangers: strangers(url),
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

function changeOf({ method, path, mid: of, body }: MaxRequest): readonly AskedChange[] {
  if (path !== '/messages' || of === undefined) return [];
  if (method === 'DELETE') return [{ what: 'delete', of }];
  return [{ what: 'edit', of, text: z.looseObject({ text: z.string() }).parse(body).text }];
}

function personOn(fake: FakeMax, tell: (update: Json) => Promise<void>, user: number): Person {
  let last: Json = {};
  return {
    thread: () => String(chatOf(user)),
    async say(text) {
      last = textUpdate(user, text);
      await tell(last);
    },
    async repeatLast(times) {
      const told = last;
      await Promise.all(Array.from({ length: times }, () => tell(told)));
    },
    heard: () => fake.saidTo(chatOf(user)),
    hears: (count) => fake.hears(chatOf(user), count),
  };
}

const hi = (more: Json = {}) => ({ ...textUpdate(900, 'hi'), ...more });

const ODD: readonly (readonly [string, () => Json])[] = [
  ['an update of an unknown type', () => updateOf('aura_changed', { colour: 'blue' })],
  ['an update without a time', () => hi({ timestamp: null })],
  [
    'a message of an unknown shape',
    () => updateOf('message_created', { message: messageOf(900, { text: { a: 1 } }) }),
  ],
  [
    'a message of a group',
    () =>
      updateOf('message_created', {
        message: messageOf(900, { text: 'hi' }, { recipient: { chat_id: -5, chat_type: 'chat' } }),
      }),
  ],
  [
    'a button of a message that is gone',
    () =>
      updateOf('message_callback', { callback: { callback_id: 'c', user: { user_id: 900 } }, message: null }),
  ],
];

function badWebhooks(url: string): readonly BadInput[] {
  const unreadable: readonly (readonly [string, () => string])[] = [
    ['no JSON', () => '<html>'],
    ['nothing', () => ''],
    ['half of a JSON', () => '{"update_type":"message_cre'],
    ['another JSON', () => '"text"'],
    [
      'a deep JSON',
      () => `{"update_type":"message_created","message":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ],
    // Their keys may be forgotten: a request that is played again tells nothing new.
    ['an update of long ago', () => JSON.stringify(hi({ timestamp: Date.now() - 25 * HOUR_MS }))],
    ['an update of tomorrow', () => JSON.stringify(hi({ timestamp: Date.now() + 25 * HOUR_MS }))],
    ...ODD.map(([what, update]) => [what, () => JSON.stringify(update())] as const),
  ];
  return [
    ...unreadable.map(([what, body]) => ({
      what,
      answer: 200,
      isKept: true,
      hand: () => postUpdate(url, body()),
    })),
    { what: 'a body that is too large', answer: 413, hand: () => postUpdate(url, 'x'.repeat(2 * 1024 ** 2)) },
  ];
}

/** What a webhook would bring, polled; what is no JSON cannot come this way. */
function badUpdates(fake: FakeMax): readonly BadInput[] {
  return ODD.map(([what, update]) => ({
    what,
    answer: 'passed',
    isKept: true,
    async hand() {
      const asked = () => fake.requests.filter(({ path }) => path === '/updates').length;
      const before = asked();
      fake.push(update());
      // It asks for more with the marker only after the batch was stored.
      await fake.until(() => asked() > before);
      return 'passed';
    },
  }));
}

function strangers(url: string): readonly BadInput[] {
  const body = JSON.stringify(hi());
  return [
    {
      what: 'no secret',
      answer: 401,
      hand: async () => (await fetch(url, { method: 'POST', body })).status,
    },
    { what: 'another secret', answer: 401, hand: () => postUpdate(url, body, 'another') },
    { what: 'an empty secret', answer: 401, hand: () => postUpdate(url, body, '') },
    { what: 'garbage of a stranger', answer: 401, hand: () => postUpdate(url, '<html>', 'another') },
    { what: 'a bare GET', answer: 401, hand: async () => (await fetch(url)).status },
  ];
}

outsideConformanceSuite('MAX, by webhook', () => startMax(SECRET));
// What goes out is the same.
conformanceSuite('MAX, by long polling', () => startMax(''));
