/// <reference path="./smpp.d.ts" />
import type { Pdu } from 'smpp';
import smpp from 'smpp';

/** Sections are those of the SMPP Protocol Specification v3.4, issue 1.2. */

/** command_status, §5.1.3. */
export const STATUS = {
  ok: 0x00,
  unknownCommand: 0x03,
  wrongBindState: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  invalidSource: 0x0a,
  invalidDestination: 0x0b,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  submitFailed: 0x45,
  throttled: 0x58,
  /** "ESME Receiver Temporary App Error Code": the SMSC tries again later (§5.1.3). */
  temporaryReceiverError: 0x64,
} as const;

/** esm_class, §5.2.12. */
export const ESM = {
  /** A user data header stands before the text. */
  header: 0x40,
  /** Bits of the message type; 0 is an ordinary message. */
  type: 0x3c,
  /** "Short Message contains SMSC Delivery Receipt". */
  receipt: 0x04,
  /** "Intermediate Delivery Notification". */
  intermediate: 0x20,
} as const;

/** data_coding, §5.2.19. */
export const CODING = { smscDefault: 0x00, ia5: 0x01, latin1: 0x03, cyrillic: 0x06, ucs2: 0x08 } as const;

let prepared = false;

/**
 * Makes the package hand over the octets of a message as they came. It would decode them itself: by one alphabet for
 * the whole process, and so that a header in front of them, or half a character at a segment's edge, is lost.
 */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  for (const name of ['deliver_sm', 'submit_sm']) {
    const command = smpp.commands[name];
    const message = command?.params?.short_message;
    if (!command || !message) throw new Error(`the package smpp has no ${name}`);
    const params = { ...command.params, short_message: { type: message.type } };
    smpp.addCommand(name, { ...command, params });
  }
  const payload = smpp.tlvs.message_payload;
  if (!payload) throw new Error('the package smpp has no message_payload');
  smpp.addTLV('message_payload', { id: payload.id, type: payload.type });
}

/** The package, which hands over and takes octets. */
export function library(): typeof smpp {
  prepare();
  return smpp;
}

export function textField(pdu: Pdu, name: string): string {
  const value = pdu[name];
  return typeof value === 'string' ? value : '';
}

export function numberField(pdu: Pdu, name: string): number | undefined {
  const value = pdu[name];
  return typeof value === 'number' ? value : undefined;
}

/** Empty where the field is not there. */
export function octetField(pdu: Pdu, name: string): Uint8Array {
  const value = pdu[name];
  return value instanceof Uint8Array ? value : new Uint8Array();
}
