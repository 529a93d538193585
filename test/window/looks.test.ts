import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import {
  axeFindings,
  faultsOf,
  hasBrowser,
  isOverflowing,
  openBench,
  type WindowBench,
} from './open-window.ts';
import { fillDesk } from './sample-desk.ts';
import { soon } from './soon.ts';

let bench: WindowBench;
let ids: ReturnType<typeof fillDesk>;
let page: Page;
beforeAll(async () => {
  bench = await openBench();
  page = await bench.open();
  ids = fillDesk(bench.server.state, PEOPLE.operator, PEOPLE.operator2);
});
afterEach(() => bench.server.faults.clear());
afterAll(() => bench.stop());

/** Every state of the pages that can be looked at, by its name. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  async 'the sign-in with an error'(page) {
    await page.goto(`${bench.server.url}/window/sign-in`);
    await page.locator('input[name=email]').fill('nobody@demo.bank');
    await page.locator('input[name=password]').fill('x');
    await page.keyboard.press('Enter');
    await page.getByText(/Неверная почта|Wrong e-mail/).waitFor();
  },
  async 'the queue with nothing open'(page) {
    await bench.signIn(page, '/window/desk?view=queue');
    await page.getByRole('option').first().waitFor();
  },
  async 'an empty view'(page) {
    await bench.signIn(page, '/window/desk?view=mine', 'reader');
    await page.getByText(/У вас нет диалогов|You have no conversations/).waitFor();
  },
  async 'a list that did not load'(page) {
    bench.server.faults.add({ on: /conversations\?/, what: { status: 503, code: 'store-away' } });
    await bench.signIn(page);
    await page.getByRole('alert').waitFor();
  },
  async 'a list that is loading'(page) {
    bench.server.faults.add({ on: /conversations/, what: 'hang' });
    await bench.signIn(page, `/window/desk/${ids.mine}`);
    await page.locator('[aria-busy=true]').first().waitFor();
  },
  async 'a conversation of mine, with a failed reply'(page) {
    bench.server.faults.add({ on: /messages/, what: { status: 409, code: 'not-yours' } });
    await bench.signIn(page, `/window/desk/${ids.mine}?view=mine`);
    await page.locator('#composer-reply').fill('Это не дойдёт');
    await page.keyboard.press('Enter');
    await page.locator('[data-state=failed]').waitFor();
  },
  async 'a note being written'(page) {
    await bench.signIn(page, `/window/desk/${ids.mine}?view=mine`);
    await page.locator('#composer-reply').waitFor();
    await page.keyboard.press('Alt+KeyP');
    await page.keyboard.type('Проверить ставку');
  },
  async 'what a message is about being asked'(page) {
    await bench.signIn(page, `/window/desk/${ids.mine}?view=mine`);
    await page
      .getByRole('button', { name: /О чём сообщение|What the message/ })
      .last()
      .click();
    await page.getByRole('option', { name: /Курс валют|Exchange rate/ }).waitFor();
  },
  async 'a waiting conversation with its fold open'(page) {
    await bench.signIn(page, `/window/desk/${ids.transfer}?view=queue`);
    await page.getByRole('button', { name: /Показать диалог с ботом|Show the dialogue/ }).click();
  },
  async 'a conversation of a colleague'(page) {
    await bench.signIn(page, `/window/desk/${ids.colleagues}?view=all`);
    await page.getByRole('log').locator('[data-from]').first().waitFor();
  },
  async 'a closed conversation'(page) {
    await bench.signIn(page, `/window/desk/${ids.closed}?view=closed`);
    await page.getByRole('log').locator('[data-from]').first().waitFor();
  },
  async 'a conversation that is not there'(page) {
    await bench.signIn(page, '/window/desk/00000000-0000-7000-8000-00000000dead');
    await page.getByRole('alert').first().waitFor();
  },
  async 'a page that is not there'(page) {
    await bench.signIn(page, '/window/nowhere');
    await page.getByText(/Такой страницы нет|There is no such page/).waitFor();
  },
  async 'a part for other roles'(page) {
    await bench.signIn(page, '/window/training');
    await page.getByText(/редактор сценариев и администратор|script admin and admin/).waitFor();
    await page.getByRole('link', { name: /К диалогам|To the conversations|To conversations/ }).waitFor();
  },
  async 'the palette'(page) {
    await bench.signIn(page, `/window/desk/${ids.mine}?view=mine`);
    await page.getByRole('log').waitFor();
    await page.keyboard.press('Control+KeyK');
    await page.getByRole('combobox').fill('д');
  },
  async 'the sheet of keys'(page) {
    await bench.signIn(page, '/window/desk');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Shift+Slash');
    await page.getByRole('dialog').waitFor();
  },
  async 'the profile menu'(page) {
    await bench.signIn(page, '/window/desk');
    await page.getByRole('button', { name: /Профиль|Profile/ }).click();
    await page.getByRole('dialog').waitFor();
  },
  async 'a lost connection'(page) {
    await bench.signIn(page, '/window/desk');
    await page.getByRole('option').first().waitFor();
    bench.server.cutLive(true);
    await page.getByText(/Связь потеряна|Connection lost/).waitFor();
    bench.server.cutLive(false);
  },
};

describe.skipIf(!hasBrowser)('every state of the pages', () => {
  it.each(Object.keys(STATES))(
    '%s: axe finds nothing, light and dark; nothing is wider than the window',
    async (name) => {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.context().clearCookies();
      await STATES[name]?.(page);
      expect(await axeFindings(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await isOverflowing(page)).toBe(false);
      expect(faultsOf(page)).toEqual([]);
    },
  );

  it('in English too', async () => {
    await bench.renew(page);
    await page.evaluate(() => localStorage.setItem('okno.locale', 'en'));
    for (const name of [
      'the sign-in with an error',
      'a conversation of mine, with a failed reply',
      'the profile menu',
    ]) {
      await page.context().clearCookies();
      await STATES[name]?.(page);
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      bench.server.faults.clear();
      expect([name, await axeFindings(page), await isOverflowing(page)]).toEqual([name, [], false]);
    }
  });
});

describe.skipIf(!hasBrowser)('on a phone', () => {
  it('one pane is shown at a time, with a way back', async () => {
    await bench.renew(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await bench.signIn(page, '/window/desk?view=mine');
    await page.getByRole('option', { name: /Лидия/ }).click();
    await page.getByRole('log').waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await soon(async () => expect(await focused()).toBe('К списку'));
    expect(await page.getByRole('listbox').isVisible()).toBe(false);
    expect(await isOverflowing(page)).toBe(false);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'О клиенте' }).click();
    await page.getByRole('tab', { name: 'Кто' }).waitFor();
    expect(await page.getByRole('log').isVisible()).toBe(false);
    expect(await isOverflowing(page)).toBe(false);
    await soon(async () => expect(await focused()).toBe('Закрыть сведения'));
    await page.getByRole('button', { name: 'Закрыть сведения' }).click();
    await soon(async () => expect(await focused()).toBe('О клиенте'));
    await page.getByRole('button', { name: 'К списку' }).click();
    await page.getByRole('listbox').waitFor();
    await soon(async () => expect(await page.evaluate(() => document.activeElement?.role)).toBe('option'));
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)('with less motion asked for', () => {
  it('nothing moves by itself', async () => {
    await bench.renew(page);
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await bench.signIn(page, `/window/desk/${ids.mine}?view=mine`);
    await page.getByRole('log').waitFor();
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return `${transitionDuration},${animationDuration}`
            .split(',')
            .some((time) => Number.parseFloat(time) > 0);
        }).length,
    );
    expect(moving).toBe(0);
  });
});
