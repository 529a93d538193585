import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakeTelegram } from '../fakes/telegram.ts';
import type { TestHub } from '../fixtures/hub.ts';
import { axeFindings, faultsOf, hasBrowser, openPage } from './open-window.ts';
import { type RealHub, startRealHub } from './real-hub.ts';
import { soon } from './soon.ts';

const LONG_MS = 240_000;
const ANN = 7001;

let real: RealHub;
let telegram: FakeTelegram;
let hub: TestHub;
let browser: Browser;
let olga: Page;
let oleg: Page;
beforeAll(async () => {
  real = await startRealHub();
  ({ telegram, hub, browser } = real);
  olga = await signIn('operator@demo.bank');
  oleg = await signIn('operator2@demo.bank');
}, LONG_MS);
afterAll(async () => {
  await real?.stop();
});

async function signIn(email: string): Promise<Page> {
  const page = await openPage(browser, hub.url);
  await page.goto(`${hub.url}/window/`);
  await page.getByRole('button', { name: email }).click();
  await page.getByRole('navigation').waitFor();
  await page.getByText('Очередь пуста').waitFor();
  return page;
}

const waiting = (page: Page) => page.getByRole('option', { name: /Просит сотрудника/ });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Not by the mouse: the button of who comes second may be gone before the pointer is there. */
async function pressAtOnce(pages: readonly Page[], name: string): Promise<void> {
  const buttons = await Promise.all(pages.map((page) => button(page, name).elementHandle()));
  await Promise.all(
    buttons.map((pressed) => pressed?.evaluate((element) => (element as HTMLElement).click())),
  );
}

