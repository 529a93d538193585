import { z } from 'zod';

/** What one segment of an SMS costs the bank, by its contract. */
export interface SegmentPrice {
  readonly amount: number;
  /** ISO 4217: `RUB`. */
  readonly currency: string;
}

/** The setting of an SMS channel: an amount and a currency, or nothing where nobody has said. */
export const segmentPrice = z
  .string()
  .trim()
  .regex(/^(?:\d{1,6}(?:[.,]\d{1,4})? [A-Z]{3})?$/, 'is not a price of one segment, such as 3.20 RUB')
  .default('')
  .transform((text): SegmentPrice | undefined => {
    const [amount = '', currency] = text.split(' ');
    return currency === undefined ? undefined : { amount: Number(amount.replace(',', '.')), currency };
  })
  .meta({ titles: { ru: 'Цена одного сегмента', en: 'Price of one segment' } });
