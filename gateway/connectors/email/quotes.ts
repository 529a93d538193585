/**
 * What a person wrote in a mail, without what their program put under it: the mail that they answer and the signature.
 * Pure. Where nothing would be left, the whole text is.
 */
export function cutQuotes(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').trimEnd().split('\n');
  const end = lines.findIndex((_, at) => beginsQuote(lines, at));
  const own = withoutTail(end < 0 ? lines : lines.slice(0, end));
  const cut = own.join('\n').trim();
  return cut === '' ? text.trim() : cut;
}

/** Outlook and many others; a forwarded mail is what the person sends, so it stays. */
const ORIGINAL = /^[-_\s]*(?:original message|исходное сообщение|исходное письмо)[-_\s]*$/i;
/** "On …, Bank wrote:", "пн, 1 янв. 2026 г. в 10:00, Банк <…>:", "…Банк пишет:". */
const ATTRIBUTION_END =
  /(?:\bwrote|\bwrites|пишет|писала?|написала?|написал\(а\)|<[^<>\s]+@[^<>\s]+>)\s*:\s*$/iu;
const DATED = /\d{4}|\d{1,2}:\d{2}/;
/** A signature is under "-- " (RFC 3676 §4.3); some programs lose the space. */
const SIGNATURE = /^-- ?$/;
const SENT_FROM =
  /^(?:sent from (?:my|mail|yahoo|outlook)|отправлено (?:с|из) |get outlook for|послано из )[^.!?]{0,60}\.?$/i;

function beginsQuote(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (ORIGINAL.test(line) || SIGNATURE.test(line) || isHeaderBlock(lines, at)) return true;
  return isAttribution(lines, at, 1) || isAttribution(lines, at, 2);
}

/** An attribution, perhaps broken over two lines, with a quote under it or with a date and an end. */
function isAttribution(lines: readonly string[], at: number, height: number): boolean {
  const written = lines.slice(at, at + height).join(' ');
  if (written.length > 300 || !ATTRIBUTION_END.test(written)) return false;
  const next = lines.slice(at + height).find((line) => line.trim() !== '');
  return (next?.startsWith('>') ?? false) || (DATED.test(written) && /@|\bwrote|пишет|писал/iu.test(written));
}

const HEADERS = /^\s*\*?(?:from|sent|date|to|subject|от|отправлено|дата|кому|тема)\*?:/i;

/** Outlook quotes by the headers of the mail: at least three lines of them, the first its sender. */
function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const block = lines.slice(at, at + 3);
  return (
    block.length === 3 &&
    /^\s*\*?(?:from|от)\*?:/i.test(block[0] ?? '') &&
    block.every((line) => HEADERS.test(line))
  );
}

/** Quoted lines at the end, and the line by which a telephone advertises itself. */
function withoutTail(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  const isTail = (line: string) => line.trim() === '' || line.startsWith('>') || SENT_FROM.test(line.trim());
  while (end > 0 && isTail(lines[end - 1] ?? '')) end -= 1;
  return lines.slice(0, end);
}
