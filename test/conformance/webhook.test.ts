import { z } from 'zod';
import {
  type FakeWebhookReceiver,
  type Posted,
  signAs,
  startFakeWebhookReceiver,
  WEBHOOK_SECRET,
} from '../fakes/webhook-receiver.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { httpFaults } from './http-network.ts';
import {
  type AskedChange,
  type BadInput,
  type OutsideNetwork,
  outsideConformanceSuite,
  type Person,
} from './suite.ts';

const FAULTS = httpFaults({ status: 429, retryAfterS: 1, body: '' });

let ids = 0;
const newId = () => `msg_${++ids}`;

async function startWebhook(): Promise<OutsideNetwork> {
  const fake = await startFakeWebhookReceiver();
  // The message's id: a cut answer is one that is longer than nothing.
  fake.answerWith('{}');
  const hub = await startHub({
    env: { OKNO_WEBHOOK_URL: fake.url, OKNO_WEBHOOK_SECRETS: WEBHOOK_SECRET },
  });
  const url = `${hub.url}/channels/webhook/webhook`;
  /** Messages of people by their ids, with what they say. */
  const told = new Map<string, string>();
  return {
    hub,
    join: (parts) => parts.join('').replace(/\s/gu, ''),
    person: async () => personOn(fake, url, newId(), told),
    async sayOutOfOrder(person, texts) {
      await Promise.all(
        [...texts].reverse().map((text) => hand(url, newId(), message(person.thread(), text))),
      );
    },
    async editUnknown(person, text) {
      const data = { user: person.thread(), id: newId(), content: [{ kind: 'text', text }] };
      await hand(url, newId(), JSON.stringify({ type: 'message.edited', data }));
    },
    // Nothing is to be fetched there: what a message refers to is kept all the same.
    async sendAlbum(person, count, caption) {
      const content = Array.from({ length: count }, (_, n) => ({
        kind: 'image',
        source: `${fake.url}/${person.thread()}-${n}.png`,
        ...(n === 0 && { caption }),
      }));
      const data = { user: person.thread(), id: newId(), content };
      await hand(url, newId(), JSON.stringify({ type: 'message.received', data }));
    },
    revisions: {
      idOf(person, text) {
        const own = [...told].find(([, one]) => one === `${person.thread()} ${text}`)?.[0];
        return own ?? keyOf(fake, person.thread(), text);
      },
      asked: () => fake.posted.flatMap(changeOf),
    },
    failNextSend: (person, fault) => fake.fault(person.thread(), FAULTS[fault]),
    badInput: badInput(url),
    strangers: strangers(url, hub),
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

/** The receiver gives its messages no ids of its own, so ours name them. */
function keyOf(fake: FakeWebhookReceiver, thread: string, text: string): string | undefined {
  const of = ({ event }: Posted) => event.data?.thread === thread && event.data.content?.[0]?.text === text;
  return fake.posted.find(of)?.event.data?.key;
}

const changed = z.object({ id: z.string(), emoji: z.array(z.string()).default([]) });

function changeOf({ event: { type, data } }: Posted): readonly AskedChange[] {
  if (!['message.edited', 'message.deleted', 'reaction.changed'].includes(type)) return [];
  const { id: of, emoji } = changed.parse(data);
  if (type === 'message.edited') return [{ what: 'edit', of, text: data?.content?.[0]?.text ?? '' }];
  return [type === 'message.deleted' ? { what: 'delete', of } : { what: 'react', of, emoji }];
}

function message(user: string, text: string, id = newId()): string {
  const data = { user, id, content: [{ kind: 'text', text }] };
  return JSON.stringify({ type: 'message.received', data });
}

async function hand(url: string, id: string, body: string): Promise<number> {
  return status(url, body, signAs(WEBHOOK_SECRET, id, body));
}

async function status(url: string, body: string, headers: Record<string, string>): Promise<number> {
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

function personOn(fake: FakeWebhookReceiver, url: string, user: string, told: Map<string, string>): Person {
  let last: { id: string; body: string } | undefined;
  return {
    thread: () => user,
    async say(text) {
      const id = newId();
      told.set(id, `${user} ${text}`);
      last = { id: newId(), body: message(user, text, id) };
      await hand(url, last.id, last.body);
    },
    async repeatLast(times) {
      const repeated = last;
      if (!repeated) return;
      await Promise.all(Array.from({ length: times }, () => hand(url, repeated.id, repeated.body)));
    },
    heard: () => fake.saidTo(user),
    hears: (count) => fake.hears(user, count),
  };
}

const UNREADABLE: readonly (readonly [string, string])[] = [
  ['no JSON', '<html>'],
  ['nothing', ''],
  ['half of a JSON', '{"type":"message.rec'],
  ['another JSON', '"text"'],
  ['an event of an unknown type', '{"type":"aura.changed","data":{}}'],
  ['a message without a user', '{"type":"message.received","data":{"id":"1","content":[]}}'],
  [
    'a text of another shape',
    '{"type":"message.received","data":{"id":"1","user":"u","content":[{"kind":"text","text":1}]}}',
  ],
  [
    'an id with a text in it',
    '{"type":"message.received","data":{"id":"моя карта","user":"u","content":[{"kind":"text","text":"a"}]}}',
  ],
  [
    'a receipt of a message that is none of ours',
    '{"type":"delivery.updated","data":{"key":"1","status":"read"}}',
  ],
  ['a deep JSON', `{"type":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
];

function badInput(url: string): readonly BadInput[] {
  return [
    ...UNREADABLE.map(([what, body]) => ({
      what,
      hand: () => hand(url, newId(), body),
      answer: 200,
      isKept: true,
    })),
    { what: 'a ping', hand: () => hand(url, newId(), '{"type":"ping"}'), answer: 200 },
  ];
}

function strangers(url: string, { url: hubUrl }: TestHub): readonly BadInput[] {
  const body = message('stranger', 'let me in');
  const now = Math.floor(Date.now() / 1000);
  const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  const refused = (what: string, headers: Record<string, string>, text = body): BadInput => ({
    what,
    hand: () => status(url, text, headers),
    answer: 401,
  });
  const signed = signAs(WEBHOOK_SECRET, 'a', body);
  return [
    refused('no signature', {}),
    refused('another secret', signAs(other, 'a', body)),
    refused('another id', { ...signed, 'webhook-id': 'b' }),
    refused('another text', signed, message('stranger', 'pay')),
    refused('another version of signature', {
      ...signed,
      'webhook-signature': String(signed['webhook-signature']).replace('v1,', 'v0,'),
    }),
    refused('a signature that is none', { ...signed, 'webhook-signature': 'v1' }),
    refused('a request of an hour ago', signAs(WEBHOOK_SECRET, 'a', body, now - 3_600)),
    refused('a request of the next hour', signAs(WEBHOOK_SECRET, 'a', body, now + 3_600)),
    refused('a time that is none', { ...signed, 'webhook-timestamp': `${now}x` }),
    {
      what: 'a GET',
      hand: async () => (await fetch(`${hubUrl}/channels/webhook/webhook`, { headers: signed })).status,
      answer: 401,
    },
  ];
}

outsideConformanceSuite('The webhook channel', startWebhook);
