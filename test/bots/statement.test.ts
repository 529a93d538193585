import { describe, expect, test } from 'vitest';
import { client } from './talk.ts';

const russian = { locale: 'ru' } as const;
const english = { locale: 'en' } as const;
const october = { account_type: 'checking', from: '2026-10-01', to: '2026-10-31' };

describe('выписка', () => {
  test('берёт счёт и период из одной фразы', async () => {
    const anna = await client(russian);
    await anna.says('нужна выписка за октябрь по текущему счету');
    expect(anna.calls).toEqual([{ name: 'statement', parameters: october }]);
    expect(anna.said).toMatch(/На текущем счёте с 01\.10\.2026 по 31\.10\.2026 операций не было/);
    expect(anna.ended).toBe(true);
  });

  test('спрашивает, чего не хватает, и показывает операции', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с накопительного');
    await anna.says('да');
    await anna.says('покажи историю операций');
    expect(anna.asks).toBe('account_type');
    await anna.says('по накопительному');
    expect(anna.asks).toBe('from');
    await anna.says('за эту неделю');
    expect(anna.calls.at(-1)?.parameters).toEqual({
      account_type: 'savings',
      from: '2026-11-23',
      to: '2026-11-29',
    });
    expect(anna.said).toMatch(/операций: 1\.\n2026-11-23, Маша, -500\.00/);
  });

  test('знает только начало: спрашивает конец и начало не трогает', async () => {
    const anna = await client(russian);
    await anna.says('выписка по текущему с 1 октября');
    expect(anna.asks).toBe('to');
    await anna.says('31 октября');
    expect(anna.calls.at(-1)?.parameters).toEqual(october);
  });

  test('«а за октябрь?» после выписки показывает другой период', async () => {
    const anna = await client(russian);
    await anna.says('выписка по текущему счёту за сентябрь');
    await anna.says('а за октябрь?');
    expect(anna.calls.map(({ parameters }) => parameters)).toEqual([
      { account_type: 'checking', from: '2026-09-01', to: '2026-09-30' },
      october,
    ]);
  });

  test('сегодняшний день решается по времени банка', async () => {
    const anna = await client(russian);
    anna.clock.at = new Date('2026-11-23T22:00:00Z');
    await anna.says('выписка по текущему счёту за вчера');
    expect(anna.calls.at(-1)?.parameters).toMatchObject({ from: '2026-11-23', to: '2026-11-23' });
  });

  test('банк не отвечает: предлагает ещё раз', async () => {
    const anna = await client({ ...russian, bank: () => ({ outcome: 'failed', code: 'down' }) });
    await anna.says('выписка по текущему счёту за октябрь');
    expect(anna.said).toMatch(/Банк сейчас не отвечает, выписку показать не могу/);
  });
});

describe('a statement', () => {
  test('takes the account and the period from one sentence', async () => {
    const ann = await client(english);
    await ann.says('I need a statement of my checking account for last month');
    expect(ann.calls).toEqual([{ name: 'statement', parameters: october }]);
    expect(ann.said).toMatch(
      /In your checking account there were no transactions from Oct 1, 2026 to Oct 31/,
    );
  });

  test('asks for what is missing', async () => {
    const ann = await client(english);
    await ann.says('show me my transactions');
    expect(ann.asks).toBe('account_type');
    await ann.says('checking');
    expect(ann.asks).toBe('from');
    await ann.says('since October 1');
    expect(ann.asks).toBe('to');
    await ann.says('until October 31');
    expect(ann.calls).toEqual([{ name: 'statement', parameters: october }]);
  });

  test('asks again for a period that is none', async () => {
    const ann = await client(english);
    await ann.says('statement of my savings');
    await ann.says('as usual');
    expect(ann.asks).toBe('from');
    expect(ann.said).toMatch(/“October 1 to October 15”/);
  });
});
