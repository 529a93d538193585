import { expect, test } from 'vitest';
import { compileCustom } from '../../nlu/entities/custom.ts';
import { type DataClass, dataClassOf, maskedKinds } from '../../nlu/entities/data-class.ts';
import { allKinds } from '../../nlu/entities/index.ts';
import { maskPersonal } from '../../nlu/mask.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import type { EntityKind } from '../../nlu/types.ts';
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

const samples: Readonly<Record<EntityKind, string>> = {
  yes_no: 'да, конечно',
  number: 'их было двенадцать',
  date: 'с 1 по 15 марта',
  city: 'отделение в Казани',
  product: 'закрыть ипотеку',
  account_type: 'с накопительного счёта',
  bic: 'БИК 044525225',
  person: 'переведи Ольге Ивановой',
  phone: 'мой номер +7 916 123-45-67',
  email: 'пишите на ann@bank.ru',
  inn: 'ИНН 7707083893',
  snils: 'СНИЛС 112-233-445 95',
  passport: 'паспорт 4509 123456',
  custom: 'мой номер A123BC',
  money: 'переведи 500 рублей',
  card: 'карта 4321 пропала',
  account_number: 'счёт 40817810099910004312',
  contract_number: 'договор ПК445566',
  order_number: 'заказ 7781',
};
const custom = compileCustom({ plate: { pattern: '[a-z]\\d{3}[a-z]{2}' } });

test('every kind has a class, and masking follows it', () => {
  const { understand } = createUnderstanding(shippedModel());
  expect(Object.keys(dataClassOf).sort()).toEqual([...allKinds].sort());
  const isKept: Readonly<Record<DataClass, boolean>> = {
    public: true,
    personal: false,
    'bank-secret': false,
  };
  for (const kind of allKinds) {
    const text = samples[kind];
    const { entities } = understand(text, { kinds: [kind], custom, locale: 'ru', today: '2026-03-18' });
    expect(entities.map((entity) => entity.kind)).toEqual([kind]);
    const [value] = entities;
    const masked = maskPersonal(text, entities, 'ru');
    // A sum says nothing without whose it is; as many digits as a BIC has go whatever they are.
    const stays = isKept[dataClassOf[kind]] || kind === 'money';
    expect([kind, masked.includes(value?.text ?? '')]).toEqual([kind, stays && kind !== 'bic']);
    expect([kind, maskedKinds.includes(kind)]).toEqual([kind, !stays]);
  }
});

test('a relative without a name is nobody, and with one the name goes', () => {
  const { understand } = createUnderstanding(shippedModel());
  const masked = (text: string) =>
    maskPersonal(text, understand(text, { locale: 'ru', kinds: maskedKinds }).entities, 'ru');
  expect(masked('закинь брату 5к')).toBe('закинь брату 5к');
  expect(masked('Тёте скинь тысячу')).toBe('Тёте скинь тысячу');
  expect(masked('закинь дяде Коле 5к')).not.toContain('Кол');
});
