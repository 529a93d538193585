import smpp, { type Pdu } from 'smpp';

/** The package's own alphabets, so that ours are not judged by themselves. */
const { encodings } = smpp as unknown as {
  readonly encodings: Record<
    'ASCII' | 'UCS2',
    { decode(octets: Buffer): string; encode(text: string): Buffer }
  >;
};

/** A submit_sm as a phone reads it. */
export interface Piece {
  readonly text: string;
  readonly reference?: number;
  readonly total: number;
  readonly number: number;
}

export function pieceOf(pdu: Pdu): Piece {
  const message = pdu.short_message as Buffer;
  const headed = (Number(pdu.esm_class) & 0x40) !== 0;
  const octets = headed ? message.subarray((message[0] ?? 0) + 1) : message;
  const text = encodings[pdu.data_coding === 8 ? 'UCS2' : 'ASCII'].decode(octets);
  if (!headed) return { text, total: 1, number: 1 };
  const [, , , reference = 0, total = 1, number = 1] = message;
  return { text, reference, total, number };
}

/** The messages of one phone, in the order in which they were whole; a piece that comes again is one. */
export function joinSubmits(pieces: readonly Piece[]): readonly string[] {
  const messages: string[] = [];
  const open = new Map<number, Map<number, string>>();
  for (const { text, reference, total, number } of pieces) {
    if (reference === undefined) {
      messages.push(text);
      continue;
    }
    const parts = open.get(reference) ?? new Map<number, string>();
    open.set(reference, parts.set(number, text));
    if (parts.size < total) continue;
    open.delete(reference);
    messages.push(Array.from({ length: total }, (_, index) => parts.get(index + 1)).join(''));
  }
  return messages;
}

export interface Spoken {
  readonly from: string;
  readonly to?: string;
  /** The SMSC's id of the message, in receipted_message_id; not every SMSC has one. */
  readonly id?: string;
}

/** The deliver_sm of a text that fits one segment (§4.6.1). */
export function deliverOf(text: string, { from, to = '7000', id }: Spoken): Record<string, unknown> {
  const isGsm = /^[\w !"#$%&'()*+,\-./:;<=>?@]*$/.test(text);
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: from,
    destination_addr: to,
    data_coding: isGsm ? 0 : 8,
    short_message: encodings[isGsm ? 'ASCII' : 'UCS2'].encode(text),
    ...(id !== undefined && { receipted_message_id: id }),
  };
}

export type PieceStyle = 'header-8' | 'header-16' | 'sar';

/** The deliver_sm of each piece of a longer text, in UCS-2, as phones and SMSCs split them (TS 23.040 §9.2.3.24, SMPP §5.3.2.22). */
export function piecesOf(
  text: string,
  reference: number,
  spoken: Spoken,
  style: PieceStyle = 'header-8',
  length = 66,
): readonly Record<string, unknown>[] {
  const total = Math.ceil(text.length / length);
  return Array.from({ length: total }, (_, index) => {
    const part = Buffer.from(text.slice(index * length, (index + 1) * length), 'utf16le').swap16();
    const fields = { ...deliverOf('', spoken), data_coding: 8 };
    if (style === 'sar') {
      return {
        ...fields,
        short_message: part,
        sar_msg_ref_num: reference,
        sar_total_segments: total,
        sar_segment_seqnum: index + 1,
      };
    }
    const header =
      style === 'header-8'
        ? [5, 0, 3, reference % 256, total, index + 1]
        : [6, 8, 4, reference >> 8, reference % 256, total, index + 1];
    return { ...fields, esm_class: 0x40, short_message: Buffer.concat([Buffer.from(header), part]) };
  });
}
