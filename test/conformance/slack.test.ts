import {
  BOT_TOKEN,
  type FakeSlack,
  SIGNING_SECRET,
  signed,
  startFakeSlack,
  type Told,
} from '../fakes/slack.ts';
import type { SlackFault } from '../fakes/slack-faults.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import {
  type AskedChange,
  type BadInput,
  type OutsideNetwork,
  outsideConformanceSuite,
  type Person,
  type SendFault,
} from './suite.ts';

const MEGABYTE = 1024 * 1024;

const FAULTS: Record<SendFault, SlackFault> = {
  'too-many': { kind: 'too-many', retryAfter: 1 },
  'server-error': { kind: 'proxy-error', status: 502 },
  'cut-before': { kind: 'cut-before' },
  'cut-after': { kind: 'cut-after' },
  truncated: { kind: 'truncated' },
  garbage: { kind: 'garbage' },
  slow: { kind: 'slow', ms: 1_500 },
};

async function startSlack(): Promise<OutsideNetwork> {
  const fake = await startFakeSlack();
  const hub = await startHub({
    demo: 'echo',
    env: { SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: fake.apiUrl },
  });
  fake.tell(`${hub.url}/channels/slack/webhook`);
  let people = 0;
  return {
    hub,
    badInput: badWebhooks(hub),
    strangers: strangers(hub),
    // Where a long text was cut, white space went.
    join: (parts) => parts.join('').replace(/\s/gu, ''),
    async person() {
      people += 1;
      return personOn(fake, `U${people}`, `D${people}`);
    },
    async sayOutOfOrder(person, texts) {
      const user = person.thread().replace('D', 'U');
      for (const text of [...texts].reverse()) await fake.say(user, person.thread(), text);
    },
    async editUnknown(person, text) {
      const channel = person.thread();
      const from = channel.replace('D', 'U');
      const never = { channel, ts: fake.nextTs(), from, text: '', files: [], reactions: [], deleted: false };
      await fake.edit(never, text);
    },
    async sendAlbum(person, count, caption) {
      const channel = person.thread();
      const files = Array.from({ length: count }, (_, n) => ({
        name: `${n}.png`,
        type: 'image/png',
        bytes: Buffer.from('a picture'),
      }));
      await fake.say(channel.replace('D', 'U'), channel, caption, { files });
    },
    revisions: {
      idOf: (person, text) =>
        fake.posts.find((post) => post.channel === person.thread() && post.text === text)?.ts,
      asked: () => fake.requests.flatMap(changeOf),
    },
    failNextSend: (person, fault) =>
      fake.fault({ method: 'chat.postMessage', channel: person.thread(), fault: FAULTS[fault] }),
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

/** `+1` is Slack's name of 👍, the only reaction that the suite puts. */
function changeOf({ method, parameters }: FakeSlack['requests'][number]): readonly AskedChange[] {
  const of = String(parameters.ts ?? parameters.timestamp);
  switch (method) {
    case 'chat.update':
      return [{ what: 'edit', of, text: String(parameters.text) }];
    case 'chat.delete':
      return [{ what: 'delete', of }];
    case 'reactions.add':
      return [{ what: 'react', of, emoji: [parameters.name === '+1' ? '👍' : String(parameters.name)] }];
    case 'reactions.remove':
      return [{ what: 'react', of, emoji: [] }];
    default:
      return [];
  }
}

function personOn(fake: FakeSlack, user: string, channel: string): Person {
  let last: Told | undefined;
  return {
    thread: () => channel,
    async say(text) {
      last = await fake.say(user, channel, text);
    },
    async repeatLast(times) {
      const told = last;
      if (told) await Promise.all(Array.from({ length: times }, () => fake.again(told)));
    },
    heard: () => fake.heardIn(channel),
    hears: (count) => fake.hears(channel, count),
  };
}

async function post(hub: TestHub, body: string, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(`${hub.url}/channels/slack/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return answer.status;
}

const message = {
  type: 'message',
  channel: 'D9',
  channel_type: 'im',
  user: 'U9',
  text: 'hi',
  ts: '1700000000.000900',
};
const event = (inner: object) => JSON.stringify({ type: 'event_callback', event_id: 'Ev9', event: inner });

function badWebhooks(hub: TestHub): readonly BadInput[] {
  const unreadable: readonly (readonly [string, string])[] = [
    ['no JSON', '<html>'],
    ['half of a JSON', '{"type":"event_callback","ev'],
    ['another JSON', '"text"'],
    ['an event without an id', JSON.stringify({ type: 'event_callback', event: message })],
    ['an event of an unknown type', event({ type: 'aura_changed', colour: 'blue' })],
    ['a message of an unknown shape', event({ ...message, ts: { a: 1 } })],
    ['a deep JSON', `{"type":"event_callback","event":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['bytes that are no UTF-8', '\u0000\u0001'],
  ];
  return [
    ...unreadable.map(([what, body]) => ({
      what,
      hand: () => post(hub, body, signed(body)),
      answer: 200,
      isKept: true,
    })),
    {
      what: 'an echo of our own',
      hand: () => post(hub, ...bodyOf({ ...message, bot_id: 'B1' })),
      answer: 200,
    },
    {
      what: 'a body that is too large',
      hand: () => post(hub, 'x'.repeat(2 * MEGABYTE), {}),
      answer: 413,
    },
  ];
}

function bodyOf(inner: object): [string, Record<string, string>] {
  const body = event(inner);
  return [body, signed(body)];
}

function strangers(hub: TestHub): readonly BadInput[] {
  const body = event(message);
  const seconds = Math.floor(Date.now() / 1000);
  return [
    { what: 'no signature', hand: () => post(hub, body, {}), answer: 401 },
    {
      what: 'another secret',
      hand: () => post(hub, body, signed(body, seconds, 'another-secret-it-is')),
      answer: 401,
    },
    { what: 'another body', hand: () => post(hub, `${body} `, signed(body)), answer: 401 },
    { what: 'an old request', hand: () => post(hub, body, signed(body, seconds - 400)), answer: 401 },
    {
      what: 'a request of the future',
      hand: () => post(hub, body, signed(body, seconds + 400)),
      answer: 401,
    },
  ];
}

outsideConformanceSuite('Slack', startSlack);