describe.skipIf(!hasBrowser)('the window on the real hub', () => {
  it('shows a client of Telegram who asks for a person to every operator, with the context', async () => {
    telegram.say(ANN, 'сколько денег на счёте?');
    await telegram.hears(ANN, 1, 20_000);
    telegram.say(ANN, 'позовите сотрудника');
    await waiting(olga).waitFor();
    await waiting(oleg).waitFor();
    await waiting(olga).click();
    await olga.getByRole('log').getByText('позовите сотрудника').waitFor();
    const context = olga.getByRole('complementary', { name: 'О клиенте и обращении' });
    await context.getByText('Клиент просит сотрудника').waitFor();
    await context.getByText('Кратко').waitFor();
  });

  it('lets exactly one operator take it, and tells the other calmly', async () => {
    await waiting(oleg).click();
    await pressAtOnce([olga, oleg], 'Взять');
    await soon(async () => {
      const mine = await Promise.all(
        [olga, oleg].map((page) => page.getByText('Ведёте вы').first().isVisible()),
      );
      expect(mine.filter(Boolean)).toHaveLength(1);
    });
    if (!(await olga.getByText('Ведёте вы').first().isVisible())) [olga, oleg] = [oleg, olga];
    await oleg.getByText(/Вы можете оставить заметку/).waitFor();
  });

  it('carries the answer to the client, and shows what became of it', async () => {
    const before = telegram.saidTo(ANN).length;
    await olga.getByLabel(/^Ответ клиенту/).fill('Добрый день, чем помочь?');
    await olga.keyboard.press('Enter');
    const heard = await telegram.hears(ANN, before + 1, 20_000);
    expect(heard.at(-1)).toContain('Добрый день, чем помочь?');
    await olga
      .getByRole('log')
      .locator('[data-from=operator]')
      .getByText('Отправлено')
      .waitFor({ state: 'attached' });
    await oleg.getByRole('log').getByText('Добрый день, чем помочь?').waitFor();
  });

  it('edits, deletes and reacts by the keyboard, and shows a change that did not reach the client', async () => {
    const log = olga.getByRole('log');
    const reacts = log.getByRole('button', { name: 'Поставить реакцию' });
    await reacts.last().press('Enter');
    await button(olga, '👍').press('Enter');
    await log.getByRole('img', { name: /👍/ }).waitFor();
    const ofClient = () => telegram.chats.find(ANN)?.messages.findLast(({ from }) => from === 'client');
    await soon(async () => expect(ofClient()?.reaction).toEqual(['👍']));

    await log.getByRole('button', { name: 'Исправить сообщение' }).press('Enter');
    const dialog = olga.getByRole('dialog', { name: 'Исправить сообщение' });
    await dialog.getByLabel('Новый текст').fill('Добрый день! Чем помочь?');
    expect(await axeFindings(olga)).toEqual([]);
    await button(olga, 'Сохранить').click();
    await log.getByText('Добрый день! Чем помочь?').waitFor();
    await button(olga, 'изменено').click();
    await log.getByText('Добрый день, чем помочь?').waitFor();
    await soon(async () => expect(telegram.saidTo(ANN)).toContain('Добрый день! Чем помочь?'));

    const fault = {
      kind: 'refuse',
      status: 400,
      description: "Bad Request: message can't be deleted",
    } as const;
    telegram.fault({ method: 'deleteMessage', chat: ANN, fault, times: 1 });
    await log.getByRole('button', { name: 'Удалить сообщение' }).press('Enter');
    await olga
      .getByRole('dialog')
      .getByText(/Сотрудникам оно останется/)
      .waitFor();
    await olga.getByRole('dialog').getByRole('button', { name: 'Удалить сообщение' }).click();
    await log.getByText(/Удалено отправителем/).waitFor();
    await log.getByText(/Изменение сообщения/).waitFor();
    expect(await axeFindings(olga)).toEqual([]);
  });

  it('keeps a note among staff', async () => {
    const before = telegram.saidTo(ANN).length;
    await oleg.getByRole('button', { name: /^Заметка: видна только сотрудникам/ }).click();
    await oleg.keyboard.type('клиентка просит перезвонить');
    await oleg.keyboard.press('Enter');
    await olga.getByRole('log').getByText('клиентка просит перезвонить').waitFor();
    telegram.say(ANN, 'а какая ставка по вкладу?');
    await olga.getByRole('log').getByText('а какая ставка по вкладу?').waitFor();
    expect(telegram.saidTo(ANN)).toHaveLength(before);
  });

  it('loses nothing over a reload, and breaks no rule of the page', async () => {
    await olga.getByLabel(/^Ответ клиенту/).fill('не отправлено');
    await olga.reload();
    await olga.getByRole('log').getByText('а какая ставка по вкладу?').waitFor();
    expect(await olga.getByLabel(/^Ответ клиенту/).inputValue()).toBe('не отправлено');
    await olga.getByLabel(/^Ответ клиенту/).fill('');
    expect(await axeFindings(olga)).toEqual([]);
    expect([...faultsOf(olga), ...faultsOf(oleg)]).toEqual([]);
  });

  it('gives the conversation back to the bot, and the bot answers again', async () => {
    const before = telegram.saidTo(ANN).length;
    await button(olga, 'Вернуть боту').click();
    await olga.getByText('Отвечает бот').first().waitFor();
    telegram.say(ANN, 'какой курс доллара?');
    await telegram.hears(ANN, before + 1, 20_000);
    await olga.getByRole('log').getByText('какой курс доллара?').waitFor();
  });

  it('closes a conversation that was taken from the bot', async () => {
    await button(olga, 'Взять').click();
    await button(olga, 'Завершить').click();
    await olga.getByText('Диалог завершён').first().waitFor();
    await olga.getByRole('navigation').getByRole('button', { name: 'Архив' }).click();
    await olga.getByRole('option').first().waitFor();
  });

  it('finds what was said and noted in any inflection, opens it, and gives the list back', async () => {
    const box = olga.getByRole('searchbox', { name: 'Найти в сообщениях' });
    const hits = olga.getByRole('listbox', { name: 'Найденные сообщения' }).getByRole('option');
    // What is new is indexed some seconds later.
    await soon(async () => {
      const query = new URLSearchParams({ q: 'перезвонила' });
      const found = await olga.request.get(`${hub.url}/api/v1/search?${query}`);
      expect((await found.json()).hits).toHaveLength(1);
    });
    await olga.goto(`${hub.url}/window/desk`);
    await olga.getByText('Очередь пуста').waitFor();
    await box.fill('перезвонила');
    await hits.getByText('Заметка:').waitFor();
    expect(await hits.locator('mark').allInnerTexts()).toEqual(['перезвонить']);
    expect(await axeFindings(olga)).toEqual([]);
    await box.press('ArrowDown');
    await olga.keyboard.press('Enter');
    await olga.getByRole('log').getByText('клиентка просит перезвонить').waitFor();
    expect(await hits.getAttribute('aria-selected')).toBe('true');

    await hits.press('Escape');
    await olga.getByText('Очередь пуста').waitFor();
    expect(await box.inputValue()).toBe('');
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('says where nothing was found or the search failed, and shows more when asked', async () => {
    const box = olga.getByRole('searchbox');
    const marks = olga.getByRole('option').locator('mark');
    await box.fill('щщщщщщщщ');
    await olga.getByText('Ничего не нашлось').waitFor();
    const searches = /\/api\/v1\/search\?/;
    await olga.route(searches, (route) => route.abort());
    await box.fill('сотрудниками');
    await olga.getByText('Поиск не удался').waitFor();
    expect(await axeFindings(olga)).toEqual([]);
    await olga.unroute(searches);
    // The hub's own pages, only shorter.
    await olga.route(searches, (route) => route.continue({ url: `${route.request().url()}&limit=1` }));
    await button(olga, 'Повторить').click();
    await soon(async () => expect(await marks.count()).toBe(1));
    await button(olga, 'Показать ещё').click();
    await soon(async () => expect(await marks.count()).toBe(2));
    expect(new Set(await marks.allInnerTexts())).toContain('сотрудника');
    await olga.unroute(searches);
    expect(faultsOf(olga)).toEqual([]);
  });

  it(
    'lets exactly one of two who press at once have a conversation, each time anew',
    async () => {
      const people = [olga, oleg];
      for (const page of people) await page.goto(`${hub.url}/window/desk`);
      for (let client = 1; client <= 8; client++) {
        telegram.say(ANN + client, 'позовите сотрудника');
        for (const page of people) await waiting(page).click();
        await pressAtOnce(people, 'Взять');
        await Promise.all(people.map((page) => waiting(page).waitFor({ state: 'detached' })));
        await soon(async () => {
          const closing = people.map((page) => button(page, 'Завершить').isVisible());
          expect((await Promise.all(closing)).filter(Boolean)).toHaveLength(1);
        });
      }
      expect([...faultsOf(olga), ...faultsOf(oleg)]).toEqual([]);
    },
    LONG_MS,
  );
});
