import { decodeGsm } from '../sms/gsm.ts';
import { CODING } from './pdus.ts';

/** What an SMSC means by data_coding 0 (SMPP 3.4 §5.2.19: "SMSC Default Alphabet"). */
export type DefaultAlphabet = 'gsm' | 'latin1';

/** The text of octets; undefined where they are no text. A UCS-2 piece may begin or end with half a character. */
export function decodeText(
  octets: Uint8Array,
  coding: number,
  alphabet: DefaultAlphabet,
): string | undefined {
  switch (alphabetOf(coding)) {
    case 'default':
      return alphabet === 'gsm' ? decodeGsm(octets) : latin1(octets);
    case 'latin1':
      return latin1(octets);
    case 'cyrillic':
      return new TextDecoder('iso-8859-5').decode(octets);
    case 'ucs2':
      return ucs2(octets);
    case 'none':
      return undefined;
  }
}

/** §5.2.19, and for the values that it leaves to GSM the coding groups of 3GPP TS 23.038 §4. */
function alphabetOf(coding: number): 'default' | 'latin1' | 'cyrillic' | 'ucs2' | 'none' {
  switch (coding) {
    case CODING.smscDefault:
      return 'default';
    case CODING.ia5:
    case CODING.latin1:
      return 'latin1';
    case CODING.cyrillic:
      return 'cyrillic';
    case CODING.ucs2:
      return 'ucs2';
  }
  const isClassed = (coding & 0xf0) === 0x10 || (coding & 0xf0) === 0xf0;
  if (!isClassed) return 'none';
  const alphabet = coding & 0x0c;
  if (alphabet === 0) return 'default';
  return alphabet === 0x08 && coding < 0xf0 ? 'ucs2' : 'none';
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}

/** By code units, so that the halves of a character that two pieces share meet again as they are joined. */
function ucs2(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < octets.length; at += 2)
    text += String.fromCharCode(((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0));
  return text;
}
