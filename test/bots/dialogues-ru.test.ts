import { describe, expect, test } from 'vitest';
import { client } from './talk.ts';

const russian = { locale: 'ru' } as const;
/** Numbers are set with no-break spaces; a test should not depend on which. */
const plain = (text: string) => text.replace(/\s/g, ' ');

describe('перевод', () => {
  test('спрашивает только то, чего не хватает, и перед списанием называет всё', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше');
    expect(anna.asks).toBe('account_type');
    await anna.says('с накопительного');
    expect(anna.asks).toBe('confirm');
    expect(plain(anna.said)).toMatch(/500 ₽ с накопительного счёта, получатель Маша/);
    expect(anna.calls).toEqual([]);
    await anna.says('да');
    expect(anna.calls).toEqual([
      {
        name: 'transfer_money',
        parameters: { account_type: 'savings', amount: '500.00', recipient_name: 'Маша' },
      },
    ]);
    expect(anna.ended).toBe(true);
  });

  test('здоровается и просит в одной фразе: это просьба', async () => {
    const anna = await client(russian);
    await anna.says('Здравствуйте, переведите 1500 рублей Ольге с текущего счёта');
    expect(anna.asks).toBe('confirm');
  });

  test('поправляет сумму, счёт и получателя перед подтверждением, и всё спрашивается снова', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('нет, не 500, а 5000');
    expect(plain(anna.said)).toMatch(/5 000 ₽ с текущего счёта, получатель Маша/);
    expect(anna.asks).toBe('confirm');
    await anna.says('нет, с накопительного');
    expect(anna.said).toMatch(/с накопительного/);
    await anna.says('не Маше, а Ане');
    expect(anna.said).toMatch(/Аня/);
    await anna.says('да, но 300 рублей');
    expect(plain(anna.said)).toMatch(/300 ₽/);
    expect(anna.asks).toBe('confirm');
    expect(anna.calls).toEqual([]);
    await anna.says('подтверждаю');
    expect(anna.calls.at(-1)?.parameters).toMatchObject({
      amount: '300.00',
      account_type: 'savings',
      recipient_name: 'Аня',
    });
  });

  test('поправляет уже сказанное посреди другого вопроса', async () => {
    const anna = await client(russian);
    await anna.says('перевод');
    await anna.says('с накопительного');
    expect(anna.asks).toBe('recipient_name');
    await anna.says('нет, с текущего');
    expect(anna.said).toMatch(/Исправил: текущий счёт/);
    expect(anna.asks).toBe('recipient_name');
  });

  test('отвечает не на тот вопрос: ответ не теряется', async () => {
    const anna = await client(russian);
    await anna.says('перевод');
    expect(anna.asks).toBe('account_type');
    await anna.says('5 тысяч Ивану Петрову');
    expect(anna.said).toMatch(/Записал/);
    await anna.says('с текущего');
    expect(anna.asks).toBe('confirm');
    expect(plain(anna.said)).toMatch(/5 000 ₽.*Иван Петров/);
  });

  test('на простое «нет» спрашивает, что изменить; на второе отменяет', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('нет');
    expect(anna.said).toMatch(/Что изменить/);
    await anna.says('сумму');
    expect(anna.asks).toBe('amount');
    await anna.says('700');
    expect(plain(anna.said)).toMatch(/700 ₽/);
    await anna.says('нет');
    await anna.says('нет');
    expect(anna.said).toMatch(/Отменено/);
    expect(anna.calls).toEqual([]);
  });

  test('посреди перевода спрашивает остаток и курс и возвращается к вопросу', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше');
    await anna.says('а какой курс евро?');
    expect(anna.said).toMatch(/евро: покупка/);
    expect(anna.said).toMatch(/Вернёмся к запросу «перевод»/);
    expect(anna.asks).toBe('account_type');
    await anna.says('с текущего');
    await anna.says('сколько на накопительном счёте?');
    expect(anna.said).toMatch(/На накопительном счёте/);
    expect(anna.asks).toBe('confirm');
    expect(anna.said).toMatch(/с текущего счёта/);
  });

  test('счёт остаётся с прошлого запроса, сумма и получатель никогда', async () => {
    const anna = await client(russian);
    await anna.says('сколько на накопительном?');
    await anna.says('переведи 100 рублей Маше');
    expect(anna.asks).toBe('confirm');
    expect(anna.said).toMatch(/с накопительного/);
    await anna.says('да');
    await anna.says('сделай ещё перевод');
    expect(anna.asks).toBe('recipient_name');
    await anna.says('Ольге');
    expect(anna.asks).toBe('amount');
  });

  test('после перевода «нет, 5000» уже ничего не меняет', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('да');
    await anna.says('нет, 5000');
    expect(anna.said).toMatch(/уже сделано/);
    expect(anna.calls).toHaveLength(1);
  });

  test('чужую валюту не принимает за рубли', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 долларов Ане с текущего');
    expect(anna.said).toMatch(/в валюте счёта/);
    expect(anna.asks).toBe('amount');
  });

  test('отменяет, и деньги остаются', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('отмена');
    expect(anna.said).toMatch(/Отменено: перевод. Ничего не сделано/);
    await anna.says('да');
    expect(anna.calls).toEqual([]);
  });

  test('не хватает денег: говорит об этом и спрашивает другую сумму', async () => {
    const anna = await client(russian);
    await anna.says('переведи 499000 рублей Маше с текущего');
    await anna.says('да');
    expect(anna.said).toMatch(/не хватает денег, перевод не сделан/);
    expect(anna.asks).toBe('amount');
    await anna.says('500');
    await anna.says('да');
    expect(anna.calls.map(({ parameters }) => parameters.amount)).toEqual(['499000.00', '500.00']);
  });
});

