import type { ParsedMail } from 'mailparser';

/** What a mail system reports of a mail of ours (RFC 3464). */
export interface DeliveryReport {
  /** The Message-ID of the mail that it is about, where the report brings its headers along. */
  readonly messageId?: string | undefined;
  readonly action: string;
  /** Such as `5.1.1` (RFC 3463). */
  readonly status?: string | undefined;
}

/** Reads a delivery status notification; undefined where the mail is none. */
export function readReport({ attachments, headerLines, text = '' }: ParsedMail): DeliveryReport | undefined {
  const type = headerLines.find(({ key }) => key === 'content-type')?.line ?? '';
  if (!/multipart\/report/i.test(type) || !/delivery-status/i.test(type)) return undefined;
  const parts = attachments.map(({ contentType, content }) => ({
    contentType,
    text: content.toString('latin1'),
  }));
  const status = parts.find(({ contentType }) => contentType === 'message/delivery-status')?.text ?? '';
  const original = parts.find(({ contentType }) =>
    /^(?:message\/rfc822|text\/rfc822-headers)/.test(contentType),
  );
  const headers = original?.text ?? text;
  return {
    messageId: /^Message-ID:\s*(<[^<>\s]+>)/im.exec(headers)?.[1],
    action: /^Action:\s*([a-z]+)/im.exec(status)?.[1]?.toLowerCase() ?? '',
    status: /^Status:\s*(\d\.\d{1,3}\.\d{1,3})/im.exec(status)?.[1],
  };
}

/**
 * Whether a program sent a mail by itself, so that an answer could go round for ever: RFC 3834 §5, and what mailing lists
 * and older programs write (RFC 2919, RFC 2369).
 */
export function isAutomatic({ headerLines }: ParsedMail): boolean {
  return headerLines.some(({ key, line }) => {
    const value = line
      .slice(line.indexOf(':') + 1)
      .trim()
      .toLowerCase();
    switch (key) {
      case 'auto-submitted':
        return !value.startsWith('no');
      case 'precedence':
        return /^(?:bulk|list|junk|auto_reply)\b/.test(value);
      case 'return-path':
        return value === '<>';
      case 'x-autoreply':
      case 'x-autorespond':
      case 'list-id':
      case 'list-unsubscribe':
        return true;
      default:
        return false;
    }
  });
}
