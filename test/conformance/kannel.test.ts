import { randomUUID } from 'node:crypto';
import { type FakeKannel, startFakeKannel } from '../fakes/kannel.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { httpFaults } from './http-network.ts';
import { joined, LONGEST_SMS, stranger } from './sms-network.ts';
import { type BadInput, type OutsideNetwork, outsideConformanceSuite, type Person } from './suite.ts';

const TOKEN = 'conformance-token';
const PATH = '/channels/kannel/webhook';

const FAULTS = httpFaults({ status: 503, body: 'Temporal failure, try again later.' });

async function startKannel(): Promise<OutsideNetwork> {
  const fake = await startFakeKannel();
  const hub = await startHub({
    env: { KANNEL_SEND_URL: fake.sendUrl, KANNEL_TOKEN: TOKEN, SMS_SENDER: '7000' },
  });
  let people = 0;
  return {
    hub,
    longest: LONGEST_SMS,
    join: joined,
    async person() {
      people += 1;
      return personOn(fake, hub, `+7916${String(people).padStart(7, '0')}`);
    },
    async sayOutOfOrder(person, texts) {
      await Promise.all([...texts].reverse().map((text) => get(hub, messageOf(person.thread(), text))));
    },
    failNextSend: (person, fault) => fake.fault(person.thread(), FAULTS[fault]),
    badInput: badInput(hub),
    strangers: [
      stranger('a request without a token', hub, `${PATH}?from=1&text=hi`, {}),
      stranger('a request with another token', hub, `${PATH}?token=${TOKEN}x&from=1&text=hi`, {}),
      stranger('a report with another token', hub, `${PATH}?token=x&part=1&dlr=1`, {}),
      stranger('a POST with another token', hub, PATH, {
        method: 'POST',
        body: new URLSearchParams({ token: 'x' }),
      }),
    ],
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

/** What Kannel fills in of get-url=…?from=%p&to=%P&text=%b&charset=%C&id=%I. */
function messageOf(from: string, text: string): Readonly<Record<string, string>> {
  return { from, to: '7000', text, charset: 'UTF-8', id: randomUUID() };
}

async function get(hub: TestHub, fields: Readonly<Record<string, string>>): Promise<number> {
  return (await fetch(`${hub.url}${PATH}?${new URLSearchParams({ token: TOKEN, ...fields })}`)).status;
}

function personOn(fake: FakeKannel, hub: TestHub, phone: string): Person {
  let last = messageOf(phone, '');
  return {
    thread: () => phone,
    async say(text) {
      last = messageOf(phone, text);
      await get(hub, last);
    },
    async repeatLast(times) {
      await Promise.all(Array.from({ length: times }, () => get(hub, last)));
    },
    heard: () => fake.saidTo(phone),
    hears: (count) => fake.hears(phone, count),
  };
}

function badInput(hub: TestHub): readonly BadInput[] {
  const kept = { answer: 200, isKept: true } as const;
  return [
    { what: 'nothing', ...kept, hand: () => get(hub, {}) },
    { what: 'a message of nobody', ...kept, hand: () => get(hub, { text: 'hi' }) },
    { what: 'a message without a text', ...kept, hand: () => get(hub, { from: '+79160000000' }) },
    { what: 'a report of nothing', ...kept, hand: () => get(hub, { dlr: '1' }) },
    {
      what: 'a report that Kannel does not know',
      ...kept,
      hand: () => get(hub, { dlr: '77', part: '00000000-0000-7000-8000-000000000000:0' }),
    },
  ];
}

outsideConformanceSuite('Kannel, over HTTP', startKannel);