describe('банк не отвечает', () => {
  test('связи не было: деньги не списаны, повтор только по слову клиента', async () => {
    let calls = 0;
    const bank = (name: string) => {
      if (name !== 'transfer_money' || ++calls > 1) return undefined;
      return { outcome: 'failed', code: 'unreachable' } as const;
    };
    const anna = await client({ ...russian, bank });
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('да');
    expect(anna.said).toMatch(/Деньги не списаны. Попробовать ещё раз/);
    expect(anna.calls).toHaveLength(1);
    await anna.says('да');
    expect(anna.said).toMatch(/Готово/);
    expect(anna.calls).toHaveLength(2);
  });

  test('ответ потерялся: так и говорит, не повторяет и зовёт сотрудника', async () => {
    const bank = () => ({ outcome: 'unknown', reason: 'timeout' }) as const;
    const anna = await client({ ...russian, bank });
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('да');
    expect(anna.said).toMatch(/Деньги могли уйти, а могли и не уйти/);
    expect(anna.handoff?.reason).toBe('outcome-unknown');
    expect(anna.calls).toHaveLength(1);
    expect(JSON.stringify(anna.handoff?.context)).toMatch(/Маша/);
  });

  test('остаток: предлагает попробовать позже или позвать сотрудника', async () => {
    const bank = () => ({ outcome: 'failed', code: 'unavailable' }) as const;
    const anna = await client({ ...russian, bank });
    await anna.says('сколько на текущем счёте?');
    expect(anna.said).toMatch(/Банк сейчас не отвечает/);
    await anna.presses('Позвать сотрудника');
    expect(anna.handoff?.reason).toBe('asked');
  });

  test('банк отказал: говорит, что деньги не списаны', async () => {
    const bank = () => ({ outcome: 'refused', code: 'sanctions' }) as const;
    const anna = await client({ ...russian, bank });
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('да');
    expect(anna.said).toMatch(/Банк отказал в переводе, деньги не списаны/);
  });
});

