import { expect, test } from 'vitest';
import { type BankRequest, createDemoBank } from '../../config/demo/core.ts';
import { people } from '../../config/demo/people.ts';

const clock = { at: new Date('2026-11-23T10:00:00Z') };
let key = 0;
let code = 100_000;

function bank() {
  const core = createDemoBank({ now: () => clock.at, newCode: () => String(++code) });
  const ask = (action: string, parameters: unknown, more: Partial<BankRequest> = {}) =>
    core.answer({
      action,
      parameters,
      customer: 'demo-emma',
      identity: 'i',
      locale: 'en',
      key: `k${++key}`,
      ...more,
    });
  return { core, ask };
}

test('has clients with Russian and with English names, each with both accounts', () => {
  expect(people.filter(({ locale }) => locale === 'ru').length).toBeGreaterThanOrEqual(4);
  expect(people.filter(({ locale }) => locale === 'en').length).toBeGreaterThanOrEqual(3);
  for (const { accounts } of people) expect(Object.keys(accounts)).toEqual(['checking', 'savings']);
});

test('moves money to the cent and never below zero', () => {
  const { ask } = bank();
  const transfer = { account_type: 'checking', amount: '4218.60', recipient_name: 'Ann' };
  expect(ask('transfer_money', transfer).body).toMatchObject({ balance: '0.00' });
  expect(ask('transfer_money', { ...transfer, amount: '0.01' }).body).toMatchObject({
    code: 'insufficient-funds',
  });
  expect(ask('transfer_money', { ...transfer, amount: '0' }).body).toEqual({ code: 'wrong-amount' });
  expect(ask('transfer_money', { ...transfer, amount: '-5' }).body).toMatchObject({
    code: 'wrong-parameters',
  });
});

test('the same key takes effect once, and not for another request', () => {
  const { ask } = bank();
  const transfer = { account_type: 'savings', amount: '100', recipient_name: 'Ann' };
  const first = ask('transfer_money', transfer, { key: 'same' });
  expect(ask('transfer_money', transfer, { key: 'same' })).toEqual(first);
  expect(ask('check_balance', { account_type: 'savings' }).body).toMatchObject({ balance: '15200.00' });
  expect(ask('transfer_money', { ...transfer, amount: '7' }, { key: 'same' }).body).toEqual({
    code: 'key-reused',
  });
});

test('blocks a card of the client and no other', () => {
  const { ask } = bank();
  expect(ask('block_card', { card: '4321' }).body).toEqual({ card: '4321', status: 'blocked' });
  expect(ask('card_status', { card: '4321' }).body).toMatchObject({ status: 'blocked' });
  expect(ask('block_card', { card: '0000' }).body).toEqual({ code: 'unknown-card' });
});

test('shows what was paid within the dates asked for', () => {
  const { ask } = bank();
  ask('transfer_money', { account_type: 'savings', amount: '100', recipient_name: 'Ann' });
  const day = { account_type: 'savings', from: '2026-11-23', to: '2026-11-23' };
  expect(ask('statement', day).body).toMatchObject({
    count: 1,
    operations: [{ day: '2026-11-23', title: 'Ann', amount: '-100.00' }],
  });
  expect(ask('statement', { ...day, from: '2026-11-24', to: '2026-11-24' }).body).toMatchObject({
    count: 0,
    operations: [],
  });
});

test('orders a card that is the client’s from then on', () => {
  const { ask } = bank();
  const { card } = ask('order_card', {}).body;
  expect(ask('card_status', { card }).body).toMatchObject({ status: 'active' });
});

test('a code is good for five minutes, once, and for its own client', () => {
  const { core, ask } = bank();
  ask('send_code', {});
  const [shown] = core.codes();
  const given = { code: shown?.code ?? '' };
  expect(ask('check_code', given, { identity: 'other' }).body).toEqual({ code: 'no-code' });
  expect(ask('check_code', given).body).toEqual({ customer: 'demo-i' });
  expect(core.codes()).toEqual([]);
  expect(ask('check_code', given).status).toBe(422);

  ask('send_code', {});
  const late = { code: core.codes()[0]?.code ?? '' };
  clock.at = new Date(clock.at.getTime() + 6 * 60_000);
  expect(ask('check_code', late).body).toEqual({ code: 'attempts-over' });
});

test('gives at most three codes in ten minutes', () => {
  const { ask } = bank();
  for (let time = 0; time < 3; time++) expect(ask('send_code', {}).status).toBe(200);
  expect(ask('send_code', {}).body).toEqual({ code: 'too-many-codes' });
});

test('answers what anyone may ask without a customer, and nothing else', () => {
  const { core } = bank();
  const anyone = { locale: 'ru', parameters: { currency: 'EUR' } } as const;
  expect(core.answer({ ...anyone, action: 'exchange_rate', key: 'a' }).status).toBe(200);
  expect(
    core.answer({ ...anyone, action: 'check_balance', parameters: { account_type: 'checking' }, key: 'b' })
      .status,
  ).toBe(401);
  expect(core.answer({ ...anyone, action: 'nothing', key: 'c' }).status).toBe(404);
});

test('every client that it does not list has accounts of their own, always the same', () => {
  const first = bank().ask('check_balance', { account_type: 'savings' }, { customer: 'demo-7f' });
  expect(bank().ask('check_balance', { account_type: 'savings' }, { customer: 'demo-7f' })).toEqual(first);
  const other = bank().ask('check_balance', { account_type: 'savings' }, { customer: 'demo-8a' });
  expect(other.body.balance).not.toBe(first.body.balance);
});
