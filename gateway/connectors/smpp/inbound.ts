import { createHash } from 'node:crypto';
import type { Pdu } from 'smpp';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { Inbound, Sender } from '../inbound.ts';
import { readStopWord } from '../sms/stop-words.ts';
import { phoneOf } from './address.ts';
import { type Concatenation, readHeader, sensible } from './header.ts';
import { ESM, numberField, octetField, textField } from './pdus.ts';
import { readReceipt, spellings } from './receipt.ts';
import { type DefaultAlphabet, decodeText } from './text.ts';

/** What an SMSC handed over, and whether it named it: without a name, the same words may be a new message. */
export interface Delivered {
  readonly received: Extract<Received, { authentic: true }>;
  /** The dedupe key of a message that the SMSC gave no id. */
  readonly contentKey?: string;
}

/** Translates a deliver_sm (SMPP 3.4 §4.6.1) or data_sm (§4.7.1). Pure, and never throws. */
export function translateDeliver(pdu: Pdu, alphabet: DefaultAlphabet): Delivered {
  const esm = numberField(pdu, 'esm_class') ?? 0;
  const coding = numberField(pdu, 'data_coding') ?? 0;
  // "Either short_message or message_payload should be used" (§5.3.2.32).
  const payload = octetField(pdu, 'message_payload');
  const octets = payload.length > 0 ? payload : octetField(pdu, 'short_message');
  const header = (esm & ESM.header) === 0 ? { isForProgram: false, rest: octets } : readHeader(octets);
  if (!header) return quarantined('header-longer-than-text', pdu);

  const text = decodeText(header.rest, coding, alphabet);
  // A text alone is no proof: any client can write what a receipt says.
  if ((esm & ESM.type) === ESM.receipt || (esm & ESM.type) === ESM.intermediate)
    return fromReceipt(pdu, text ?? '');
  if (!textField(pdu, 'source_addr')) return quarantined('no-sender', pdu);
  const sender = senderOf(pdu);
  if (text === undefined || header.isForProgram) return fromBinary(pdu, sender);
  const concatenation = ('concatenation' in header && header.concatenation) || sarOf(pdu);
  return concatenation ? fromPiece(pdu, sender, concatenation, text) : fromText(pdu, sender, text);
}

function fromText(pdu: Pdu, sender: Sender, text: string): Delivered {
  const key = keyOf(pdu);
  const optOut = readStopWord(text);
  const inbound: Inbound = {
    type: 'message',
    dedupeKey: key.dedupeKey,
    sender,
    content: [{ kind: 'text', text }],
    ...(optOut && { optOut }),
  };
  return { received: authentic([inbound]), ...(key.isOfContent && { contentKey: key.dedupeKey }) };
}

function fromPiece(pdu: Pdu, sender: Sender, piece: Concatenation, text: string): Delivered {
  const { reference, total, number } = piece;
  const group = `${textField(pdu, 'destination_addr')}/${reference}/${total}`;
  return { received: authentic([{ type: 'piece', sender, group, total, number, text }]) };
}

function fromBinary(pdu: Pdu, sender: Sender): Delivered {
  const { dedupeKey, isOfContent } = keyOf(pdu);
  const content = [{ kind: 'unsupported', what: 'binary-sms' } as const];
  const inbound: Inbound = { type: 'message', dedupeKey, sender, content, raw: readable(pdu) };
  return { received: authentic([inbound]), ...(isOfContent && { contentKey: dedupeKey }) };
}

function fromReceipt(pdu: Pdu, text: string): Delivered {
  const read = readReceipt(pdu, text);
  if (!read) return quarantined('receipt-that-names-nothing', pdu);
  const [externalId = '', ...otherSpellings] = spellings(read.id);
  return {
    received: authentic([
      {
        type: 'receipt',
        externalId,
        otherSpellings,
        // "The source address will be the destination address of the original message" (appendix B).
        externalThread: phoneOf(sourceOf(pdu)),
        receipt: read.receipt,
        ...(read.reason && { reason: read.reason }),
      },
    ]),
  };
}

function quarantined(reason: string, pdu: Pdu): Delivered {
  return { received: authentic([], [{ reason, raw: rawText(readable(pdu)) }]) };
}

function sourceOf(pdu: Pdu): { ton: number; address: string } {
  return { ton: numberField(pdu, 'source_addr_ton') ?? 0, address: textField(pdu, 'source_addr') };
}

function senderOf(pdu: Pdu): Sender {
  const phone = phoneOf(sourceOf(pdu));
  return { externalUser: phone, externalThread: phone };
}

/** The same in TLVs (§5.3.2.22 to 24). */
function sarOf(pdu: Pdu): Concatenation | undefined {
  const reference = numberField(pdu, 'sar_msg_ref_num');
  const total = numberField(pdu, 'sar_total_segments');
  const number = numberField(pdu, 'sar_segment_seqnum');
  if (reference === undefined || total === undefined || number === undefined) return undefined;
  return sensible(reference, total, number);
}

/**
 * Many SMSCs name what they hand over in receipted_message_id; the specification does not ask for it, and else a
 * repetition is known by being the same in all that stays the same.
 */
function keyOf(pdu: Pdu): { readonly dedupeKey: string; readonly isOfContent: boolean } {
  const id = textField(pdu, 'receipted_message_id');
  if (id) return { dedupeKey: `id:${id}`, isOfContent: false };
  const hash = createHash('sha256')
    .update(JSON.stringify(readable(pdu)))
    .digest('base64url');
  return { dedupeKey: `content:${hash}`, isOfContent: true };
}

const KEPT = [
  'source_addr',
  'destination_addr',
  'esm_class',
  'protocol_id',
  'data_coding',
  'short_message',
  'message_payload',
  'user_message_reference',
] as const;

/** What a person or a replay needs of the PDU: its fields, octets in hexadecimal. */
function readable(pdu: Pdu): Record<string, unknown> {
  const fields: Record<string, unknown> = { command: pdu.command };
  for (const name of KEPT) {
    const value = pdu[name];
    if (value !== undefined)
      fields[name] = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  }
  return fields;
}