describe('люди', () => {
  test('зовёт сотрудника сразу, в любом месте', async () => {
    for (const before of [[], ['перевод'], ['переведи 500 рублей Маше с текущего'], ['абракадабра']]) {
      const anna = await client(russian);
      for (const text of before) await anna.says(text);
      await anna.says('позовите оператора');
      expect(anna.handoff?.reason, before.join()).toBe('asked');
    }
  });

  test('мошенничество передаёт сразу и перевод не продолжает', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('это не я, у меня украли деньги');
    expect(anna.handoff?.reason).toBe('fraud');
    await anna.isGivenBack();
    expect(anna.asks).toBeUndefined();
  });

  test('после возвращения продолжает с того же вопроса', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('оператор');
    await anna.isGivenBack();
    expect(anna.said).toMatch(/С вами снова бот/);
    expect(anna.asks).toBe('confirm');
    await anna.says('да');
    expect(anna.calls).toHaveLength(1);
  });

  test('дважды не понял: пример, выбор, затем человек; слова клиента не теряются', async () => {
    const anna = await client(russian);
    await anna.says('какая завтра погода?');
    expect(anna.said).toMatch(/например/);
    await anna.says('сыграй мне музыку');
    expect(anna.said).toMatch(/Может быть, вы об этом/);
    await anna.says('расскажи анекдот');
    expect(anna.handoff?.reason).toBe('not-understood');
    expect(anna.handoff?.context).toMatchObject({
      misses: ['какая завтра погода?', 'сыграй мне музыку', 'расскажи анекдот'],
    });
  });

  test('не понял ответ: пример, варианты, затем человек', async () => {
    const anna = await client(russian);
    await anna.says('заблокируйте карту');
    const first = anna.said;
    await anna.says('хм');
    expect(anna.said).not.toBe(first);
    expect(anna.said).toMatch(/например: 4321/);
    await anna.says('ээ');
    expect(anna.said).toMatch(/Выберите ответ/);
    await anna.says('мм');
    expect(anna.handoff?.reason).toBe('not-understood');
  });
});

describe('код для клиента, который пока только назвался', () => {
  test('спрашивает код, всё сказанное остаётся, затем делает', async () => {
    const ann = await client({ ...russian, evidence: 'claimed' });
    await ann.says('переведи 500 рублей Маше с текущего');
    await ann.says('да');
    expect(ann.asks).toBe('code');
    expect(ann.calls.map(({ name }) => name)).toEqual(['send_code']);
    await ann.says('000000');
    expect(ann.said).toMatch(/Код не подошёл/);
    await ann.says(ann.codes()[0]?.code ?? '');
    expect(ann.said).toMatch(/Готово/);
    expect(ann.calls.at(-1)).toEqual({
      name: 'transfer_money',
      parameters: { account_type: 'checking', amount: '500.00', recipient_name: 'Маша' },
    });
  });

  test('после трёх неверных кодов зовёт сотрудника и ничего не делает', async () => {
    const ann = await client({ ...russian, evidence: 'claimed' });
    await ann.says('сколько на текущем?');
    for (const code of ['111111', '222222', '333333']) await ann.says(code);
    expect(ann.handoff?.reason).toBe('unconfirmed');
    expect(ann.calls.map(({ name }) => name)).not.toContain('check_balance');
    expect(JSON.stringify(ann.handoff?.context)).not.toMatch(/333333/);
  });

  test('слова вместо кода не считает неверным кодом, а на вопрос отвечает и ждёт код дальше', async () => {
    const ann = await client({ ...russian, evidence: 'claimed' });
    await ann.says('переведи 500 рублей Маше с текущего');
    await ann.says('да');
    for (const said of ['да', 'код не пришёл', 'а где его взять', 'нет']) {
      await ann.says(said);
      expect(ann.said, said).toMatch(/нужен код цифрами/);
      expect(ann.asks, said).toBe('code');
    }
    await ann.says('какой курс доллара?');
    expect(ann.said).toMatch(/доллар: покупка/);
    expect(ann.said).toMatch(/Код для чата/);
    await ann.says('код не пришёл');
    await ann.presses('Прислать ещё раз');
    expect(ann.calls.at(-1)?.name).toBe('send_code');
    await ann.says(ann.codes()[0]?.code ?? '');
    expect(ann.said).toMatch(/Готово: 500/);
  });

  test('сотрудник видит, что переводили, чем бы подтверждение ни кончилось', async () => {
    const failed = async (...said: string[]) => {
      const ann = await client({ ...russian, evidence: 'claimed' });
      for (const words of ['переведи 500 рублей Маше с текущего', 'да', ...said]) await ann.says(words);
      return ann.handoff?.context;
    };
    for (const context of [await failed('111111', '222222', '333333'), await failed('позовите человека')]) {
      expect(context).toMatchObject({
        intent: 'transfer_money',
        slots: [{ value: 'текущий счёт' }, { value: expect.stringMatching(/^500\s₽$/) }, { value: 'Маша' }],
        summary: expect.stringMatching(/хочет перевести деньги: .*500.*Маша/),
      });
    }
  });

  test('второй вопрос того же рода, пока банк молчит, не теряется', async () => {
    const ann = await client({ ...russian, evidence: 'claimed' });
    await ann.says('сколько на текущем?');
    await ann.says('переведи 300 рублей Маше с текущего');
    await ann.says('да');
    expect(ann.handoff).toBeUndefined();
    expect(ann.said).toMatch(/как только подтвердим/);
    await ann.says(ann.codes()[0]?.code ?? '');
    expect(ann.said).toMatch(/Готово: 300/);
    expect(ann.said).toMatch(/На текущем счёте/);
  });

  test('после сделанного на прощание просит оценку и благодарит за неё', async () => {
    const ann = await client(russian);
    await ann.says('пока');
    expect(ann.said).toBe('Всего доброго.');
    await ann.says('сколько на текущем?');
    await ann.says('пока');
    expect(ann.said).toMatch(/Как я вам помог/);
    await ann.presses('Отлично');
    expect(ann.said).toBe('Спасибо за оценку.');
    expect(ann.events.at(-2)).toMatchObject({ type: 'conversation.rated', facts: { score: 5 } });
  });

  test('курс и отделения говорит без кода', async () => {
    const ann = await client({ ...russian, evidence: 'claimed' });
    await ann.says('какой курс доллара?');
    expect(ann.said).toMatch(/доллар: покупка 79,10/);
    await ann.says('где отделение в Казани?');
    expect(ann.said).toMatch(/Рамная/);
  });
});

