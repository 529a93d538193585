import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import { axeFindings, hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { soon } from './soon.ts';

const ME = { kind: 'operator', operator: PEOPLE.operator.id, name: PEOPLE.operator.name } as const;
const QUEUE = { kind: 'queue', queue: 'main' } as const;

let bench: WindowBench;
let page: Page;
/** Of somebody else. */
let second: Page;
beforeAll(async () => {
  bench = await openBench();
  page = await bench.open();
  second = await bench.open();
  await bench.signIn(page);
});
afterEach(() => bench.server.faults.clear());
afterAll(() => bench.stop());

async function open(owner: typeof ME | typeof QUEUE): Promise<string> {
  const { state } = bench.server;
  const id = state.open({ owner, contact: { id: PEOPLE.reader.id, name: 'Анна', evidence: 'claimed' } });
  state.clientSays(id, 'Здравствуйте');
  await page.goto(`${bench.server.url}/window/desk/${id}?view=all`);
  await page.getByRole('log').getByText('Здравствуйте').waitFor();
  return id;
}
const button = (name: string) => page.getByRole('button', { name, exact: true });
const ownerOf = (id: string) => bench.server.state.get(id).view.owner.kind;

describe.skipIf(!hasBrowser)('a conversation', () => {
  it('is taken with one press, and the cursor waits in the reply', async () => {
    const id = await open(QUEUE);
    await page.getByText('Чтобы ответить, возьмите диалог.').waitFor();
    await button('Взять').click();
    await page.getByText('Ведёте вы').first().waitFor();
    expect(ownerOf(id)).toBe('operator');
    await soon(async () =>
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA'),
    );
    expect(await button('Взять').count()).toBe(0);
  });

  it('that somebody took first is named calmly, and nothing else changes', async () => {
    const id = await open(QUEUE);
    bench.server.cutLive(true);
    bench.server.state.own(
      id,
      { kind: 'operator', operator: PEOPLE.operator2.id, name: PEOPLE.operator2.name },
      'taken',
    );
    await button('Взять').click();
    await page.getByText('Диалог уже ведёт Иван Петров.').waitFor();
    await page.getByText('Отвечает Иван Петров. Вы можете оставить заметку.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    bench.server.cutLive(false);
  });

  it('goes back to the queue, to the bot, and is closed', async () => {
    for (const [name, owner] of [
      ['В очередь', 'queue'],
      ['Вернуть боту', 'bot'],
      ['Завершить', 'nobody'],
    ] as const) {
      const id = await open(ME);
      await button(name).click();
      await soon(() => expect(ownerOf(id)).toBe(owner));
      await button(name).waitFor({ state: 'hidden' });
    }
    await page.getByText('Диалог завершён. Новое сообщение клиента откроет новый.').waitFor();
  });

  it('is closed over a draft only after asking', async () => {
    const id = await open(ME);
    await page.getByLabel(/Ответ клиенту/).fill('недописанное');
    await button('Завершить').click();
    await page.getByRole('dialog', { name: 'Завершить диалог?' }).waitFor();
    await page.keyboard.press('Escape');
    expect(ownerOf(id)).toBe('operator');
    expect(await page.getByLabel(/Ответ клиенту/).inputValue()).toBe('недописанное');
    await button('Завершить').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Завершить' }).click();
    await soon(() => expect(ownerOf(id)).toBe('nobody'));
    await page.getByText('Диалог завершён').first().waitFor();
    const stored = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.startsWith('okno.draft')),
    );
    expect(stored).toEqual([]);
  });

  it('says what happened where an act failed, and can be acted on again', async () => {
    const id = await open(ME);
    bench.server.faults.add({ on: /POST .*release/, what: { status: 503, code: 'store-away' } });
    await button('В очередь').click();
    await page.getByText('Вернуть в очередь не получилось. Хранилище недоступно.').waitFor();
    bench.server.faults.clear();
    await button('В очередь').click();
    await soon(() => expect(ownerOf(id)).toBe('queue'));
  });

  it('changes under the eyes of everybody who has it open', async () => {
    const id = await open(ME);
    await bench.signIn(second, `/window/desk/${id}?view=all`, 'operator2');
    await second.getByText('Ведёт Ольга Миронова').waitFor();
    await button('В очередь').click();
    await second.getByRole('button', { name: 'Взять', exact: true }).click();
    await page.getByText('Ведёт Иван Петров').waitFor();
    await bench.renew(second);
  });

  it('has one primary button at most', async () => {
    for (const owner of [QUEUE, ME]) {
      await open(owner);
      expect(await page.locator('button[data-variant=filled]').count()).toBe(1);
    }
  });
});

