import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import { faultsOf, hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { fillDesk } from './sample-desk.ts';

let bench: WindowBench;
let ids: ReturnType<typeof fillDesk>;
let page: Page;
beforeAll(async () => {
  bench = await openBench();
  ids = fillDesk(bench.server.state, PEOPLE.operator, PEOPLE.operator2);
  page = await bench.open();
  await bench.signIn(page, `/window/desk/${ids.mine}?view=mine`);
});
afterAll(() => bench.stop());

const button = (text: string) => page.getByRole('button', { name: `О чём сообщение «${text}»` });
const bubble = (text: string) => page.getByRole('log').locator('[data-from=client]', { hasText: text });

describe.skipIf(!hasBrowser)('what a message is about', () => {
  it('is found by a few letters in the wrong layout and said by keyboard alone', async () => {
    await button('процент по накопительному!!').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'О чём это сообщение' });
    await dialog.getByText('процент по накопительному!!').waitFor();
    expect(await dialog.getByRole('option').allInnerTexts()).toEqual([
      'Остаток на счёте',
      'Курс валют',
      'Не к банку',
    ]);
    await page.keyboard.type('rehc');
    await page.keyboard.press('Enter');
    await bubble('процент по накопительному!!').getByText('О чём: Курс валют').waitFor();
    await dialog.waitFor({ state: 'hidden' });
  });

  it('stays in the dialog with what went wrong, and is taken back', async () => {
    await button('процент по накопительному!!').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('option', { name: 'Курс валют' }).getByText('сейчас').waitFor();
    bench.server.faults.add({ on: /label/, what: { status: 409, code: 'not-yours' }, times: 1 });
    await dialog.getByRole('option', { name: 'Убрать тему' }).click();
    await dialog.getByRole('alert').getByText('Тема не сохранилась.').waitFor();
    await dialog.getByRole('option', { name: 'Убрать тему' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await bubble('процент по накопительному!!').getByText('О чём:').count()).toBe(0);
  });

  it('is asked of the last message of the client from the palette', async () => {
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.type('о чём');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'О чём это сообщение' });
    await dialog.getByText('А если добавлю 50 000?').waitFor();
    await dialog.getByRole('combobox').fill('вклад');
    await dialog.getByText('Такой темы нет.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('is not asked of our messages, nor of those who only read', async () => {
    await page.getByRole('log').getByText('Добрый день! Смотрю ваш договор').waitFor();
    expect(await page.locator('[data-from=operator] [aria-label^="О чём"]').count()).toBe(0);
    await page.goto(`${bench.server.url}/window/desk/${ids.colleagues}?view=all`);
    await page.getByRole('log').locator('[data-from=client]').first().waitFor();
    expect(await page.locator('[aria-label^="О чём"]').count()).toBe(0);
    expect(faultsOf(page)).toEqual([]);
  });
});
