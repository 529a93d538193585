/**
 * The GSM 7 bit default alphabet, by code (3GPP TS 23.038 §6.2.1). The place of the escape, 0x1B, holds a space:
 * what a receiver shows for an escape that it does not understand (§6.2.1, note 1).
 */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** The extension table (§6.2.1.1): each takes two septets, the escape and its code. */
const EXTENDED: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};
const ESCAPE = 0x1b;

const codes = new Map<string, readonly number[]>([
  ...[...BASIC].map((character, code): [string, number[]] => [character, [code]]),
  ...Object.entries(EXTENDED).map(([character, code]): [string, number[]] => [character, [ESCAPE, code]]),
]);
const basicByCode = [...BASIC];
const extendedByCode = new Map(Object.entries(EXTENDED).map(([character, code]) => [code, character]));

/** How many septets a character takes, 1 or 2; undefined where the alphabet does not have it. */
export function septetsOf(character: string): number | undefined {
  return codes.get(character)?.length;
}

/** A text in the default alphabet, an octet for each septet; undefined where a character is not in it. */
export function encodeGsm(text: string): Uint8Array | undefined {
  const octets: number[] = [];
  for (const character of text) {
    const code = codes.get(character);
    if (!code) return undefined;
    octets.push(...code);
  }
  return Uint8Array.from(octets);
}

/** The text of unpacked septets. Reads anything: a code that nobody defined is a space or the basic character. */
export function decodeGsm(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at++) {
    const code = octets[at] ?? 0;
    const extended = code === ESCAPE ? extendedByCode.get(octets[at + 1] ?? 0) : undefined;
    if (extended !== undefined) at++;
    text += extended ?? basicByCode[code & 0x7f];
  }
  return text;
}
