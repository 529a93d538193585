import type { Pdu } from 'smpp';
import { expect, it } from 'vitest';
import { addressOf, phoneOf } from '../../../../gateway/connectors/smpp/address.ts';
import { readHeader } from '../../../../gateway/connectors/smpp/header.ts';
import { translateDeliver } from '../../../../gateway/connectors/smpp/inbound.ts';
import { library } from '../../../../gateway/connectors/smpp/pdus.ts';
import { spellings } from '../../../../gateway/connectors/smpp/receipt.ts';
import { readSmppUrl } from '../../../../gateway/connectors/smpp/url.ts';
import { deliverOf, piecesOf } from '../../../fakes/smsc-messages.ts';

/** Written and read again, as over a connection. */
function pdu(fields: Record<string, unknown>, command = 'deliver_sm'): Pdu {
  const { PDU } = library();
  const written = new PDU(command, fields) as Pdu & { toBuffer(): Buffer };
  return new (PDU as unknown as new (octets: Buffer) => Pdu)(written.toBuffer());
}

function only(fields: Record<string, unknown>, command?: string) {
  const { received } = translateDeliver(pdu(fields, command), 'gsm');
  return received.inbound[0] ?? received.quarantine?.[0];
}

const from = { from: '79161234567' };

it('reads a text with its sender', () => {
  expect(only(deliverOf('hello @ [1]', from))).toMatchObject({
    type: 'message',
    sender: { externalUser: '+79161234567', externalThread: '+79161234567' },
    content: [{ kind: 'text', text: 'hello @ [1]' }],
  });
  expect(only(deliverOf('Привет 👍', from))).toMatchObject({
    content: [{ kind: 'text', text: 'Привет 👍' }],
  });
});

it.each([
  ['ISO 8859-1', { data_coding: 3, short_message: Buffer.from('café', 'latin1') }, 'café'],
  ['ISO 8859-5', { data_coding: 6, short_message: Buffer.of(0xbf, 0xe0, 0xd8) }, 'При'],
  ['a class of GSM', { data_coding: 0xf1, short_message: Buffer.from('hi') }, 'hi'],
  ['UCS-2 of a class', { data_coding: 0x18, short_message: Buffer.of(0x04, 0x1f) }, 'П'],
  [
    'a payload',
    { data_coding: 8, message_payload: Buffer.from('я'.repeat(300), 'utf16le').swap16() },
    'я'.repeat(300),
  ],
] as const)('reads %s', (_what, fields, text) => {
  expect(only({ source_addr: '79161234567', ...fields })).toMatchObject({
    content: [{ kind: 'text', text }],
  });
});

it('reads a data_sm', () => {
  const fields = { source_addr: '79161234567', data_coding: 0, message_payload: Buffer.from('hi') };
  expect(only(fields, 'data_sm')).toMatchObject({ content: [{ kind: 'text', text: 'hi' }] });
});

it.each(['header-8', 'header-16', 'sar'] as const)(
  'reads pieces by %s, also where a character is torn',
  (style) => {
    const pieces = piecesOf(`${'я'.repeat(65)}👍конец`, 300, from, style).map((fields) => only(fields));
    expect(pieces).toMatchObject([
      { type: 'piece', number: 1, total: 2, text: `${'я'.repeat(65)}\ud83d` },
      { type: 'piece', number: 2, total: 2, text: '\udc4dконец' },
    ]);
  },
);

it('takes a piece with impossible numbers for a message of its own', () => {
  const fields = {
    ...deliverOf('', from),
    esm_class: 0x40,
    short_message: Buffer.from([5, 0, 3, 7, 2, 9, 0x41]),
  };
  expect(only(fields)).toMatchObject({ type: 'message', content: [{ kind: 'text', text: 'A' }] });
});

it('keeps what is no text, and what cannot be read, for people', () => {
  expect(
    only({ ...from, source_addr: '79161234567', data_coding: 4, short_message: Buffer.of(1, 2) }),
  ).toMatchObject({
    type: 'message',
    content: [{ kind: 'unsupported', what: 'binary-sms' }],
  });
  const push = {
    ...deliverOf('', from),
    esm_class: 0x40,
    short_message: Buffer.from([6, 5, 4, 0xb, 0x84, 0, 0, 1]),
  };
  expect(only(push)).toMatchObject({ content: [{ kind: 'unsupported', what: 'binary-sms' }] });
  const torn = { ...deliverOf('', from), esm_class: 0x40, short_message: Buffer.from([99, 0]) };
  expect(only(torn)).toMatchObject({ reason: 'header-longer-than-text' });
  expect(only({ short_message: Buffer.from('hi') })).toMatchObject({ reason: 'no-sender' });
});

