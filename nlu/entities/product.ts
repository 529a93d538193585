import type { Product, ProductEntity } from '../types.ts';
import { compileList, type Listed, type ListHit } from './lists.ts';
import type { Reading } from './reading.ts';

const products: readonly Listed<Product>[] = [
  { value: 'debit_card', phrases: ['дебетовая карта', 'дебетовая карточка', 'дебетовка', 'debit card'] },
  { value: 'credit_card', phrases: ['кредитная карта', 'кредитная карточка', 'кредитка', 'credit card'] },
  {
    value: 'virtual_card',
    phrases: ['виртуальная карта', 'виртуалка', 'цифровая карта', 'virtual card', 'digital card'],
  },
  {
    value: 'loan',
    phrases: [
      'кредит',
      'потребительский кредит',
      'потребкредит',
      'займ',
      'ссуда',
      'loan',
      'personal loan',
      'consumer loan',
    ],
  },
  {
    value: 'car_loan',
    phrases: ['автокредит', 'кредит на машину', 'кредит на авто', 'car loan', 'auto loan'],
  },
  {
    value: 'mortgage',
    phrases: [
      'ипотека',
      'ипотечный кредит',
      'жилищный кредит',
      'mortgage',
      'mortgage loan',
      'home loan',
      'house loan',
    ],
  },
  {
    value: 'refinancing',
    phrases: ['рефинансирование', 'перекредитование', 'рефинанс', 'refinancing', 'refinance', 'refi'],
  },
  {
    value: 'deposit',
    phrases: [
      'вклад',
      'депозит',
      'срочный вклад',
      'term deposit',
      'fixed deposit',
      'time deposit',
      'certificate of deposit',
    ],
  },
  {
    value: 'insurance',
    phrases: ['страховка', 'страхование', 'страховой полис', 'insurance', 'insurance policy'],
  },
  {
    value: 'brokerage_account',
    phrases: ['брокерский счет', 'инвестиционный счет', 'иис', 'brokerage account', 'investment account'],
  },
];
const list = compileList(products);

/** What an answer to «какой продукт?» may leave out: «кредитную», "the debit one". */
const short = compileList<Product>([
  { value: 'debit_card', phrases: ['дебетовая', 'debit'] },
  { value: 'credit_card', phrases: ['кредитная', 'credit'] },
  { value: 'virtual_card', phrases: ['виртуальная', 'цифровая', 'virtual'] },
  { value: 'deposit', phrases: ['deposit'] },
]);

/** "a deposit", "deposit of 40k", "deposit rates": the thing; "to deposit cash" is the act. */
function englishDeposits({ tokens }: Reading): ListHit<Product>[] {
  const hits: ListHit<Product>[] = [];
  tokens.forEach(({ norm }, at) => {
    if (norm !== 'deposit' && norm !== 'deposits') return;
    const [before, after] = [tokens[at - 1]?.norm ?? '', tokens[at + 1]?.norm ?? ''];
    if (/^(term|fixed|time|of|direct|security|cash|check|cheque|mobile)$/.test(before)) return;
    const isThing =
      /^(a|your|new|open|opened|close|best|savings)$/.test(before) || /^(of|rates?)$/.test(after);
    if (isThing) hits.push({ value: 'deposit', from: at, to: at + 1 });
  });
  return hits;
}

/** "my cc got declined"; "cc me" is of a letter. */
const shortCreditCards = ({ tokens, language }: Reading): ListHit<Product>[] =>
  language !== 'en'
    ? []
    : [...tokens.keys()]
        .filter(
          (at) => tokens[at]?.norm === 'cc' && /^(my|a|the|your|new|this)$/.test(tokens[at - 1]?.norm ?? ''),
        )
        .map((at) => ({ value: 'credit_card', from: at, to: at + 1 }));

/** Products of a bank by their names, inflected. */
export function findProducts(reading: Reading): ProductEntity[] {
  const hits = list
    .all(reading)
    .concat(englishDeposits(reading), shortCreditCards(reading))
    .sort((a, b) => a.from - b.from);
  const all = hits.length === 0 && reading.awaited === 'product' ? short.all(reading) : hits;
  return all.map(({ value, from, to }) => ({ kind: 'product', ...reading.span(from, to), value }));
}

/** The words of products' names, for spelling. */
export const productWords = (): Iterable<string> => list.words;
