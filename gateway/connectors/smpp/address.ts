/** A number as an SMSC takes it: type of number and numbering plan (SMPP 3.4 §5.2.5, §5.2.6) and its digits. */
export interface Address {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

const TON = { unknown: 0, international: 1, alphanumeric: 5 } as const;
const NPI = { unknown: 0, isdn: 1 } as const;
/** The shortest number that can be a subscriber's in international form; shorter ones are services. */
const INTERNATIONAL_DIGITS = 10;

/** A phone's number as we know it: `+79161234567`; a service's number and a name stay as they are. */
export function phoneOf({ ton, address }: Pick<Address, 'ton' | 'address'>): string {
  if (ton === TON.alphanumeric || !/^\+?\d+$/.test(address)) return address;
  const digits = address.replace(/^\+/, '').replace(/^00/, '');
  return ton === TON.international || digits.length >= INTERNATIONAL_DIGITS ? `+${digits}` : digits;
}

/** How we name a phone, a service's number, or a sender that is a name: `OKNO`. */
export function addressOf(phone: string): Address {
  if (/^\+\d+$/.test(phone)) return { ton: TON.international, npi: NPI.isdn, address: phone.slice(1) };
  if (/^\d+$/.test(phone)) return { ton: TON.unknown, npi: NPI.isdn, address: phone };
  return { ton: TON.alphanumeric, npi: NPI.unknown, address: phone };
}
