import { expect, it } from 'vitest';
import { segmentPrice } from '../../../../gateway/connectors/sms/price.ts';

it.each([
  ['3.20 RUB', { amount: 3.2, currency: 'RUB' }],
  ['3,2 RUB', { amount: 3.2, currency: 'RUB' }],
  ['0.0079 USD', { amount: 0.0079, currency: 'USD' }],
  ['', undefined],
])('the price %s is read', (text, price) => {
  expect(segmentPrice.parse(text)).toEqual(price);
});

it.each(['3.20', 'RUB 3', '3.20 rub', '3.20 ₽', '-1 RUB'])('%s is no price', (text) => {
  expect(segmentPrice.safeParse(text).success).toBe(false);
});
