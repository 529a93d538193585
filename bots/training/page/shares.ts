import type { Locale } from '../../../gateway/model/contact.ts';

/** A share of 0..1 in percent: `93,4 %`. */
export function shareText(share: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** A difference of shares, with its sign: `+2,1 %`. */
export function pointsText(difference: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  }).format(difference);
}

/** From, to: `91,2–95,0 %`. */
export function intervalText([from, to]: readonly [number, number], locale: Locale): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return `${number.format(from * 100)}…${number.format(to * 100)} %`;
}
