import { createHash } from 'node:crypto';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';
import { encodeGsm } from '../sms/gsm.ts';
import { addressOf } from './address.ts';
import { writeHeader } from './header.ts';
import { CODING, ESM, STATUS } from './pdus.ts';
import type { DefaultAlphabet } from './text.ts';

export interface SubmitSettings {
  /** Who the message is from; without it the SMSC puts its own. */
  readonly sender?: string;
  readonly alphabet: DefaultAlphabet;
}

/** A text part, which is one segment. */
export type TextPart = Extract<OutgoingPart, { readonly kind: 'text' }>;

/** The fields of submit_sm (SMPP 3.4 §4.4.1) for one segment; its receipt is asked for (§5.2.17). */
export function renderSubmit(part: TextPart, { sender, alphabet }: SubmitSettings): Record<string, unknown> {
  const { key, externalThread, text, segment } = part;
  const to = addressOf(externalThread);
  const from = sender === undefined ? undefined : addressOf(sender);
  const { coding, octets } = encode(text, segment?.alphabet, alphabet);
  const header =
    segment === undefined
      ? new Uint8Array()
      : writeHeader({
          reference: referenceOf(key, segment.message),
          total: segment.of,
          number: segment.number,
        });
  return {
    ...(from && { source_addr_ton: from.ton, source_addr_npi: from.npi, source_addr: from.address }),
    dest_addr_ton: to.ton,
    dest_addr_npi: to.npi,
    destination_addr: to.address,
    esm_class: header.length > 0 ? ESM.header : 0,
    registered_delivery: 1,
    data_coding: coding,
    short_message: Buffer.concat([header, octets]),
  };
}

/** Every segment of a message in the same alphabet, though one alone could do with the smaller. */
function encode(
  text: string,
  asked: 'gsm' | 'ucs2' | undefined,
  alphabet: DefaultAlphabet,
): { readonly coding: number; readonly octets: Uint8Array } {
  const gsm = asked === 'ucs2' ? undefined : encodeGsm(text);
  if (gsm && alphabet === 'gsm') return { coding: CODING.smscDefault, octets: gsm };
  if (gsm && isLatin1(text)) return { coding: CODING.smscDefault, octets: Buffer.from(text, 'latin1') };
  return { coding: CODING.ucs2, octets: Buffer.from(text, 'utf16le').swap16() };
}

function isLatin1(text: string): boolean {
  return [...text].every((character) => character <= '\u00ff');
}

/** The same over all attempts of a message, so that a segment that comes twice is one to the phone. */
function referenceOf(key: OutgoingPart['key'], message: number): number {
  const [delivery] = key.split(':');
  return createHash('sha256').update(`${delivery}:${message}`).digest()[0] ?? 0;
}

/** What a complete answer to submit_sm means (§5.1.3). Any answer but these is about this message, and final. */
export function outcomeOfStatus(status: number): SendOutcome {
  const reason = `smpp-0x${status.toString(16)}`;
  switch (status) {
    case STATUS.throttled:
      return { outcome: 'retry', reason: 'throttled', scope: 'channel' };
    case STATUS.queueFull:
      return { outcome: 'retry', reason: 'queue-full', scope: 'channel' };
    case STATUS.wrongBindState:
      return { outcome: 'retry', reason: 'not-bound', scope: 'channel' };
    case STATUS.systemError:
    case STATUS.temporaryReceiverError:
    case STATUS.submitFailed:
      return { outcome: 'retry', reason };
    case STATUS.invalidDestination:
      return { outcome: 'rejected', reason: 'bad-number' };
    default:
      return { outcome: 'rejected', reason };
  }
}