describe('прочее', () => {
  test('встречает, говорит, что бот, и не называется человеком', async () => {
    const anna = await client(russian);
    await anna.opens();
    expect(anna.said).toMatch(/бот банка/);
    await anna.says('вы живой человек?');
    expect(anna.said).toMatch(/не человек/);
    expect(anna.handoff).toBeUndefined();
  });

  test('«а на текущем?» после остатка спрашивает остаток снова', async () => {
    const anna = await client(russian);
    await anna.says('сколько на накопительном?');
    await anna.says('а на текущем?');
    expect(anna.calls.map(({ parameters }) => parameters.account_type)).toEqual(['savings', 'checking']);
  });

  test('«да» на предложение перевода начинает перевод, «ок» не начинает', async () => {
    const anna = await client(russian);
    await anna.says('сколько на накопительном?');
    await anna.says('ок');
    expect(anna.asks).toBeUndefined();
    await anna.says('сколько на накопительном?');
    await anna.says('да, давайте');
    expect(anna.asks).toBe('recipient_name');
  });

  test('долгая тишина закрывает вопрос: позднее «да» денег не двигает', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с текущего');
    anna.clock.at = new Date(anna.clock.at.getTime() + 31 * 60_000);
    await anna.says('да');
    expect(anna.said).toMatch(/закрыт: прошло много времени/);
    expect(anna.calls).toEqual([]);
  });

  test('кнопка прежнего вопроса ничего не меняет', async () => {
    const anna = await client(russian);
    await anna.says('переведи 500 рублей Маше с текущего');
    await anna.says('нет, 700');
    await anna.sends({ kind: 'choice', id: 'q1.yes', text: 'Да' });
    expect(anna.said).toMatch(/от прежнего вопроса/);
    expect(anna.asks).toBe('confirm');
    expect(anna.calls).toEqual([]);
    await anna.presses('Да');
    expect(anna.calls).toHaveLength(1);
  });

  test('картинку не читает, но вопрос не теряет', async () => {
    const anna = await client(russian);
    await anna.says('перевод');
    await anna.sends({ kind: 'unsupported', what: 'photo' });
    expect(anna.said).toMatch(/читаю только текст/);
    expect(anna.asks).toBe('account_type');
  });

  test('отвечает на языке клиента и не переходит на другой из-за имени', async () => {
    const anna = await client(russian);
    await anna.says('переведи 100 рублей с текущего');
    await anna.says('Peter');
    expect(anna.said).toMatch(/Перевести 100/);
    await anna.says('what is my savings balance?');
    expect(anna.said).toMatch(/In your savings account/);
  });

  test('один и тот же ответ в третий раз: предлагает человека', async () => {
    const anna = await client(russian);
    for (let time = 0; time < 3; time++) await anna.says('сколько на накопительном?');
    expect(anna.said).toMatch(/можно позвать сотрудника/);
  });
});
