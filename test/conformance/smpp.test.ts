import { type FakeSmsc, type SubmitFault, startFakeSmsc } from '../fakes/smsc.ts';
import { deliverOf, piecesOf } from '../fakes/smsc-messages.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { joined, LONGEST_SMS, stranger } from './sms-network.ts';
import {
  type BadInput,
  type OutsideNetwork,
  outsideConformanceSuite,
  type Person,
  type SendFault,
} from './suite.ts';

const FAULTS: Record<SendFault, SubmitFault> = {
  'too-many': { kind: 'status', status: 0x58 },
  'server-error': { kind: 'status', status: 0x08 },
  'cut-before': { kind: 'cut-before' },
  'cut-after': { kind: 'cut-after' },
  truncated: { kind: 'truncated' },
  garbage: { kind: 'garbage' },
  slow: { kind: 'slow', ms: 1_500 },
};

let said = 0;

async function startSmpp(): Promise<OutsideNetwork> {
  const smsc = await startFakeSmsc();
  const hub = await startHub({ env: { SMPP_URL: smsc.url, SMS_SENDER: 'OKNO' } });
  await smsc.until(() => smsc.sessions > 0);
  let people = 0;
  return {
    hub,
    longest: LONGEST_SMS,
    join: joined,
    async person() {
      people += 1;
      return personOn(smsc, `7916${String(people).padStart(7, '0')}`);
    },
    async sayOutOfOrder(person, texts) {
      const from = person.thread().slice(1);
      await Promise.all(
        [...texts].reverse().flatMap((text) => messageOf(text, from).map((one) => smsc.deliver(one))),
      );
    },
    failNextSend: (person, fault) => smsc.fault(person.thread().slice(1), FAULTS[fault]),
    badInput: badInput(smsc),
    strangers: strangers(hub),
    async stop() {
      await hub.stop();
      await smsc.stop();
    },
  };
}

/** What the phone sends: one deliver_sm, or one for each segment. This SMSC names what it hands over. */
function messageOf(text: string, from: string): readonly Record<string, unknown>[] {
  said += 1;
  if (text.length <= 70) return [deliverOf(text, { from, id: `in-${said}` })];
  return piecesOf(text, said, { from });
}

function personOn(smsc: FakeSmsc, phone: string): Person {
  let last: readonly Record<string, unknown>[] = [];
  return {
    thread: () => `+${phone}`,
    async say(text) {
      last = messageOf(text, phone);
      for (const one of last) await smsc.deliver(one);
    },
    async repeatLast(times) {
      await Promise.all(
        Array.from({ length: times }, () => Promise.all(last.map((one) => smsc.deliver(one)))),
      );
    },
    heard: () => smsc.saidTo(phone),
    hears: (count) => smsc.hears(phone, count),
  };
}

function badInput(smsc: FakeSmsc): readonly BadInput[] {
  const from = { from: '79169999999' };
  const hand = async (fields: Record<string, unknown>) => (await smsc.deliver(fields)).at(-1) ?? -1;
  return [
    {
      what: 'a header that is longer than its text',
      answer: 0,
      isKept: true,
      hand: () => hand({ ...deliverOf('', from), esm_class: 0x40, short_message: Buffer.from([99, 0, 3]) }),
    },
    {
      what: 'nobody’s message',
      answer: 0,
      isKept: true,
      hand: () => hand({ short_message: Buffer.from('hi') }),
    },
    {
      what: 'a receipt that names nothing',
      answer: 0,
      isKept: true,
      hand: () => hand({ ...deliverOf('delivered!', from), esm_class: 4 }),
    },
    {
      what: 'a receipt of somebody else’s message',
      answer: 0,
      hand: () => hand({ ...deliverOf('id:77 stat:DELIVRD', from), esm_class: 4 }),
    },
  ];
}

function strangers(hub: TestHub): readonly BadInput[] {
  return [
    stranger('a webhook, which SMPP has not', hub, '/channels/smpp/webhook', { method: 'POST', body: '{}' }),
  ];
}

outsideConformanceSuite('SMPP', startSmpp);
