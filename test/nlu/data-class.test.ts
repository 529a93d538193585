import { expect, test } from 'vitest';
import { dataClassOf } from '../../nlu/entities/data-class.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

test('what tells who a client is, or what they have, is classed so', () => {
  const { understand } = createUnderstanding(shippedModel());
  const text =
    'переведи Ольге Ивановой 500 рублей на карту 4111 1111 1111 1111, мой телефон +79161234567, почта a@b.ru, в Казани';
  const classes = understand(text, {
    locale: 'ru',
    kinds: ['person', 'money', 'card', 'phone', 'email', 'city'],
  }).entities.map(({ kind }) => `${kind} ${dataClassOf[kind]}`);
  expect(classes).toEqual([
    'person personal',
    'money bank-secret',
    'card bank-secret',
    'phone personal',
    'email personal',
    'city public',
  ]);
});
