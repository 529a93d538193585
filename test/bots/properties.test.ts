import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActionResult } from '../../gateway/actions.ts';
import { client } from './talk.ts';

/** Whatever is said, in whatever order, and whatever the bank does. */

const phrases = [
  'переведи 500 рублей Маше',
  'да',
  'нет',
  'нет, 5000',
  'с накопительного',
  'what is my balance?',
  'savings',
  'отмена',
  'block my card 4321',
  '4321',
  '123456',
  'operator',
  'это не я',
  'спасибо',
  'привет',
  'not Ann, Peter',
  'сумму',
  'курс евро',
  'где отделение',
  '',
];
const outcomes: ActionResult[] = [
  { outcome: 'done', result: { balance: '1.00', currency: 'RUB', status: 'active' } },
  { outcome: 'done', result: 'x'.repeat(10_000) },
  { outcome: 'refused', code: 'insufficient-funds' },
  { outcome: 'refused', code: 'whatever' },
  { outcome: 'failed', code: 'unreachable' },
  { outcome: 'unknown', reason: 'timeout' },
];
const word = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...phrases) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.repeat(40)) },
);
const act = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does: fc.constant('says' as const), text: word }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('returns' as const), text: fc.constant('') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('presses' as const),
      text: fc.constantFrom('q1.yes', 'q2.change.amount', 'go.transfer', 'go.gone', 'q1.__proto__', 'x'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('sleeps' as const), text: fc.constant('') }) },
);

test('never throws, never loops, keeps its state small, and completes every turn', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 14 }),
      fc.array(fc.constantFrom(...outcomes), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('claimed' as const, 'bank-authenticated' as const),
      async (acts, results, evidence) => {
        let at = 0;
        const person = await client({
          evidence,
          bank: (name) => (name === 'send_code' ? undefined : results[at++ % results.length]),
        });
        for (const { does, text } of acts) {
          const before = person.all.length;
          if (does === 'says') await person.says(text);
          else if (does === 'presses') await person.sends({ kind: 'choice', id: text });
          else if (does === 'sleeps') person.clock.at = new Date(person.clock.at.getTime() + 3_600_000);
          else if (person.conversation.owner.kind !== 'bot') await person.isGivenBack();
          expect(person.all.length - before).toBeLessThan(20);
          expect(Buffer.byteLength(JSON.stringify(person.conversation.turn.bot ?? null))).toBeLessThan(8_000);
        }
        for (const shown of person.all) {
          if (shown.type !== 'message') continue;
          expect(shown.text.trim()).not.toBe('');
          expect(shown.text).not.toMatch(/[{}]|undefined|null|NaN/);
          for (const choice of shown.choices ?? [])
            expect(Buffer.byteLength(choice.id)).toBeLessThanOrEqual(48);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('money moves only after a yes to the very question that lists it', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...phrases), { minLength: 1, maxLength: 12 }),
      async (texts) => {
        const person = await client({ locale: 'ru' });
        for (const text of texts) {
          const asked = person.asks;
          const question = person.said;
          const calls = person.calls.length;
          await person.says(text);
          for (const { name, parameters } of person.calls.slice(calls)) {
            if (name !== 'transfer_money') continue;
            expect(asked).toBe('confirm');
            expect(text).toBe('да');
            expect(question.replace(/\s/g, '')).toContain(
              Number(parameters.amount).toFixed(2).replace(/\.00$/, ''),
            );
            expect(question).toContain(String(parameters.recipient_name));
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});