it('takes the network’s id of a message as its key, and else its content', () => {
  const named = translateDeliver(pdu(deliverOf('1', { ...from, id: 'a1' })), 'gsm');
  expect(named.contentKey).toBeUndefined();
  expect(named.received.inbound[0]).toMatchObject({ dedupeKey: 'id:a1' });
  const one = translateDeliver(pdu(deliverOf('1', from)), 'gsm').contentKey;
  expect(one).toBe(translateDeliver(pdu({ ...deliverOf('1', from), sequence_number: 9 }), 'gsm').contentKey);
  expect(one).not.toBe(translateDeliver(pdu(deliverOf('2', from)), 'gsm').contentKey);
  expect(one).not.toBe(translateDeliver(pdu(deliverOf('1', { from: '79160000000' })), 'gsm').contentKey);
});

const receipt = { source_addr: '79161234567', source_addr_ton: 1, esm_class: 4, data_coding: 0 };

it.each([
  [
    'id:0000A001 sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:hi',
    'a001',
    'delivered',
    undefined,
  ],
  ['id:12 stat:UNDELIV err:0B4', '12', 'failed', 'undeliv-0b4'],
  ['id:12 stat:DELIVERED err:000', '12', 'delivered', undefined],
  ['id:12 stat:ENROUTE', '12', 'sent', undefined],
  ['id:12 stat:EXPIRED', '12', 'failed', 'expired'],
] as const)('reads the receipt %j', (text, externalId, word, reason) => {
  expect(only({ ...receipt, short_message: Buffer.from(text) })).toEqual({
    type: 'receipt',
    externalId,
    otherSpellings: spellings(externalId).slice(1),
    externalThread: '+79161234567',
    receipt: word,
    ...(reason && { reason }),
  });
});

it('reads a receipt by its TLVs first', () => {
  const fields = {
    ...receipt,
    receipted_message_id: '00FF',
    message_state: 2,
    short_message: Buffer.from('id:9 stat:UNDELIV'),
  };
  expect(only(fields)).toMatchObject({ externalId: 'ff', receipt: 'delivered' });
});

it('never takes a client’s text for a receipt, nor a receipt that names nothing', () => {
  expect(only(deliverOf('id:12 stat:DELIVRD', from))).toMatchObject({ type: 'message' });
  expect(only({ ...receipt, short_message: Buffer.from('delivered!') })).toMatchObject({
    reason: 'receipt-that-names-nothing',
  });
});

it('spells an id in every way that SMSCs are known for', () => {
  expect(spellings('00040961')).toEqual(['40961', 'a001', '264545']);
  expect(spellings('A001')).toEqual(['a001', '40961']);
  expect(spellings('0')).toEqual(['0']);
  expect(spellings('a-b')).toEqual(['a-b']);
});

it('names a phone the same however the SMSC writes it', () => {
  expect(phoneOf({ ton: 1, address: '79161234567' })).toBe('+79161234567');
  expect(phoneOf({ ton: 0, address: '79161234567' })).toBe('+79161234567');
  expect(phoneOf({ ton: 0, address: '+79161234567' })).toBe('+79161234567');
  expect(phoneOf({ ton: 0, address: '0079161234567' })).toBe('+79161234567');
  expect(phoneOf({ ton: 0, address: '7000' })).toBe('7000');
  expect(phoneOf({ ton: 5, address: 'BANK' })).toBe('BANK');
  expect(addressOf('+79161234567')).toEqual({ ton: 1, npi: 1, address: '79161234567' });
  expect(addressOf('7000')).toEqual({ ton: 0, npi: 1, address: '7000' });
  expect(addressOf('BANK')).toEqual({ ton: 5, npi: 0, address: 'BANK' });
});

it('reads the address of an SMSC, and says no to anything else', () => {
  expect(readSmppUrl('smpp://me:p%40ss@smsc.example:2776')).toEqual({
    host: 'smsc.example',
    port: 2776,
    tls: false,
    systemId: 'me',
    password: 'p@ss',
  });
  expect(readSmppUrl('ssmpp://me:x@[::1]')).toMatchObject({ host: '::1', port: 3550, tls: true });
  for (const url of ['http://me:x@host', 'smpp://host', 'smpp://me:%zz@host', 'nonsense'])
    expect(readSmppUrl(url)).toBeUndefined();
});

it('reads a header however it is cut', () => {
  for (let length = 0; length < 8; length++) {
    const header = readHeader(Uint8Array.of(6, 8, 4, 1, 2, 3, 1, 65).subarray(0, length));
    if (header) expect(header.rest.length).toBeLessThanOrEqual(length);
  }
});
