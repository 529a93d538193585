import { error, type FakeVk, startFakeVk } from '../fakes/vk.ts';
import {
  eventOf,
  GROUP,
  type Json,
  messageOf,
  newMessage,
  postEvent,
  SECRET,
  textEvent,
} from '../fakes/vk-events.ts';
import { startHub } from '../fixtures/hub.ts';
import { httpFaults } from './http-network.ts';
import {
  type AskedChange,
  type BadInput,
  type OutsideNetwork,
  outsideConformanceSuite,
  type Person,
} from './suite.ts';

// https://dev.vk.com/ru/reference/errors: 6 "Too many requests per second", with 200.
const FAULTS = httpFaults({ status: 200, body: error(6).text });
const HOUR_S = 3_600;

async function startVk(): Promise<OutsideNetwork> {
  const fake = await startFakeVk();
  const hub = await startHub({
    env: {
      VK_TOKEN: fake.token,
      VK_GROUP_ID: String(GROUP),
      VK_SECRET: SECRET,
      VK_CONFIRMATION: 'c0nf1rm',
      VK_API_ROOT: fake.url,
    },
  });
  const url = `${hub.url}/channels/vk/webhook`;
  const tell = async (event: Json) => void (await postEvent(url, JSON.stringify(event)));
  let people = 0;
  return {
    hub,
    repeatsCountOnce: true,
    // Where a long text was cut, white space went.
    join: (parts) => parts.join('').replace(/\s/gu, ''),
    async person() {
      people += 1;
      return personOn(fake, tell, people);
    },
    async sayOutOfOrder(person, texts) {
      for (const text of [...texts].reverse()) await tell(textEvent(Number(person.thread()), text));
    },
    async editUnknown(person, text) {
      await tell(eventOf('message_edit', messageOf(Number(person.thread()), text)));
    },
    async sendAlbum(person, count, caption) {
      const user = Number(person.thread());
      const attachments = Array.from({ length: count }, (_, n) => {
        fake.files.set(`${user}-${n}`, Buffer.from('a picture'));
        const size = { type: 'x', url: `${fake.url}/files/${user}-${n}`, width: 604, height: 403 };
        return { type: 'photo', photo: { id: n, owner_id: user, album_id: -3, sizes: [size] } };
      });
      await tell(newMessage(messageOf(user, caption, { attachments })));
    },
    revisions: {
      idOf: (person, text) =>
        [...fake.messages].find(([, one]) => one.peer === person.thread() && one.text === text)?.[0],
      asked: () => fake.requests.flatMap(changeOf),
    },
    failNextSend: (person, fault) => fake.fault(Number(person.thread()), FAULTS[fault]),
    badInput: badInput(url),
    strangers: strangers(url),
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

function changeOf({ method, parameters }: FakeVk['requests'][number]): readonly AskedChange[] {
  const { message_id = '', message_ids = '', message = '' } = parameters;
  if (method === 'messages.edit') return [{ what: 'edit', of: message_id, text: message }];
  return method === 'messages.delete' ? [{ what: 'delete', of: message_ids }] : [];
}

function personOn(fake: FakeVk, tell: (event: Json) => Promise<void>, user: number): Person {
  let last: Json = {};
  return {
    thread: () => String(user),
    async say(text) {
      last = textEvent(user, text);
      await tell(last);
    },
    async repeatLast(times) {
      const told = last;
      await Promise.all(Array.from({ length: times }, () => tell(told)));
    },
    heard: () => fake.saidTo(user),
    hears: (count) => fake.hears(user, count),
  };
}

const now = () => Math.floor(Date.now() / 1_000);
const hi = (more: Json = {}) => newMessage(messageOf(900, 'hi', more));

function badInput(url: string): readonly BadInput[] {
  const kept: readonly (readonly [string, () => Json | string])[] = [
    ['an event of an unknown type', () => eventOf('aura_changed', { colour: 'blue' })],
    ['an event without an id', () => ({ ...hi(), event_id: undefined })],
    ['an event of another community', () => ({ ...hi(), group_id: 5 })],
    ['a message without a time', () => hi({ date: null })],
    ['a message of an unknown shape', () => hi({ text: { a: 1 } })],
    ['a message of a chat', () => hi({ peer_id: 2_000_000_001 })],
    ['a button that was pressed in a chat', () => press({ peer_id: 2_000_000_001 })],
    ['a press of an unknown shape', () => press({ event_id: 7 })],
    // Their keys may be forgotten: a request that is played again tells nothing new.
    ['a message of long ago', () => hi({ date: now() - 25 * HOUR_S })],
    ['a message of tomorrow', () => hi({ date: now() + 25 * HOUR_S })],
    [
      'a deep JSON',
      () =>
        JSON.stringify({ ...hi(), object: 1 }).replace(
          '"object":1',
          `"object":${'['.repeat(50_000)}${']'.repeat(50_000)}`,
        ),
    ],
  ];
  return [
    ...kept.map(
      ([what, event]): BadInput => ({
        what,
        answer: 200,
        isKept: true,
        hand: () => status(url, event()),
      }),
    ),
    { what: 'a body that is too large', answer: 413, hand: () => status(url, 'x'.repeat(2 * 1024 ** 2)) },
  ];
}

function press(more: Json): Json {
  return eventOf('message_event', { user_id: 900, peer_id: 900, event_id: 'abc', payload: '{}', ...more });
}

async function status(url: string, event: Json | string): Promise<number> {
  return (await postEvent(url, typeof event === 'string' ? event : JSON.stringify(event))).status;
}

/** The secret is in the body, so what is no JSON has none. */
function strangers(url: string): readonly BadInput[] {
  const given: readonly (readonly [string, () => Json | string])[] = [
    ['no secret', () => ({ ...hi(), secret: undefined })],
    ['another secret', () => ({ ...hi(), secret: 'another' })],
    ['an empty secret', () => ({ ...hi(), secret: '' })],
    ['a secret that is no text', () => ({ ...hi(), secret: [SECRET] })],
    ['a confirmation for another community', () => ({ type: 'confirmation', group_id: 5 })],
    ['no JSON', () => '<html>'],
    ['nothing', () => ''],
    ['half of a JSON', () => '{"type":"message_new","secret":"'],
  ];
  return [
    ...given.map(([what, event]) => ({ what, answer: 401, hand: () => status(url, event()) })),
    { what: 'a bare GET', answer: 401, hand: async () => (await fetch(url)).status },
  ];
}

outsideConformanceSuite('VK', startVk);
