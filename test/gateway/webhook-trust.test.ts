import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networks } from '../../gateway/connectors/index.ts';
import { storedIn } from '../conformance/ledger.ts';
import { SECRET as MAX_SECRET, messageOf as maxMessage, updateOf } from '../fakes/max-updates.ts';
import { BOT_TOKEN, SIGNING_SECRET, signed as signedAsSlack } from '../fakes/slack.ts';
import { eventOf, GROUP, SECRET as VK_SECRET, messageOf as vkMessage } from '../fakes/vk-events.ts';
import { signAs, WEBHOOK_SECRET } from '../fakes/webhook-receiver.ts';
import {
  APP_SECRET,
  messageValue,
  notification,
  PHONE_ID,
  signatureOf,
  textOf,
  VERIFY_TOKEN,
} from '../fakes/whatsapp-notifications.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';

/** Nobody is there: what goes out waits, and is no matter of these tests. */
const NOBODY = 'http://127.0.0.1:9';
const TOKEN = '0123456789abcdef-0123456789';
const HOUR_S = 3_600;

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({
    env: {
      TELEGRAM_BOT_TOKEN: '1:telegram-token',
      TELEGRAM_API_ROOT: NOBODY,
      TELEGRAM_WEBHOOK_SECRET: TOKEN,
      TWILIO_ACCOUNT_SID: 'AC0123456789abcdef0123456789abcdef',
      TWILIO_AUTH_TOKEN: TOKEN,
      TWILIO_API_ROOT: NOBODY,
      SMS_SENDER: '+15005550006',
      KANNEL_SEND_URL: NOBODY,
      KANNEL_TOKEN: TOKEN,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: `${NOBODY}/api/`,
      OKNO_WEBHOOK_URL: NOBODY,
      OKNO_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      WHATSAPP_TOKEN: TOKEN,
      WHATSAPP_PHONE_ID: PHONE_ID,
      WHATSAPP_APP_SECRET: APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
      WHATSAPP_API_ROOT: NOBODY,
      MAX_BOT_TOKEN: TOKEN,
      MAX_API_ROOT: NOBODY,
      MAX_WEBHOOK_SECRET: MAX_SECRET,
      VK_TOKEN: TOKEN,
      VK_GROUP_ID: String(GROUP),
      VK_SECRET,
      VK_CONFIRMATION: 'c0nf1rm',
      VK_API_ROOT: NOBODY,
      VOICE_TOKEN: TOKEN,
    },
  });
});
afterAll(() => hub?.stop());

/** One request of a network, of so many seconds ago. */
type Posted = RequestInit & { readonly query?: string };
type Ask = (agoS: number, isForged: boolean) => Posted;

/**
 * What becomes of a request whose time is wrong: `refused` where it is signed with its time; `kept apart` where the
 * network may be late with it by itself, so that it is quarantined for people to see; `untimed` where it
 * carries no time, or none that we look at, so that only its id can tell that it came before.
 */
type Time = 'refused' | 'kept apart' | 'untimed';

const nowS = () => Math.floor(Date.now() / 1_000);
const forgedOr = (isForged: boolean, secret: string) => (isForged ? `${secret.slice(0, -4)}AAAA` : secret);

