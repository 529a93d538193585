import { ImapFlow } from 'imapflow';
import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../gateway/connectors/connector.ts';
import { translateMail } from '../../../gateway/connectors/email/inbound.ts';
import { email } from '../../../gateway/connectors/email/index.ts';
import { outcomeOf } from '../../../gateway/connectors/email/outbound.ts';
import { parseMail } from '../../../gateway/connectors/email/parse.ts';
import { cutQuotes } from '../../../gateway/connectors/email/quotes.ts';
import type { Inbound } from '../../../gateway/connectors/inbound.ts';
import type { OutgoingPart } from '../../../gateway/connectors/outgoing.ts';
import { startFakeSmtp } from '../../fakes/smtp.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../../fixtures/dovecot.ts';
import { freePort } from '../../fixtures/hub.ts';
import { type MemoryHost, memoryHost } from './host.ts';

const KEY = '01234567-89ab-cdef-0123-456789abcdef:0' as OutgoingPart['key'];
const OUR_ID = '<01234567-89ab-cdef-0123-456789abcdef.0@bank.example>';
const ADDRESS = 'help@bank.example';
const MAILBOX = { address: ADDRESS, domain: 'bank.example' };
const never = new AbortController().signal;
const part = (text: string, more: Partial<OutgoingPart> = {}): OutgoingPart =>
  ({
    kind: 'text',
    text,
    key: KEY,
    externalThread: 'anna@mail.example <root@mail.example>',
    ...more,
  }) as OutgoingPart;

async function read(lines: readonly string[]) {
  const mail = await parseMail(lines.join('\r\n'));
  return translateMail(mail, { uidValidity: '7', uid: 5 }, MAILBOX);
}

async function one(lines: readonly string[]): Promise<Inbound | undefined> {
  return (await read(lines)).inbound[0];
}

const FROM_ANNA = ['From: Anna <Anna@mail.example>', 'Message-ID: <m1@mail.example>'];

describe('what a person wrote in a mail', () => {
  it.each([
    [
      'Gmail',
      'Спасибо!\n\nпн, 5 янв. 2026 г. в 10:00, Банк <help@bank.example>:\n\n> Здравствуйте\n> Ваша карта',
    ],
    [
      'Gmail in English',
      'Спасибо!\n\nOn Mon, Jan 5, 2026 at 10:00 AM Bank <help@bank.example>\nwrote:\n\n> Hello',
    ],
    [
      'Outlook',
      'Спасибо!\n\nОт: Банк <help@bank.example>\nОтправлено: 5 января 2026 г. 10:00\nКому: Анна\nТема: Карта\n\nЗдравствуйте',
    ],
    ['Outlook in English', 'Спасибо!\n\n-----Original Message-----\nFrom: Bank\n\nHello'],
    ['Yandex', 'Спасибо!\n\n05.01.2026, 10:00, "Банк" <help@bank.example>:\n> Здравствуйте'],
    ['Thunderbird', 'Спасибо!\n\n05.01.2026 10:00, Банк пишет:\n> Здравствуйте'],
    ['a signature', 'Спасибо!\n-- \nАнна\n+7 916'],
    ['a telephone', 'Спасибо!\n\nОтправлено с iPhone'],
    ['a telephone in English', 'Спасибо!\n\nSent from my iPhone\n\n> Hello'],
  ])('is told apart from what %s puts under it', (_what, text) => {
    expect(cutQuotes(text)).toBe('Спасибо!');
  });

  it.each([
    ['an answer between quotes', '> Какая карта?\nСиняя\n> Какой город?\nОмск'],
    ['words that look like a quote of nobody', 'Менеджер мне написал:\nприходите завтра'],
    ['a forwarded mail', 'Вот оно\n\n-------- Пересылаемое сообщение --------\nТекст'],
    ['nothing but a quote', '> Здравствуйте'],
    ['one line with the word from', 'From: a friend\nI heard of you'],
  ])('keeps %s', (_what, text) => {
    expect(cutQuotes(text)).toBe(text);
  });
});

