import type { ParsedMail } from 'mailparser';

/** HTML becomes text for us; the other way round nobody needs. Reports of delivery stay parts of their own. */
const OPTIONS = {
  skipTextToHtml: true,
  skipImageLinks: true,
  keepDeliveryStatus: true,
  maxHtmlLengthToParse: 2 * 1024 * 1024,
};

/** Reads a mail as it lies in a mailbox (RFC 5322, MIME). */
export async function parseMail(source: Buffer | string): Promise<ParsedMail> {
  // Loaded with the first mail: a start need not wait for it.
  const { simpleParser } = await import('mailparser');
  return simpleParser(source, OPTIONS);
}
