import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';
import type { MailThread } from './address.ts';
import { messageIdOf } from './message-id.ts';

export type TextPart = Extract<OutgoingPart, { readonly kind: 'text' }>;

export interface Letterhead {
  readonly address: string;
  readonly name?: string | undefined;
  readonly domain: string;
  readonly subject: string;
}

/** A mail as it goes out (RFC 5322): in the client's thread by References, and marked so that no program answers it. */
export function composeMail(part: TextPart, thread: MailThread, head: Letterhead, at: Date): Promise<Buffer> {
  const answered = part.replyTo ?? thread.root;
  const references = [...new Set([thread.root, answered].filter((id) => id !== undefined))];
  return new MailComposer({
    from: { address: head.address, name: head.name ?? '' },
    to: { address: thread.address, name: '' },
    subject: answered === undefined ? head.subject : `Re: ${head.subject}`,
    text: part.text,
    date: at,
    messageId: messageIdOf(part.key, head.domain),
    ...(answered !== undefined && { inReplyTo: answered, references }),
    // RFC 3834 §3.1.7; the other is what Exchange obeys ([MS-OXCMAIL] §2.2.3.2.14).
    headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
  })
    .compile()
    .build();
}

/** What a session with a mail server came to. */
export interface SmtpEnd {
  /** The last complete answer's code where the server refused, RFC 5321 §4.2. */
  readonly code?: number | undefined;
  /** The enhanced code of that answer, such as `5.1.1` (RFC 3463). */
  readonly status?: string | undefined;
  /** The message's own lines were begun, so that the server may have taken it. */
  readonly isBegun: boolean;
  readonly stage: 'connect' | 'login' | 'message';
}

/** What a session that failed means: 4xx later, 5xx never, and a cut within the message nobody knows. */
export function outcomeOf({ code, status, isBegun, stage }: SmtpEnd): SendOutcome {
  if (code === undefined) {
    if (isBegun) return { outcome: 'unknown', reason: 'cut' };
    return { outcome: 'retry', reason: 'not-connected' };
  }
  const reason = `smtp-${status ?? code}`;
  if (stage === 'login') return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  // 421: the server closes; what it says before a message is about the whole channel.
  if (stage === 'connect' || code === 421) return { outcome: 'retry', reason, scope: 'channel' };
  return code >= 500 ? { outcome: 'rejected', reason } : { outcome: 'retry', reason };
}
