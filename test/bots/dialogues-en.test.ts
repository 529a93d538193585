import { expect, test } from 'vitest';
import { client } from './talk.ts';

const english = { locale: 'en' } as const;

test('takes several values from one sentence, in any order', async () => {
  const emma = await client(english);
  await emma.says('Hi, please send 300 dollars to Ann from my savings account');
  expect(emma.asks).toBe('confirm');
  expect(emma.said).toMatch(/Transfer \$300 from your savings account to Ann/);
});

test('asks for what is missing, one thing at a time, and offers the accounts', async () => {
  const emma = await client(english);
  await emma.says('I want to make a transfer');
  expect(emma.asks).toBe('account_type');
  await emma.presses('Checking account');
  expect(emma.asks).toBe('recipient_name');
  await emma.says('six hundred and fifty bucks to Srinivas, to their savings account');
  expect(emma.asks).toBe('confirm');
  await emma.says('Yep, that is right.');
  expect(emma.calls).toEqual([
    {
      name: 'transfer_money',
      parameters: {
        account_type: 'checking',
        amount: '650.00',
        recipient_name: 'Srinivas',
        recipient_account_type: 'savings',
      },
    },
  ]);
});

test('“yes, but make it 300” changes and asks again', async () => {
  const emma = await client(english);
  await emma.says('transfer $500 to Ann from checking');
  await emma.says('yes, but make it 300');
  expect(emma.said).toMatch(/\$300/);
  expect(emma.calls).toEqual([]);
  await emma.says('actually make it from savings');
  expect(emma.said).toMatch(/savings/);
  await emma.says('not Ann, Peter');
  expect(emma.said).toMatch(/Peter/);
  await emma.says('No, make it to Raghav for 1,740 dollars');
  expect(emma.said).toMatch(/\$1,740 from your savings account to Raghav/);
});

test('a yes with one more wish does both, one after the other', async () => {
  const emma = await client(english);
  await emma.says('transfer $50 to Ann from checking');
  await emma.says("Yes, that's right. Could you also show my savings balance?");
  expect(emma.calls.map(({ name, parameters }) => [name, parameters.account_type])).toEqual([
    ['transfer_money', 'checking'],
    ['check_balance', 'savings'],
  ]);
});

test('answers a question in the middle of a transfer, then asks again', async () => {
  const emma = await client(english);
  await emma.says('transfer money to Ann');
  expect(emma.asks).toBe('account_type');
  await emma.says("what's my savings balance?");
  expect(emma.calls).toEqual([{ name: 'check_balance', parameters: { account_type: 'savings' } }]);
  expect(emma.asks).toBe('account_type');
  expect(emma.said).toMatch(/Back to your request: transfer/);
});

test('the account of a balance is that of the transfer after it; of a transfer alone it is asked', async () => {
  const emma = await client(english);
  await emma.says('what is my savings balance');
  await emma.says('Great, send 20 dollars to Ann');
  expect(emma.said).toMatch(/from your savings account/);
  const james = await client(english);
  await james.says('send 20 dollars to Ann from savings');
  await james.says('yes');
  await james.says('Thank you, what is my balance?');
  expect(james.asks).toBe('account_type');
});

test('fraud goes to people at once', async () => {
  const emma = await client(english);
  await emma.says('I did not make this payment, somebody stole my money');
  expect(emma.handoff?.reason).toBe('fraud');
});

test('a request for a person works at a question for a code too', async () => {
  const emma = await client({ ...english, evidence: 'claimed' });
  await emma.says('check my savings balance');
  expect(emma.asks).toBe('code');
  await emma.says('I want to talk to a human');
  expect(emma.handoff?.reason).toBe('asked');
});

test('a cancelled request leaves nothing behind', async () => {
  const emma = await client({ ...english, evidence: 'claimed' });
  await emma.says('send 20 dollars to Ann from savings');
  await emma.says('yes');
  await emma.says('never mind, cancel it');
  expect(emma.said).toMatch(/Cancelled: transfer/);
  await emma.says('hello');
  expect(emma.asks).toBeUndefined();
});

test('blocks a card after a confirmation', async () => {
  const emma = await client({ ...english, customer: 'demo-emma' });
  await emma.says('block my card ending in 4321');
  expect(emma.asks).toBe('confirm');
  await emma.says('yes please');
  expect(emma.said).toMatch(/is blocked/);
  await emma.says('what is the status of my card 4321?');
  expect(emma.said).toMatch(/blocked/);
});

test('an unknown card is asked for again', async () => {
  const emma = await client({ ...english, customer: 'demo-emma' });
  await emma.says('block card 9999');
  await emma.says('yes');
  expect(emma.said).toMatch(/no card •• 9999/);
  expect(emma.asks).toBe('card');
});

test('says plainly that it is a bot', async () => {
  const emma = await client(english);
  await emma.says('are you a real person?');
  expect(emma.said).toMatch(/not a human being/);
});

test('no text of the bot shouts', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const { shippedScripts } = await import('./talk.ts');
  for (const file of readdirSync(shippedScripts).filter((name) => name.endsWith('.yaml'))) {
    expect(readFileSync(`${shippedScripts}/${file}`, 'utf8'), file).not.toMatch(/[а-яa-z]!/i);
  }
});

test('“that account” is the one just looked at', async () => {
  const emma = await client(english);
  await emma.says('transfer money to Jane');
  await emma.says('wait, how much do I have in savings?');
  await emma.says('ok use that account');
  expect(emma.asks).toBe('amount');
});

test('a plain no to a question asks what to change, and a second one cancels', async () => {
  const emma = await client(english);
  await emma.says('send 50 dollars to Jane');
  await emma.says('no');
  expect(emma.said).toMatch(/What should I change/);
  await emma.says('the recipient');
  expect(emma.asks).toBe('recipient_name');
  await emma.says('Tom');
  expect(emma.asks).toBe('account_type');
  await emma.says('checking');
  expect(emma.said).toMatch(/\$50 from your checking account to Tom/);
  await emma.says('no');
  await emma.says('no');
  expect(emma.said).toMatch(/Cancelled/);
});
