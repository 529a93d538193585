import { ImapFlow } from 'imapflow';
import { describe } from 'vitest';
import { type FakeSmtp, type SmtpFault, startFakeSmtp } from '../fakes/smtp.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { startHub } from '../fixtures/hub.ts';
import {
  type BadInput,
  type OutsideNetwork,
  outsideConformanceSuite,
  type Person,
  type SendFault,
} from './suite.ts';

const FAULTS: Record<SendFault, SmtpFault> = {
  'too-many': 'refuse-recipient',
  'server-error': 'refuse-text',
  'cut-before': 'cut-before',
  'cut-after': 'cut-after',
  truncated: 'truncated',
  garbage: 'garbage',
  slow: 'slow',
};

const OURS = 'help@bank.example';
let ids = 0;

/** A mail as a person's program writes it, its text in base64 so that any character gets through. */
function mailOf(from: string, text: string, more: readonly string[] = []): Buffer {
  ids += 1;
  const body = Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n');
  const headers = [
    `From: <${from}>`,
    `To: <${OURS}>`,
    `Message-ID: <mail-${ids}@clients.example>`,
    `References: <root-of-${from}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    ...more,
  ];
  return Buffer.from(`${headers.filter((line) => !line.endsWith(': <>')).join('\r\n')}\r\n\r\n${body}\r\n`);
}

async function startEmail(): Promise<OutsideNetwork> {
  const dovecot = await startDovecot();
  const smtp = await startFakeSmtp();
  const hub = await startHub({
    env: { MAIL_IMAP_URL: dovecot.url, MAIL_SMTP_URL: smtp.url, MAIL_ADDRESS: OURS },
  });
  const postman = await postmanOf(dovecot);
  let people = 0;
  return {
    hub,
    join: (parts) => parts.join('').replace(/\s/gu, ''),
    async person() {
      people += 1;
      return personOn(smtp, postman, `person${people}@clients.example`);
    },
    async sayOutOfOrder(person, texts) {
      const address = addressOf(person);
      for (const text of [...texts].reverse()) await postman.append('INBOX', mailOf(address, text));
    },
    failNextSend: (person, fault) => smtp.fault(addressOf(person), FAULTS[fault]),
    badInput: badInput(postman),
    strangers: [
      {
        what: 'a webhook',
        answer: 401,
        hand: async () =>
          (await fetch(`${hub.url}/channels/email/webhook`, { method: 'POST', body: 'hi' })).status,
      },
    ],
    async stop() {
      await hub.stop();
      await postman.logout();
      await smtp.stop();
      await dovecot.stop();
    },
  };
}

/** Puts mails into the mailbox, as a mail server does. */
async function postmanOf({ host, port, password }: Dovecot): Promise<ImapFlow> {
  const auth = { user: 'help', pass: password };
  const postman = new ImapFlow({ host, port, auth, secure: false, doSTARTTLS: false, logger: false });
  await postman.connect();
  await postman.mailboxOpen('INBOX');
  return postman;
}

function addressOf(person: Person): string {
  return person.thread().split(' ')[0] ?? '';
}

function personOn(smtp: FakeSmtp, postman: ImapFlow, address: string): Person {
  let last = mailOf(address, '');
  return {
    thread: () => `${address} <root-of-${address}>`,
    async say(text) {
      last = mailOf(address, text);
      await postman.append('INBOX', last);
    },
    async repeatLast(times) {
      for (let n = 0; n < times; n++) await postman.append('INBOX', last);
    },
    heard: () => smtp.saidTo(address),
    hears: (count) => smtp.hears(address, count),
  };
}

function badInput(postman: ImapFlow): readonly BadInput[] {
  const kept = (what: string, mail: Buffer): BadInput => ({
    what,
    answer: 'read',
    isKept: true,
    async hand() {
      const put = await postman.append('INBOX', mail);
      const uid = put ? String(put.uid) : '';
      for (;;) {
        const got = await postman.fetchOne(uid, { flags: true }, { uid: true });
        const flags = got ? got.flags : undefined;
        if (flags?.has('\\Seen')) return 'read';
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  });
  return [
    kept('a mail from nobody', mailOf('', 'hi')),
    kept('a mail from ourselves', mailOf(OURS, 'hi')),
    kept('what is no mail', Buffer.from([0x01, 0x02, 0xff, 0xfe, 0x0d, 0x0a])),
    kept(
      'a report of a mail that is none of ours',
      Buffer.from(
        'From: <mailer-daemon@clients.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n' +
          '--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n',
      ),
    ),
  ];
}

describe.skipIf(!hasDovecot)("with a real mailbox (needs Debian's dovecot-imapd, and root)", () => {
  outsideConformanceSuite('E-mail', startEmail);
});
