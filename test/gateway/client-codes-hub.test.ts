import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeSmtp, startFakeSmtp } from '../fakes/smtp.ts';
import { type FakeTwilio, startFakeTwilio } from '../fakes/twilio.ts';
import {
  type FakeWebhookReceiver,
  signAs,
  startFakeWebhookReceiver,
  WEBHOOK_SECRET,
} from '../fakes/webhook-receiver.ts';
import { type CodeBank, startCodeBank } from '../fixtures/code-bank.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';

let bank: CodeBank;
let twilio: FakeTwilio;
let smtp: FakeSmtp;
let app: FakeWebhookReceiver;
let hub: TestHub;
let ids = 0;

beforeAll(async () => {
  bank = await startCodeBank();
  twilio = await startFakeTwilio();
  smtp = await startFakeSmtp();
  app = await startFakeWebhookReceiver();
});
afterAll(async () => {
  await hub?.stop();
  for (const one of [bank, twilio, smtp, app]) await one?.stop();
});

async function start(channel: 'twilio' | 'email'): Promise<void> {
  await hub?.stop();
  hub = await startHub({
    env: {
      OKNO_DEMO: '0',
      OKNO_ADMIN_PASSWORD: 'a long enough password',
      OKNO_BANK_URL: bank.url,
      OKNO_CODES_CHANNEL: channel,
      OKNO_WEBHOOK_URL: app.url,
      OKNO_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_API_ROOT: twilio.url,
      SMS_SENDER: '+15005550006',
      // Nobody is there: nothing comes in by mail.
      MAIL_IMAP_URL: 'imap://help:secret@127.0.0.1:9',
      MAIL_SMTP_URL: smtp.url,
      MAIL_ADDRESS: 'help@bank.example',
    },
  });
}

/** A client of the bank's own channel says something, and hears so many messages in all. */
async function say(user: string, text: string, heard: number): Promise<string> {
  const id = `m${++ids}`;
  const body = JSON.stringify({
    type: 'message.received',
    data: { user, id, content: [{ kind: 'text', text }] },
  });
  const response = await fetch(`${hub.url}/channels/webhook/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signAs(WEBHOOK_SECRET, id, body) },
    body,
  });
  expect(response.status).toBe(200);
  return (await app.hears(user, heard)).at(-1) ?? '';
}

async function identityOf(user: string) {
  const { rows } = await hub.db.query<{ evidence: string; customer: string | null; contact: string }>(
    'select evidence, customer, contact from identity where external_user = $1',
    [user],
  );
  return rows[0];
}

const codeIn = (text: string | undefined) => /\d{6}/.exec(text ?? '')?.[0] ?? '';

it('confirms a client by a code that goes by SMS to the number that the bank has', async () => {
  await start('twilio');
  bank.clients.set('+79160000001', 'C-1');
  expect(await say('ann', 'сколько денег на накопительном счёте?', 1)).toMatch(/На какой номер/);
  expect(await identityOf('ann')).toMatchObject({ evidence: 'claimed', customer: null });
  const asked = await say('ann', '+7 916 000-00-01', 2);
  expect(asked).toContain('+7•••01');
  const [sms] = await twilio.hears('+79160000001', 1);
  const code = codeIn(sms);
  expect(code).toHaveLength(6);
  // The number alone has proved nothing, and a wrong code does not either.
  expect(await identityOf('ann')).toMatchObject({ evidence: 'claimed', customer: null });
  expect(await say('ann', code === '000000' ? '000001' : '000000', 3)).toMatch(/не подошёл/);
  await say('ann', code, 5);
  expect(app.saidTo('ann').join('\n')).toMatch(/100/);
  expect(await identityOf('ann')).toMatchObject({ evidence: 'code-confirmed', customer: 'C-1' });
  expect(bank.calls.at(-1)).toEqual({ path: '/actions/check_balance', customer: 'C-1' });
  // Neither what is kept of it nor what was said by the hub has the code in clear.
  const { rows } = await hub.db.query<{ row: string }>(
    `select row_to_json(c)::text as row from client_code c
     union all select e.body::text from event e where e.type in ('message.sent', 'action.completed') and e.body is not null`,
  );
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.filter(({ row }) => row.includes(code))).toEqual([]);
}, 60_000);

it('says the same of a number that is nobody’s, and sends nothing there', async () => {
  await say('eve', 'сколько денег на накопительном счёте?', 1);
  expect(await say('eve', '+7 916 000-00-99', 2)).toContain('+7•••99');
  expect(await say('eve', '123456', 3)).toMatch(/не подошёл/);
  expect(twilio.saidTo('+79160000099')).toEqual([]);
  expect(await identityOf('eve')).toMatchObject({ evidence: 'claimed', customer: null });
}, 60_000);

it('takes no code of another client', async () => {
  bank.clients.set('+79160000002', 'C-2');
  await say('bob', 'сколько денег на накопительном счёте?', 1);
  await say('bob', '+7 916 000-00-02', 2);
  const [sms] = await twilio.hears('+79160000002', 1);
  // Eve is asked for a code as well, and says Bob's.
  expect(await say('eve', codeIn(sms), 4)).toMatch(/не подошёл/);
  expect(await identityOf('eve')).toMatchObject({ evidence: 'claimed', customer: null });
}, 60_000);

it('sends the code by mail where a mailbox carries codes', async () => {
  await start('email');
  // The bank reaches whoever has this number by mail.
  bank.clients.set('+79160000003', 'C-3');
  bank.mails.set('+79160000003', 'carl@mail.example');
  await say('carl', 'сколько денег на накопительном счёте?', 1);
  expect(await say('carl', '+7 916 000-00-03', 2)).toContain('c•••@mail.example');
  const [mail] = await smtp.hears('carl@mail.example', 1);
  await say('carl', codeIn(mail), 4);
  expect(await identityOf('carl')).toMatchObject({ evidence: 'code-confirmed', customer: 'C-3' });
  expect(await hub.verify()).toMatchObject({ ok: true, broken: [] });
}, 60_000);