describe('a mail', () => {
  it('begins with its subject where it begins an exchange, and claims who sent it', async () => {
    const mail = await one([...FROM_ANNA, 'Subject: =?utf-8?B?0JrQsNGA0YLQsA==?=', '', 'Где она?']);
    expect(mail).toMatchObject({
      type: 'message',
      externalId: '<m1@mail.example>',
      sender: {
        externalUser: 'anna@mail.example',
        externalThread: 'anna@mail.example <m1@mail.example>',
        name: 'Anna',
      },
      content: [{ kind: 'text', text: 'Карта\n\nГде она?' }],
    });
    expect(mail).not.toHaveProperty('sender.proof');
  });

  it('answers a mail of ours in its thread, and keeps what was cut beside it', async () => {
    const lines = [
      ...FROM_ANNA,
      'Subject: Re: x',
      `In-Reply-To: ${OUR_ID}`,
      `References: <root@mail.example> ${OUR_ID}`,
    ];
    expect(await one([...lines, '', 'Да', '> Верно?'])).toMatchObject({
      replyTo: OUR_ID,
      sender: { externalThread: 'anna@mail.example <root@mail.example>' },
      content: [{ kind: 'text', text: 'Да' }],
      raw: { text: 'Да\n> Верно?' },
    });
  });

  it('of HTML alone is read as text, without what could run', async () => {
    const html = '<p>Где <b>карта</b>?</p><script>alert(1)</script><style>p{}</style>';
    const mail = await one([...FROM_ANNA, 'Content-Type: text/html; charset=utf-8', '', html]);
    expect(mail).toMatchObject({ content: [{ kind: 'text', text: 'Где карта?' }] });
  });

  it('brings its files by where they lie, and their names without a path', async () => {
    const mail = await one([
      ...FROM_ANNA,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: image/png',
      'Content-Disposition: attachment; filename="../../etc/a.png"',
      'Content-Transfer-Encoding: base64',
      '',
      'AAAA',
      '--b--',
    ]);
    expect(mail).toMatchObject({
      content: [{ kind: 'image', source: '7:5:0', type: 'image/png', size: 3, name: 'a.png' }],
    });
  });

  it.each([
    'Auto-Submitted: auto-replied',
    'Precedence: bulk',
    'List-Id: <news.example>',
    'X-Autoreply: yes',
    'Return-Path: <>',
  ])('with "%s" is history that nobody answers', async (header) => {
    expect(await one([...FROM_ANNA, header, '', 'Я в отпуске'])).toMatchObject({
      type: 'message',
      past: true,
    });
  });

  it('of a person is no history', async () => {
    expect(await one([...FROM_ANNA, 'Auto-Submitted: no', '', 'a'])).not.toHaveProperty('past');
  });

  it.each([
    ['failed', '5.1.1', 'text/rfc822-headers', [{ receipt: 'failed', reason: 'smtp-5.1.1' }]],
    ['failed', '5.2.2', 'message/rfc822', [{ receipt: 'failed', reason: 'smtp-5.2.2' }]],
    ['delivered', '2.0.0', 'text/rfc822-headers', [{ receipt: 'delivered' }]],
    ['delayed', '4.4.1', 'text/rfc822-headers', []],
  ])(
    'that reports a mail of ours as %s %s in %s moves its delivery',
    async (action, status, type, receipts) => {
      const got = await read([
        'From: <mailer-daemon@mail.example>',
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        '',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mail.example',
        '',
        'Final-Recipient: rfc822; anna@mail.example',
        `Action: ${action}`,
        `Status: ${status}`,
        '--b',
        `Content-Type: ${type}`,
        '',
        `Message-ID: ${OUR_ID}`,
        '--b--',
      ]);
      expect(got).toEqual({
        authentic: true,
        inbound: receipts.map((one) => ({ type: 'receipt', externalId: OUR_ID, key: KEY, ...one })),
      });
    },
  );

  it("has one key by its sender and id, so that nobody takes the place of another's mail", async () => {
    const keyOf = (mail: Inbound | undefined) => (mail?.type === 'message' ? mail.dedupeKey : undefined);
    const anna = keyOf(await one([...FROM_ANNA, '', 'a']));
    expect(anna).toMatch(/^[\w-]{43}$/);
    expect(keyOf(await one([...FROM_ANNA, '', 'b']))).toBe(anna);
    expect(
      keyOf(await one(['From: <other@mail.example>', 'Message-ID: <m1@mail.example>', '', 'a'])),
    ).not.toBe(anna);
  });
});