function jsonOf(body: unknown, headers: Record<string, string> = {}): Posted {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

const CHANNELS: readonly (readonly [channel: string, past: Time, future: Time, ask: Ask])[] = [
  [
    'telegram',
    'untimed',
    'untimed',
    (agoS, isForged) => {
      const person = { id: 5, is_bot: false, first_name: 'Ann' };
      const message = {
        message_id: 1,
        date: nowS() - agoS,
        chat: { id: 5, type: 'private' },
        from: person,
        text: 'hi',
      };
      return jsonOf(
        { update_id: 77, message },
        { 'x-telegram-bot-api-secret-token': forgedOr(isForged, TOKEN) },
      );
    },
  ],
  [
    'twilio',
    'untimed',
    'untimed',
    (_agoS, isForged) => {
      const form = { MessageSid: 'SM1', From: '+79160000001', To: '+15005550006', Body: 'hi' };
      const url = `${hub.url}/channels/twilio/webhook`;
      const signature = twilio.getExpectedTwilioSignature(forgedOr(isForged, TOKEN), url, form);
      return {
        method: 'POST',
        headers: { 'x-twilio-signature': signature },
        body: new URLSearchParams(form),
      };
    },
  ],
  [
    'kannel',
    'untimed',
    'untimed',
    (_agoS, isForged) => {
      const token = forgedOr(isForged, TOKEN);
      return { query: String(new URLSearchParams({ token, from: '+79160000002', text: 'hi', id: 'k1' })) };
    },
  ],
  [
    'slack',
    'refused',
    'refused',
    (agoS, isForged) => {
      const message = {
        type: 'message',
        channel: 'D9',
        channel_type: 'im',
        user: 'U9',
        text: 'hi',
        ts: '1700000000.000900',
      };
      const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev9', event: message });
      const headers = signedAsSlack(body, nowS() - agoS, forgedOr(isForged, SIGNING_SECRET));
      return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
    },
  ],
  [
    'webhook',
    'refused',
    'refused',
    (agoS, isForged) => {
      const data = { user: 'ann', id: 'w1', content: [{ kind: 'text', text: 'hi' }] };
      const body = JSON.stringify({ type: 'message.received', data });
      const secret = isForged ? `whsec_${Buffer.alloc(32, 8).toString('base64')}` : WEBHOOK_SECRET;
      return { method: 'POST', headers: signAs(secret, 'w1', body, nowS() - agoS), body };
    },
  ],
  [
    'whatsapp',
    'kept apart',
    'kept apart',
    (agoS, isForged) => {
      const value = messageValue('79160000003', textOf('hi'), new Date((nowS() - agoS) * 1_000));
      const body = notification(value);
      const signature = signatureOf(body, forgedOr(isForged, APP_SECRET));
      return { method: 'POST', headers: { 'x-hub-signature-256': signature }, body };
    },
  ],
  [
    'max',
    'kept apart',
    'kept apart',
    (agoS, isForged) => {
      const message = maxMessage(6, { text: 'hi', mid: 'mid.77' });
      const update = { ...updateOf('message_created', { message }), timestamp: (nowS() - agoS) * 1_000 };
      return jsonOf(update, { 'x-max-bot-api-secret': forgedOr(isForged, MAX_SECRET) });
    },
  ],
  [
    'vk',
    'kept apart',
    'kept apart',
    (agoS, isForged) => {
      const message = vkMessage(7, 'hi', { date: nowS() - agoS });
      const secret = forgedOr(isForged, VK_SECRET);
      return jsonOf(eventOf('message_new', { message }, { event_id: 'e77', secret }));
    },
  ],
  [
    'voice',
    'untimed',
    'untimed',
    (_agoS, isForged) =>
      jsonOf(
        { call: 'c77', from: '+79160000004', segments: [{ start: 0, speaker: 'caller', text: 'hi' }] },
        { authorization: `Bearer ${forgedOr(isForged, TOKEN)}` },
      ),
  ],
];

/** Networks that post nothing to us: a page's socket, a session of ours, a mailbox. */
const WITHOUT_WEBHOOKS = ['webchat', 'smpp', 'email'];
/** A year: longer ago than any network repeats by itself. */
const YEAR_S = 365 * 24 * HOUR_S;

async function ask(channel: string, { query, ...init }: Posted): Promise<number> {
  const name = channel === 'voice' ? 'transcripts' : 'webhook';
  const url = `${hub.url}/channels/${channel}/${name}${query ? `?${query}` : ''}`;
  return (await fetch(url, init)).status;
}

async function refusedOn(channel: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('okno_webhooks_refused_total{'));
  return lines
    .filter((line) => line.includes(`channel="${channel}"`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

it('knows every network', () => {
  const known = [...CHANNELS.map(([channel]) => channel), ...WITHOUT_WEBHOOKS];
  expect(known.sort()).toEqual(networks.map(({ name }) => name).sort());
});

describe.each(CHANNELS)('%s', (channel, _past, _future, of) => {
  it('refuses and counts a forged request, and stores nothing of it', async () => {
    const before = { ...(await storedIn(hub.db)), refused: await refusedOn(channel) };
    expect(await ask(channel, of(0, true))).toBe(401);
    const after = { ...(await storedIn(hub.db)), refused: await refusedOn(channel) };
    expect(after).toEqual({ ...before, refused: before.refused + 1 });
  });

  it('counts a request that is played again once', async () => {
    const request = of(0, false);
    expect(await ask(channel, request)).toBe(200);
    const once = await receivedOn(channel);
    expect(once).toBe(1);
    expect(await ask(channel, request)).toBe(200);
    expect(await receivedOn(channel)).toBe(once);
  });
});

const MISTIMED = CHANNELS.flatMap(([channel, past, future, of]) =>
  (
    [
      ['long ago', YEAR_S, past],
      ['the future', -YEAR_S, future],
    ] as const
  ).flatMap(([when, agoS, time]) => (time === 'untimed' ? [] : [{ channel, when, agoS, time, of }])),
);

it.each(MISTIMED)(
  '$channel: a request of $when is $time, and none of its messages is stored',
  async (one) => {
    const { channel, agoS, time, of } = one;
    const outcome = agoS > 0 ? 'stale' : 'future-dated';
    const counted = await countedOn(channel, outcome);
    const before = { ...(await storedIn(hub.db)), refused: await refusedOn(channel) };
    expect(await ask(channel, of(agoS, false))).toBe(time === 'refused' ? 401 : 200);
    const after = { ...(await storedIn(hub.db)), refused: await refusedOn(channel) };
    expect(after).toEqual({
      events: before.events,
      quarantined: before.quarantined + (time === 'kept apart' ? 1 : 0),
      refused: before.refused + (time === 'refused' ? 1 : 0),
    });
    expect(await countedOn(channel, outcome)).toBe(counted + (time === 'kept apart' ? 1 : 0));
  },
);

/** What the metrics say of events of the channel that came to this. */
async function countedOn(channel: string, outcome: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`okno_inbound_total{channel="${channel}",outcome="${outcome}"}`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

async function receivedOn(channel: string): Promise<number> {
  const { rows } = await hub.db.query<{ count: number }>(
    `select count(*)::integer as count from event e join thread t on t.id::text = e.facts ->> 'thread'
     where e.type = 'message.received' and t.channel = $1`,
    [channel],
  );
  return rows[0]?.count ?? 0;
}
