import type { Pdu } from 'smpp';

/** How an SMSC names a message in its receipt; appendix B and §5.3.2.12 leave it open, and SMSCs differ. */
export interface ReceiptStyle {
  readonly in: 'text' | 'tlv';
  readonly spell: (id: number) => string;
}

/** message_state, §5.2.28. */
const STATES: Record<string, number> = { ENROUTE: 1, DELIVRD: 2, EXPIRED: 3, UNDELIV: 5, REJECTD: 8 };

/** The deliver_sm of a receipt: "the source address will be the destination address of the original message" (appendix B). */
export function receiptOf(
  submit: Pdu,
  id: number,
  { style, stat }: { readonly style: ReceiptStyle; readonly stat: string },
): Record<string, unknown> {
  const named = style.spell(id);
  const text = `id:${style.in === 'text' ? named : '0'} sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:${stat} err:000 text:`;
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: submit.destination_addr,
    destination_addr: submit.source_addr,
    esm_class: 0x04,
    data_coding: 0,
    short_message: Buffer.from(text, 'ascii'),
    ...(style.in === 'tlv' && { receipted_message_id: named, message_state: STATES[stat] }),
  };
}