it.each([
  [
    { code: 450, isBegun: false, stage: 'message' },
    { outcome: 'retry', reason: 'smtp-450' },
  ],
  [
    { code: 550, status: '5.1.1', isBegun: false, stage: 'message' },
    { outcome: 'rejected', reason: 'smtp-5.1.1' },
  ],
  [
    { code: 554, isBegun: true, stage: 'message' },
    { outcome: 'rejected', reason: 'smtp-554' },
  ],
  [
    { code: 535, isBegun: false, stage: 'login' },
    { outcome: 'retry', reason: 'unauthorized', scope: 'channel' },
  ],
  [
    { code: 554, isBegun: false, stage: 'connect' },
    { outcome: 'retry', reason: 'smtp-554', scope: 'channel' },
  ],
  [
    { isBegun: false, stage: 'message' },
    { outcome: 'retry', reason: 'not-connected' },
  ],
  [
    { isBegun: true, stage: 'message' },
    { outcome: 'unknown', reason: 'cut' },
  ],
] as const)('takes the end %o of a session as %o', (end, outcome) => {
  expect(outcomeOf(end)).toEqual(outcome);
});

function connected(imapUrl: string, smtpUrl: string, host: MemoryHost = memoryHost('email')): Connector {
  return email.connect(email.settings.parse({ imapUrl, smtpUrl, address: ADDRESS, name: 'Банк' }), host);
}

it('sends a mail in its thread, under an id that is the same in each attempt, and asks for no automatic answer', async () => {
  const smtp = await startFakeSmtp();
  try {
    const connector = connected('imap://127.0.0.1', smtp.url);
    const accepted = { outcome: 'accepted', externalId: OUR_ID };
    expect(await connector.send(part('Здравствуйте'), never)).toEqual(accepted);
    expect(await connector.send(part('Здравствуйте'), never)).toEqual(accepted);
    for (const mail of smtp.taken) {
      expect(mail).toMatchObject({
        messageId: OUR_ID,
        inReplyTo: '<root@mail.example>',
        subject: 'Re: Ваше обращение',
      });
      expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
    }
    expect(smtp.taken).toHaveLength(2);
    smtp.fault('anna@mail.example', 'no-such-person');
    expect(await connector.send(part('a'), never)).toEqual({ outcome: 'rejected', reason: 'smtp-5.1.1' });
    const injected = { externalThread: 'anna@mail.example\r\nBcc: <all@mail.example>' };
    expect(await connector.send(part('a', injected), never)).toEqual({
      outcome: 'rejected',
      reason: 'bad-address',
    });
    const nobody = connected('imap://127.0.0.1', `smtp://127.0.0.1:${await freePort()}`);
    expect(await nobody.send(part('a'), never)).toMatchObject({ outcome: 'retry' });
    const stranger = connected('imap://127.0.0.1', smtp.url.replace('secret', 'wrong'));
    expect(await stranger.send(part('a'), never)).toMatchObject({ outcome: 'retry', reason: 'unauthorized' });
  } finally {
    await smtp.stop();
  }
});

it('sends a burst in a few sessions, one mail after another in each, and goes on after a refusal and a cut', async () => {
  const smtp = await startFakeSmtp();
  try {
    const connector = connected('imap://127.0.0.1', smtp.url);
    const people = Array.from({ length: 40 }, (_, n) => `person${n}@mail.example`);
    const to = (address: string) =>
      connector.send(
        part('Здравствуйте', { externalThread: `${address} <r@x>` }),
        new AbortController().signal,
      );
    const outcomes = await Promise.all(people.map(to));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(people.map(() => 'accepted'));
    expect(people.map((person) => smtp.saidTo(person).length)).toEqual(people.map(() => 1));
    expect([smtp.sessions.opened, smtp.sessions.most]).toEqual([5, 5]);
    // A refusal leaves its session of use; one that was cut is not used again.
    smtp.fault('a@mail.example', 'no-such-person');
    expect(await to('a@mail.example')).toMatchObject({ outcome: 'rejected' });
    expect(await to('b@mail.example')).toMatchObject({ outcome: 'accepted' });
    expect(smtp.sessions.opened).toBe(5);
    smtp.fault('c@mail.example', 'cut-after');
    expect(await to('c@mail.example')).toMatchObject({ outcome: 'unknown' });
    expect(await to('d@mail.example')).toMatchObject({ outcome: 'accepted' });
    // One who waits for a session and gives up has sent nothing.
    const gone = new AbortController();
    const busy = Promise.all(people.map(to));
    const waiting = connector.send(part('нет', { externalThread: 'e@mail.example <r@x>' }), gone.signal);
    gone.abort();
    expect(await waiting).toMatchObject({ outcome: 'retry' });
    await busy;
    expect(smtp.saidTo('e@mail.example')).toEqual([]);
  } finally {
    await smtp.stop();
  }
});