describe.skipIf(!hasBrowser)('who may only read', () => {
  it('leaves notes, and is offered nothing else', async () => {
    const id = await open(QUEUE);
    const reader = second;
    await bench.signIn(reader, `/window/desk/${id}?view=all`, 'reader');
    await reader.getByText('Ваша роль может читать и оставлять заметки.').waitFor();
    expect(await reader.getByRole('button', { name: 'Взять', exact: true }).count()).toBe(0);
    await reader.getByRole('button', { name: 'Заметка: видна только сотрудникам' }).click();
    await reader.keyboard.type('проверю');
    await reader.keyboard.press('Enter');
    await reader.getByRole('log').getByText('проверю').waitFor();
    await bench.renew(reader);
  });
});

describe.skipIf(!hasBrowser)('the context', () => {
  it('says who, what and what was before, and opens an earlier conversation', async () => {
    const { state } = bench.server;
    const earlier = state.open({
      owner: { kind: 'nobody' },
      status: 'closed',
      contact: { id: PEOPLE.reader.id, name: 'Анна', evidence: 'claimed' },
    });
    state.clientSays(earlier, 'прошлый раз');
    const id = state.open({
      owner: QUEUE,
      contact: { id: PEOPLE.reader.id, name: 'Анна', evidence: 'bank-authenticated' },
      history: [
        {
          id: earlier,
          openedAt: '2026-11-01T10:00:00.000Z',
          closedAt: '2026-11-01T11:00:00.000Z',
          intent: 'transfer_money',
        },
      ],
    });
    state.explain(id, {
      reason: 'outcome-unknown',
      summary: 'Клиент переводил деньги.',
      slots: [{ name: 'amount', title: 'Сумма', value: '500 ₽' }],
      steps: [{ script: 'transfer', step: 'send', outcome: 'unknown' }],
      misses: ['ну туда'],
    });
    await page.goto(`${bench.server.url}/window/desk/${id}?view=queue`);
    const panel = page.getByRole('complementary', { name: 'О клиенте и обращении' });
    for (const text of [
      'Итог операции неизвестен',
      'Клиент переводил деньги.',
      'Сумма',
      '500 ₽',
      'Перевод',
      'ну туда',
    ]) {
      await panel.getByText(text, { exact: false }).first().waitFor();
    }
    await panel.getByRole('tab', { name: 'Кто' }).click();
    await panel.getByText('Клиент вошёл через банк.').waitFor();
    await panel.getByRole('tab', { name: 'История' }).click();
    await panel.getByRole('button', { name: /1 ноября.*13:00/ }).click();
    await page.getByRole('log').getByText('прошлый раз').waitFor();
  });

  it('sends the client a link or a code for another channel, and shows who else has the number', async () => {
    const { state } = bench.server;
    const other = state.open({ owner: QUEUE, channel: 'voice' });
    state.clientSays(other, 'звонок');
    const id = state.open({ owner: ME, alike: [{ conversation: other, channel: 'voice' }] });
    state.clientSays(id, 'Здравствуйте');
    await page.goto(`${bench.server.url}/window/desk/${id}?view=mine`);
    const panel = page.getByRole('complementary', { name: 'О клиенте и обращении' });
    await panel.getByRole('tab', { name: 'Кто' }).click();
    await panel.getByRole('button', { name: 'Продолжить в другом канале…' }).click();
    await panel.getByRole('button', { name: 'Telegram' }).click();
    await panel.getByText('Отправили клиенту ссылку и код: Telegram.').waitFor();
    await page.getByRole('log').getByText('123 456 789 telegram').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await panel.getByText('Возможно, тот же клиент').waitFor();
    await panel.getByRole('button', { name: /Звонок|Телефон/ }).click();
    await page.getByRole('log').getByText('звонок').waitFor();
  });

  it('says what happened where it did not load', async () => {
    const id = await open(QUEUE);
    bench.server.faults.add({ on: new RegExp(`GET .*${id}$`), what: { status: 500, code: 'internal' } });
    await page.reload();
    await page.getByText('Сведения не загрузились').waitFor();
    bench.server.faults.clear();
    const loaded = page.getByText('Диалог ещё не передавали людям');
    const again = page.getByRole('complementary').getByRole('button', { name: 'Повторить' });
    // It loads by itself, and the button is gone, where the live connection comes only now.
    await Promise.any([again.click(), loaded.waitFor()]);
    await loaded.waitFor();
  });
});
