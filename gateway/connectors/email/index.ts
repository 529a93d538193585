import { z } from 'zod';
import { type Capabilities, NO_ABILITIES, TEXT_ONLY } from '../capabilities.ts';
import type { Connector, ConnectorDefinition, ConnectorHost } from '../connector.ts';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';
import { isAddress, readThread } from './address.ts';
import { healthOf } from './health.ts';
import { fetchAttachment, listenTo } from './mailbox.ts';
import { messageIdOf } from './message-id.ts';
import { composeMail, type Letterhead } from './outbound.ts';
import { readServer } from './server.ts';
import { createSmtpSessions, type SmtpSessions } from './sessions.ts';
import { deliver } from './smtp.ts';

const settings = z.strictObject({
  imapUrl: z
    .url({ protocol: /^imaps?$/ })
    .meta({ titles: { ru: 'Входящая почта (IMAP)', en: 'Incoming mail (IMAP)' }, secret: true }),
  smtpUrl: z
    .url({ protocol: /^smtps?$/ })
    .meta({ titles: { ru: 'Исходящая почта (SMTP)', en: 'Outgoing mail (SMTP)' }, secret: true }),
  address: z
    .string()
    .refine(isAddress, 'is not an address, such as help@bank.example')
    .meta({ titles: { ru: 'Адрес ящика', en: 'Address of the mailbox' } }),
  name: z
    .string()
    .max(100)
    .optional()
    .transform((name) => name || undefined)
    .meta({ titles: { ru: 'От чьего имени', en: 'Sender' } }),
  subject: z
    .string()
    .max(100)
    .default('Ваше обращение')
    .meta({ titles: { ru: 'Тема писем', en: 'Subject of mails' } }),
});
type EmailSettings = z.infer<typeof settings>;

const DAY_MS = 24 * 3_600_000;

const capabilities: Capabilities = {
  content: TEXT_ONLY,
  abilities: { ...NO_ABILITIES, receipts: 'native', replyTo: 'native' },
  limits: {
    maxText: 100_000,
    unit: 'utf16',
    maxChoices: 0,
    maxChoiceText: 0,
    // The server is the bank's own or its provider's; it says by 4xx what it stands.
    perSecond: 100,
    perThreadPerSecond: 100,
    perThreadBurst: 100,
  },
  // A mail may be delivered twice for as long as a sender's queue lives (RFC 5321 §4.5.4.1: 4-5 days).
  dedupeWindowMs: 30 * DAY_MS,
  acceptance: 'answer',
  // The mailbox is on the bank's own server, or on its provider's.
  jurisdiction: 'own',
  dataClass: 'personal',
};

/** A mailbox: IMAP in (RFC 3501), SMTP out (RFC 5321). */
export const email: ConnectorDefinition<EmailSettings> = { name: 'email', settings, capabilities, connect };

function connect(
  { imapUrl, smtpUrl, address, name, subject }: EmailSettings,
  host: ConnectorHost,
): Connector {
  const imap = readServer(imapUrl);
  const smtp = readServer(smtpUrl);
  const sessions = createSmtpSessions(smtp);
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const head: Letterhead = { address, name, domain, subject };
  return {
    hasRates: false,
    receive: () => ({ authentic: false, reason: 'no-webhooks' }),
    listen(signal) {
      // The hub stops: what is still to be sent goes out in sessions that end with it.
      signal.addEventListener('abort', () => sessions.close(), { once: true });
      return listenTo(imap, { address, domain }, host, signal);
    },
    send: (part, signal) => sendMail(part, sessions, head, host.now(), signal),
    download: (source, { maxBytes }, signal) => fetchAttachment(imap, source, maxBytes, signal),
    health: (signal) => healthOf({ imap, smtp }, address, signal),
  };
}

async function sendMail(
  part: OutgoingPart,
  sessions: SmtpSessions,
  head: Letterhead,
  at: Date,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (part.kind !== 'text') return { outcome: 'rejected', reason: `no-${part.kind}` };
  const thread = readThread(part.externalThread);
  if (!thread) return { outcome: 'rejected', reason: 'bad-address' };
  const mail = await composeMail(part, thread, head, at);
  const sent = await deliver(sessions, { from: head.address, to: thread.address }, mail, signal);
  if (sent.outcome !== 'accepted') return sent;
  return { outcome: 'accepted', externalId: messageIdOf(part.key, head.domain) };
}