async function withMailbox(work: (dovecot: Dovecot, postman: ImapFlow) => Promise<void>): Promise<void> {
  const dovecot = await startDovecot();
  const auth = { user: 'help', pass: dovecot.password };
  const { host, port } = dovecot;
  const postman = new ImapFlow({ host, port, auth, secure: false, doSTARTTLS: false, logger: false });
  try {
    await postman.connect();
    await postman.mailboxOpen('INBOX');
    await work(dovecot, postman);
  } finally {
    await postman.logout();
    await dovecot.stop();
  }
}

it.skipIf(!hasDovecot)('marks a mail as read after its commit and no sooner, and fetches its files', () =>
  withMailbox(async (dovecot, postman) => {
    const lines = [
      ...FROM_ANNA,
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename=a.txt',
      '',
      'bytes',
    ];
    await postman.append('INBOX', Buffer.from(lines.join('\r\n')));
    const host = memoryHost('email');
    const connector = connected(dovecot.url, 'smtp://127.0.0.1', host);
    host.failure = new Error('the store is away');
    await expect(connector.listen?.(never)).rejects.toThrow('imap:');
    expect(await postman.search({ seen: false })).toEqual([1]);
    host.failure = undefined;
    const end = new AbortController();
    const listening = connector.listen?.(end.signal);
    await host.until(() => host.inbound.length === 1);
    await postman.append('INBOX', Buffer.from('From: <b@mail.example>\r\n\r\nвторое'));
    await host.until(() => host.inbound.length === 2);
    end.abort();
    await listening;
    const [first] = host.inbound;
    const file = first?.type === 'message' ? first.content.find((one) => 'source' in one) : undefined;
    const source = file && 'source' in file ? file.source : '';
    const limits = { maxBytes: 100 };
    const fetched = await connector.download?.(source, limits, never);
    expect(fetched).toMatchObject({ outcome: 'file', name: 'a.txt' });
    expect(fetched?.outcome === 'file' && Buffer.from(fetched.bytes).toString().trim()).toBe('bytes');
    expect(await connector.download?.(source, { maxBytes: 1 }, never)).toMatchObject({ reason: 'too-large' });
    expect(await connector.download?.('1:1:0', limits, never)).toMatchObject({ reason: 'mailbox-renewed' });
    expect(await connector.download?.('../etc', limits, never)).toMatchObject({ reason: 'bad-source' });
  }),
);

it.skipIf(!hasDovecot)('says by its health which of the two servers is away or refuses us', () =>
  withMailbox(async (dovecot) => {
    const smtp = await startFakeSmtp();
    try {
      const well = { findings: [], account: ADDRESS, ownThread: ADDRESS };
      expect(await connected(dovecot.url, smtp.url).health?.(never)).toEqual(well);
      const wrong = connected(dovecot.url.replace('secret', 'wrong'), smtp.url.replace('secret', 'wrong'));
      expect(await wrong.health?.(never)).toMatchObject({
        findings: [
          { problem: 'unauthorized', detail: 'imap: unauthorized' },
          { problem: 'unauthorized', detail: 'smtp: unauthorized' },
        ],
      });
      const port = await freePort();
      const away = connected(`imap://127.0.0.1:${port}`, `smtp://127.0.0.1:${port}`);
      expect(await away.health?.(never)).toMatchObject({
        findings: [{ problem: 'unreachable' }, { problem: 'unreachable' }],
      });
    } finally {
      await smtp.stop();
    }
  }),
);
