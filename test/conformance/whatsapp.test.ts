import { z } from 'zod';
import { type FakeWhatsApp, refusal, startFakeWhatsApp } from '../fakes/whatsapp.ts';
import {
  APP_SECRET,
  messageValue,
  notification,
  PHONE_ID,
  postSigned,
  signatureOf,
  statusValue,
  textOf,
  VERIFY_TOKEN,
} from '../fakes/whatsapp-notifications.ts';
import { startHub } from '../fixtures/hub.ts';
import { httpFaults } from './http-network.ts';
import {
  type AskedChange,
  type BadInput,
  type OutsideNetwork,
  outsideConformanceSuite,
  type Person,
} from './suite.ts';

// https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes: 130429 comes with HTTP 400 or 429.
const FAULTS = httpFaults({ status: 400, retryAfterS: 1, body: refusal(400, 130429, 'Rate limit hit').text });

async function startWhatsApp(): Promise<OutsideNetwork> {
  const fake = await startFakeWhatsApp();
  const hub = await startHub({
    env: {
      WHATSAPP_TOKEN: fake.token,
      WHATSAPP_PHONE_ID: PHONE_ID,
      WHATSAPP_APP_SECRET: APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
      WHATSAPP_API_ROOT: fake.apiRoot,
    },
  });
  const url = `${hub.url}/channels/whatsapp/webhook`;
  /** Messages of people by their ids, with what they say. */
  const told = new Map<string, string>();
  let people = 0;
  return {
    hub,
    // Where a long text was cut, white space went.
    join: (parts) => parts.join('').replace(/\s/gu, ''),
    async person() {
      people += 1;
      return personOn(fake, url, `7916${String(people).padStart(7, '0')}`, told);
    },
    async sayOutOfOrder(person, texts) {
      for (const text of [...texts].reverse())
        await postSigned(url, notification(messageValue(person.thread(), textOf(text))));
    },
    revisions: {
      idOf: (person, text) => [...told].find(([, one]) => one === `${person.thread()} ${text}`)?.[0],
      asked: () => fake.taken.flatMap(changeOf),
    },
    failNextSend: (person, fault) => fake.fault(person.thread(), FAULTS[fault]),
    badInput: badInput(url),
    strangers: strangers(url),
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

const reaction = z.object({ message_id: z.string(), emoji: z.string() });

/** …/messages/reaction-messages: an empty emoji takes the reaction back. */
function changeOf({ type, ...message }: FakeWhatsApp['taken'][number]): readonly AskedChange[] {
  if (type !== 'reaction') return [];
  const { message_id: of, emoji } = reaction.parse(message.reaction);
  return [{ what: 'react', of, emoji: emoji === '' ? [] : [emoji] }];
}

const sent = z.object({ messages: z.tuple([z.looseObject({ id: z.string() })]) });

function personOn(fake: FakeWhatsApp, url: string, phone: string, said: Map<string, string>): Person {
  let last = '';
  return {
    thread: () => phone,
    async say(text) {
      const value = messageValue(phone, textOf(text));
      said.set(sent.parse(value).messages[0].id, `${phone} ${text}`);
      last = notification(value);
      await postSigned(url, last);
    },
    async repeatLast(times) {
      const told = last;
      await Promise.all(Array.from({ length: times }, () => postSigned(url, told)));
    },
    heard: () => fake.saidTo(phone),
    hears: (count) => fake.hears(phone, count),
  };
}

const DAY_MS = 24 * 3_600_000;

function badInput(url: string): readonly BadInput[] {
  const hi = messageValue('79169999999', textOf('hi'));
  const unreadable: readonly (readonly [string, string])[] = [
    ['no JSON', '<html>'],
    ['an empty body', ''],
    ['half of a JSON', '{"object":"whatsapp_business_account","en'],
    ['another object', '{"object":"page","entry":[]}'],
    [
      'a deep JSON',
      `{"object":"whatsapp_business_account","entry":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ],
    ['a message without a type', notification(messageValue('79169999999', {}))],
    ['a text that is none', notification(messageValue('79169999999', { type: 'text', text: 5 }))],
    ['messages that are no list', notification({ messages: { a: 1 } })],
    ['a message for another number', notification(hi, '999999999')],
    ['a status of nothing', notification({ statuses: [{}] })],
    [
      'a change of the account',
      JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [{ changes: [{ field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } }] }],
      }),
    ],
    // The key of what Meta stopped repeating long ago may be forgotten, so it is no new message.
    [
      'a request of long ago',
      notification(messageValue('79169999999', textOf('hi'), new Date(Date.now() - 9 * DAY_MS))),
    ],
  ];
  return [
    ...unreadable.map(([what, body]) => ({
      what,
      answer: 200,
      isKept: true,
      hand: () => postSigned(url, body),
    })),
    {
      what: 'a status that says nothing',
      answer: 200,
      hand: () => postSigned(url, notification(statusValue('wamid.x', 'played'))),
    },
    { what: 'a body that is too large', answer: 413, hand: () => postSigned(url, 'x'.repeat(2 * 1024 ** 2)) },
    {
      what: 'a verification by Meta',
      answer: '200 1158201444',
      hand: () => verification(url, VERIFY_TOKEN),
    },
  ];
}

async function verification(url: string, token: string): Promise<string | number> {
  const query = `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`;
  const answer = await fetch(`${url}?${query}`);
  return answer.status === 200 ? `200 ${await answer.text()}` : answer.status;
}

function strangers(url: string): readonly BadInput[] {
  const body = notification(messageValue('79160000000', textOf('let me in')));
  const post = (signature: string, posted: string) => async () => {
    const headers = { 'x-hub-signature-256': signature };
    return (await fetch(url, { method: 'POST', headers, body: posted })).status;
  };
  return [
    {
      what: 'no signature',
      answer: 401,
      hand: async () => (await fetch(url, { method: 'POST', body })).status,
    },
    { what: 'an empty signature', answer: 401, hand: post('sha256=', body) },
    { what: 'another secret', answer: 401, hand: post(signatureOf(body, 'another-secret-it-is'), body) },
    { what: 'another body under a signature', answer: 401, hand: post(signatureOf(body), `${body} `) },
    { what: 'a verification with another token', answer: 401, hand: () => verification(url, 'a-guess') },
    { what: 'a bare GET', answer: 401, hand: async () => (await fetch(url)).status },
  ];
}

outsideConformanceSuite('WhatsApp, by webhook', startWhatsApp);
