import type { Pdu } from 'smpp';
import type { Receipt } from '../../model/delivery.ts';
import { numberField, textField } from './pdus.ts';

/** The SMSC's word on a message of ours. */
export interface SmscReceipt {
  /** As the SMSC spells it here; the answer to the submit may spell it otherwise. */
  readonly id: string;
  readonly receipt: Receipt;
  readonly reason?: string;
}

/**
 * message_state (SMPP 3.4 §5.2.28), and the beginning of the word for it in a receipt's text: DELIVRD in appendix B,
 * DELIVERED at others. What is under way, or nobody knows, is no more than that the network has it.
 */
const STATES: readonly { readonly state: number; readonly word: string; readonly receipt: Receipt }[] = [
  { state: 1, word: 'enroute', receipt: 'sent' },
  { state: 2, word: 'deliv', receipt: 'delivered' },
  { state: 3, word: 'expired', receipt: 'failed' },
  { state: 4, word: 'delet', receipt: 'failed' },
  { state: 5, word: 'undeliv', receipt: 'failed' },
  { state: 6, word: 'accept', receipt: 'sent' },
  { state: 7, word: 'unknown', receipt: 'sent' },
  { state: 8, word: 'reject', receipt: 'failed' },
];

/**
 * Reads a receipt: by its TLVs (§5.3.2.12, §5.3.2.35) and, where they are missing, by its text, whose form is each
 * SMSC's own (appendix B gives the usual one). Undefined where it does not say which message or what became of it.
 */
export function readReceipt(pdu: Pdu, text: string): SmscReceipt | undefined {
  const id = textField(pdu, 'receipted_message_id') || /(?:^|\s)id:\s*(\S+)/i.exec(text)?.[1];
  const told = numberField(pdu, 'message_state');
  const word = /(?:^|\s)stat:\s*([a-z]+)/i.exec(text)?.[1]?.toLowerCase();
  const state = STATES.find((one) => one.state === told) ?? STATES.find((one) => word?.startsWith(one.word));
  if (!id || !state) return undefined;
  const error = /(?:^|\s)err:\s*(\w{1,8})/i.exec(text)?.[1];
  const reason = [state.word, error].filter(Boolean).join('-').toLowerCase();
  return { id, receipt: state.receipt, ...(state.receipt === 'failed' && { reason }) };
}

/** An id as it is kept: without what SMSCs add or change between one PDU and the next. */
export function plainId(id: string): string {
  return id
    .trim()
    .toLowerCase()
    .replace(/^0+(?=.)/, '');
}

/**
 * How a receipt's id may be spelled in the answer to the submit, likeliest first: the same, the same number in
 * hexadecimal, or in decimal ("msg-id-type" in Kannel's user guide, §6.6.5, lists the pairs that SMSCs use).
 */
export function spellings(id: string): readonly string[] {
  const plain = plainId(id);
  const all = [plain];
  if (/^\d{1,30}$/.test(plain)) all.push(BigInt(plain).toString(16));
  if (/^[0-9a-f]{1,30}$/.test(plain)) all.push(BigInt(`0x${plain}`).toString(10));
  return [...new Set(all)];
}
