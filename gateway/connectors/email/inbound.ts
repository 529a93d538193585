import { createHash } from 'node:crypto';
import type { Attachment, ParsedMail } from 'mailparser';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { Inbound, InboundContent } from '../inbound.ts';
import { isAddress, isMessageId, threadName } from './address.ts';
import { partOf } from './message-id.ts';
import { cutQuotes } from './quotes.ts';
import { isAutomatic, readReport } from './report.ts';

type Authentic = Extract<Received, { authentic: true }>;

export interface Mailbox {
  /** The channel's own address: what comes from it is not a client's. */
  readonly address: string;
  /** Of our Message-IDs. */
  readonly domain: string;
}

/** Where a mail lies, so that its files can be fetched once it is stored. */
export interface MailPlace {
  readonly uidValidity: string;
  readonly uid: number;
}

/** Translates a mail. Pure. Who sent it is what it claims: a From proves nothing. */
export function translateMail(mail: ParsedMail, place: MailPlace, mailbox: Mailbox): Authentic {
  const report = readReport(mail);
  if (report) return fromReport(report, mail, mailbox);
  const address = mail.from?.value[0]?.address?.toLowerCase() ?? '';
  if (!isAddress(address)) return kept('no-sender', mail);
  if (address === mailbox.address.toLowerCase()) return kept('own-address', mail);
  return authentic([messageOf(mail, address, place, mailbox)]);
}

function messageOf(mail: ParsedMail, address: string, place: MailPlace, { domain }: Mailbox): Inbound {
  const { messageId, date } = mail;
  const answered = idsOf(mail.inReplyTo)[0];
  const root = [...idsOf(mail.references), ...idsOf(mail.inReplyTo), ...idsOf(messageId)][0];
  const name = mail.from?.value[0]?.name;
  const { content, whole } = contentOf(mail, place, answered === undefined);
  const key = answered === undefined ? undefined : partOf(answered, domain);
  return {
    type: 'message',
    dedupeKey: keyOf(mail, address),
    sender: {
      externalUser: address,
      externalThread: threadName({ address, root }),
      ...(name && { name: name.slice(0, 200) }),
    },
    content,
    ...(whole !== undefined && { raw: { text: whole } }),
    ...(messageId !== undefined && isMessageId(messageId) && { externalId: messageId }),
    ...(key !== undefined && answered !== undefined && { replyTo: answered }),
    ...(date && !Number.isNaN(date.getTime()) && { sentAt: date }),
    // History: nobody answers a program, or two of them would go on for ever.
    ...(isAutomatic(mail) && { past: true as const }),
  };
}

/** A Message-ID is its sender's to choose, so that of another sender is another mail. */
function keyOf({ messageId, date, subject = '', text = '' }: ParsedMail, address: string): string {
  const named = messageId ?? [date?.toISOString() ?? '', subject, text].join('\0');
  return createHash('sha256').update(`${address}\0${named}`).digest('base64url');
}

function idsOf(header: string | readonly string[] | undefined): readonly string[] {
  const ids = typeof header === 'string' ? header.split(/\s+/) : (header ?? []);
  return ids.filter(isMessageId);
}

/** `whole`: the text as it came, where something was cut from it. The subject belongs to the first mail of an exchange. */
function contentOf(
  mail: ParsedMail,
  place: MailPlace,
  isFirst: boolean,
): { readonly content: readonly InboundContent[]; readonly whole?: string } {
  const all = mail.text?.trim() ?? '';
  const subject = isFirst ? (mail.subject?.trim() ?? '') : '';
  const join = (text: string) => [subject, text].filter((one) => one !== '').join('\n\n');
  const said = join(cutQuotes(all));
  const files = mail.attachments.map((attachment, index) => fileOf(attachment, place, index));
  const text: InboundContent =
    said === '' ? { kind: 'unsupported', what: 'empty mail' } : { kind: 'text', text: said };
  return {
    content: said === '' && files.length > 0 ? files : [text, ...files],
    ...(said !== join(all) && { whole: all }),
  };
}

function fileOf(
  { contentType, size, filename }: Attachment,
  place: MailPlace,
  index: number,
): InboundContent {
  const kind = (['image', 'audio', 'video'] as const).find((one) => contentType.startsWith(`${one}/`));
  return {
    kind: kind ?? 'file',
    source: `${place.uidValidity}:${place.uid}:${index}`,
    type: contentType,
    size,
    ...(filename !== undefined && { name: filename.replace(/^.*[/\\]/, '').slice(0, 255) }),
  };
}

function fromReport(
  report: NonNullable<ReturnType<typeof readReport>>,
  mail: ParsedMail,
  { domain }: Mailbox,
): Authentic {
  const { messageId, action, status } = report;
  const key = messageId === undefined ? undefined : partOf(messageId, domain);
  if (messageId === undefined || key === undefined) return kept('report-of-another', mail);
  if (action === 'failed') {
    const reason = status === undefined ? 'bounced' : `smtp-${status}`;
    return authentic([{ type: 'receipt', externalId: messageId, key, receipt: 'failed', reason }]);
  }
  if (action === 'delivered')
    return authentic([{ type: 'receipt', externalId: messageId, key, receipt: 'delivered' }]);
  // Delayed, relayed, expanded: no news of where it ends.
  return authentic([]);
}

function kept(reason: string, { headerLines, text = '' }: ParsedMail): Authentic {
  const headers = headerLines.map(({ line }) => line);
  return authentic([], [{ reason, raw: rawText({ headers, text }) }]);
}
