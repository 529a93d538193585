/** Which piece of a longer message this is. */
export interface Concatenation {
  readonly reference: number;
  readonly total: number;
  /** From 1. */
  readonly number: number;
}

/** Information element identifiers, 3GPP TS 23.040 §9.2.3.24. */
const CONCATENATED_8_BIT = 0x00;
const CONCATENATED_16_BIT = 0x08;
const PORTS_8_BIT = 0x04;
const PORTS_16_BIT = 0x05;

export interface Header {
  readonly concatenation?: Concatenation;
  /** Meant for a program on the phone and no text. */
  readonly isForProgram: boolean;
  /** What stands after the header. */
  readonly rest: Uint8Array;
}

/** Reads the user data header in front of a text (TS 23.040 §9.2.3.24); undefined where it is longer than the text. */
export function readHeader(octets: Uint8Array): Header | undefined {
  const end = (octets[0] ?? 0) + 1;
  if (octets.length < end) return undefined;
  let concatenation: Concatenation | undefined;
  let isForProgram = false;
  for (let at = 1; at + 1 < end; at += 2 + (octets[at + 1] ?? 0)) {
    const element = octets.subarray(at + 2, Math.min(end, at + 2 + (octets[at + 1] ?? 0)));
    concatenation ??= concatenationOf(octets[at], element);
    isForProgram ||= octets[at] === PORTS_8_BIT || octets[at] === PORTS_16_BIT;
  }
  return { ...(concatenation && { concatenation }), isForProgram, rest: octets.subarray(end) };
}

function concatenationOf(identifier: number | undefined, element: Uint8Array): Concatenation | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0] = element;
  if (identifier === CONCATENATED_8_BIT && element.length === 3) return sensible(first, second, third);
  if (identifier === CONCATENATED_16_BIT && element.length === 4)
    return sensible(first * 256 + second, third, fourth);
  return undefined;
}

/** "If the value is zero, or greater than the maximum number, the receiving entity shall ignore the whole element" (§9.2.3.24.1). */
export function sensible(reference: number, total: number, number: number): Concatenation | undefined {
  return total > 1 && number >= 1 && number <= total ? { reference, total, number } : undefined;
}

/** The header of one piece, with an 8-bit reference (§9.2.3.24.1). */
export function writeHeader({ reference, total, number }: Concatenation): Uint8Array {
  return Uint8Array.of(5, CONCATENATED_8_BIT, 3, reference % 256, total, number);
}
