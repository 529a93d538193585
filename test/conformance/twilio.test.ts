import twilio from 'twilio';
import { type FakeTwilio, startFakeTwilio } from '../fakes/twilio.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { httpFaults } from './http-network.ts';
import { joined, LONGEST_SMS, stranger } from './sms-network.ts';
import { type BadInput, type OutsideNetwork, outsideConformanceSuite, type Person } from './suite.ts';

const FAULTS = httpFaults({ status: 429, retryAfterS: 1, body: '{"code":20429,"status":429}' });

let sids = 0;

async function startTwilio(): Promise<OutsideNetwork> {
  const fake = await startFakeTwilio();
  const hub = await startHub({
    env: {
      TWILIO_ACCOUNT_SID: fake.accountSid,
      TWILIO_AUTH_TOKEN: fake.authToken,
      TWILIO_API_ROOT: fake.url,
      SMS_SENDER: '+15005550006',
    },
  });
  const url = `${hub.url}/channels/twilio/webhook`;
  let people = 0;
  return {
    hub,
    longest: LONGEST_SMS,
    join: joined,
    async person() {
      people += 1;
      return personOn(fake, url, `+7916${String(people).padStart(7, '0')}`);
    },
    async sayOutOfOrder(person, texts) {
      await Promise.all([...texts].reverse().map((text) => fake.post(url, messageOf(person.thread(), text))));
    },
    failNextSend: (person, fault) => fake.fault(person.thread(), FAULTS[fault]),
    badInput: badInput(fake, url),
    strangers: strangers(fake, hub, url),
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

function messageOf(from: string, text: string): Readonly<Record<string, string>> {
  sids += 1;
  const MessageSid = `SM${String(sids).padStart(32, 'f')}`;
  return { MessageSid, SmsStatus: 'received', From: from, To: '+15005550006', Body: text, NumMedia: '0' };
}

function personOn(fake: FakeTwilio, url: string, phone: string): Person {
  let last = messageOf(phone, '');
  return {
    thread: () => phone,
    async say(text) {
      last = messageOf(phone, text);
      await fake.post(url, last);
    },
    async repeatLast(times) {
      await Promise.all(Array.from({ length: times }, () => fake.post(url, last)));
    },
    heard: () => fake.saidTo(phone),
    hears: (count) => fake.hears(phone, count),
  };
}

function badInput(fake: FakeTwilio, url: string): readonly BadInput[] {
  const json = (body: string) => {
    const full = `${url}?bodySHA256=${twilio.getExpectedBodyHash(body)}`;
    const signature = twilio.getExpectedTwilioSignature(fake.authToken, full, {});
    return fetch(full, { method: 'POST', headers: { 'x-twilio-signature': signature }, body });
  };
  return [
    { what: 'a form without a message', answer: 200, isKept: true, hand: () => fake.post(url, { a: 'b' }) },
    { what: 'an empty form', answer: 200, isKept: true, hand: () => fake.post(url, {}) },
    {
      what: 'a message with an id that is none',
      answer: 200,
      isKept: true,
      hand: () => fake.post(url, { ...messageOf('+79160000000', 'hi'), MessageSid: 'a b' }),
    },
    { what: 'JSON', answer: 200, isKept: true, hand: async () => (await json('{"a":1}')).status },
    {
      what: 'a status of nothing',
      answer: 200,
      isKept: true,
      hand: () => fake.post(`${url}?part=x`, { a: 'b' }),
    },
    {
      what: 'a status that says nothing',
      answer: 200,
      hand: () => fake.post(url, { MessageSid: 'SM1', MessageStatus: 'queued' }),
    },
  ];
}

function strangers(fake: FakeTwilio, hub: TestHub, url: string): readonly BadInput[] {
  const form = messageOf('+79160000000', 'let me in');
  const signed = (authToken: string, over: string) => ({
    method: 'POST',
    headers: { 'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, over, form) },
    body: new URLSearchParams(form),
  });
  const body = new URLSearchParams(form);
  const path = '/channels/twilio/webhook';
  return [
    stranger('a webhook without a signature', hub, path, { method: 'POST', body }),
    stranger('a webhook with another token', hub, path, signed('other', url)),
    stranger('a webhook that was signed for another address', hub, path, signed(fake.authToken, `${url}x`)),
    stranger('a signature of another query', hub, `${path}?part=x`, signed(fake.authToken, url)),
    stranger('another text under a signature', hub, path, {
      ...signed(fake.authToken, url),
      body: new URLSearchParams({ ...form, Body: 'pay' }),
    }),
    stranger(
      'a body that is not the signed one',
      hub,
      `${path}?bodySHA256=${twilio.getExpectedBodyHash('{}')}`,
      {
        method: 'POST',
        headers: {
          'x-twilio-signature': twilio.getExpectedTwilioSignature(
            fake.authToken,
            `${url}?bodySHA256=${twilio.getExpectedBodyHash('{}')}`,
            {},
          ),
        },
        body: '{"a":1}',
      },
    ),
    stranger('a GET', hub, path, {}),
  ];
}

outsideConformanceSuite('Twilio, by webhook', startTwilio);
