import { createHash } from 'node:crypto';
import type { Receipt } from '../../model/delivery.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import { isPartKey } from '../part-key.ts';
import { readStopWord } from '../sms/stop-words.ts';

/** Parameters of a request, by name; values as octets, for their charset stands in another parameter. */
export type Parameters = ReadonlyMap<string, Uint8Array>;

/** Reads a query or a form without deciding on a charset. */
export function readParameters(...encoded: readonly string[]): Parameters {
  const parameters = new Map<string, Uint8Array>();
  for (const pair of encoded.join('&').split('&')) {
    const at = pair.indexOf('=');
    if (at > 0) parameters.set(ascii(octetsOf(pair.slice(0, at))), octetsOf(pair.slice(at + 1)));
  }
  return parameters;
}

/** `%41` and `+` as octets; what is no escape stays as it is. */
function octetsOf(encoded: string): Uint8Array {
  const octets: number[] = [];
  const raw = Buffer.from(encoded.replaceAll('+', ' '), 'utf8');
  for (let at = 0; at < raw.length; at++) {
    const hex = raw[at] === 0x25 ? raw.subarray(at + 1, at + 3).toString('latin1') : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      octets.push(Number.parseInt(hex, 16));
      at += 2;
    } else octets.push(raw[at] ?? 0);
  }
  return Uint8Array.from(octets);
}

function ascii(octets: Uint8Array | undefined): string {
  return Buffer.from(octets ?? []).toString('utf8');
}

/**
 * Translates what Kannel's smsbox asks for: a message by `get-url`, or a delivery report by the address that we gave
 * along with a message (Kannel 1.4.5 User's Guide, "SMS-service parameters" and "Delivery Reports").
 */
export function translateRequest(parameters: Parameters): Extract<Received, { authentic: true }> {
  const value = (name: string) => ascii(parameters.get(name));
  if (parameters.has('dlr')) return fromReport(value('part'), value('dlr'), value('id'), parameters);
  const from = value('from').trim();
  if (!from || !parameters.has('text')) return kept('not-a-message', parameters);
  const text = decode(parameters.get('text') ?? new Uint8Array(), value('charset'));
  const optOut = readStopWord(text);
  const phone = phoneOf(from);
  return authentic([
    {
      type: 'message',
      dedupeKey: keyOf(parameters),
      sender: { externalUser: phone, externalThread: phone },
      content: [{ kind: 'text', text }],
      ...(optOut && { optOut }),
    },
  ]);
}

/** Kannel's own id (%I); without it, what does not change as Kannel asks again, its time (%t) included. */
function keyOf(parameters: Parameters): string {
  const id = ascii(parameters.get('id'));
  if (/^[\w-]{8,64}$/.test(id)) return `id:${id}`;
  const hash = createHash('sha256');
  for (const name of ['from', 'to', 'time', 'text']) hash.update(parameters.get(name) ?? '').update('\0');
  return `content:${hash.digest('base64url')}`;
}

/** %p is the number as the SMSC wrote it; ten digits and more are an international one. */
function phoneOf(from: string): string {
  return /^\d{10,15}$/.test(from) ? `+${from}` : from;
}

/** %C names the charset of %b (%a would squeeze spaces, of UTF-16 too); Kannel's names are those of iconv. */
function decode(octets: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset || 'utf-8').decode(octets);
  } catch {
    return new TextDecoder('utf-8').decode(octets);
  }
}

/** The bits of a delivery report (User's Guide, "Delivery Reports"). */
const REPORTS: Readonly<Record<string, Receipt>> = {
  1: 'delivered',
  2: 'failed',
  4: 'sent',
  8: 'sent',
  16: 'failed',
};

function fromReport(
  part: string,
  report: string,
  id: string,
  parameters: Parameters,
): Extract<Received, { authentic: true }> {
  const receipt = REPORTS[report];
  if (!isPartKey(part) || !receipt) return kept('not-a-report', parameters);
  const reason = receipt === 'failed' ? { reason: `kannel-${report}` } : {};
  return authentic([{ type: 'receipt', externalId: id || part, key: part, receipt, ...reason }]);
}

function kept(reason: string, parameters: Parameters): Extract<Received, { authentic: true }> {
  const named = [...parameters]
    .filter(([name]) => name !== 'token')
    .map(([name, octets]) => [name, ascii(octets)]);
  return authentic([], [{ reason, raw: rawText(Object.fromEntries(named)) }]);
}
