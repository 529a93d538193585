import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import { axeFindings, faultsOf, hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { fillDesk } from './sample-desk.ts';
import { soon } from './soon.ts';

const MANY = 700;
const FAR = 'Рубиновая жемчужина в начале';

let bench: WindowBench;
let ids: ReturnType<typeof fillDesk>;
let long: string;
let far: number;
let page: Page;
beforeAll(async () => {
  bench = await openBench();
  const { state } = bench.server;
  ids = fillDesk(state, PEOPLE.operator, PEOPLE.operator2);
  long = state.open({ contact: { id: PEOPLE.reader.id, name: 'Болтун', evidence: 'claimed' } });
  for (let number = 0; number < MANY; number++) {
    const text = `№${number} ${'слово '.repeat(number % 30)}`;
    if (number === 12) far = state.clientSays(long, FAR);
    else if (number % 3 === 0) state.botSays(long, text);
    else state.clientSays(long, text);
  }
  page = await bench.open();
  await bench.signIn(page, '/window/desk?view=all');
});
afterEach(() => bench.server.faults.clear());
afterAll(() => bench.stop());

const box = () => page.getByRole('searchbox', { name: 'Найти в сообщениях' });
const hits = () => page.getByRole('listbox', { name: 'Найденные сообщения' }).getByRole('option');
const marked = () => page.getByRole('log').locator('[aria-current=location]');

/** The marked message has the focus and is wholly in sight. */
async function isInSight(text: string): Promise<void> {
  await marked().getByText(text).waitFor();
  await soon(async () => {
    const place = await marked().evaluate((line) => {
      const log = line.closest('[role=log]')?.getBoundingClientRect();
      const { top, bottom } = line.getBoundingClientRect();
      return {
        isFocused: document.activeElement === line,
        isInside: log !== undefined && top >= log.top && bottom <= log.bottom,
      };
    });
    expect(place).toEqual({ isFocused: true, isInside: true });
  });
}

describe.skipIf(!hasBrowser)('what was found', () => {
  it('opens at its message, however far back, by keyboard alone', async () => {
    await box().fill('жемчужина');
    await hits().first().waitFor();
    await box().press('ArrowDown');
    await page.keyboard.press('Enter');
    await isInSight(FAR);
    expect(await hits().first().getAttribute('aria-selected')).toBe('true');
    expect(await axeFindings(page)).toEqual([]);
  });

  it('opens the fold around its message, which can be closed again', async () => {
    await box().fill('Ирина Ким');
    await hits().filter({ hasText: 'Пётр Ким' }).first().click();
    await isInSight('Ирина Ким');
    await page.getByRole('button', { name: 'Скрыть диалог с ботом' }).click();
    await page.getByRole('button', { name: /Показать диалог с ботом/ }).waitFor();
    expect(await marked().count()).toBe(0);
  });

  it('goes from message to message of one conversation', async () => {
    await page.goto(`${bench.server.url}/window/desk/${ids.mine}?view=mine`);
    await box().fill('накопительному');
    await soon(async () => expect(await hits().count()).toBe(2));
    await hits().nth(0).click();
    await isInSight('процент по накопительному!!');
    await hits().nth(1).click();
    await isInSight('Почему по накопительному счёту другой процент?');
  });

  it('is a link: it opens there after a reload, and says so when the way back fails', async () => {
    bench.server.faults.add({ on: /before=/, what: { status: 503, code: 'store-away' } });
    await page.goto(`${bench.server.url}/window/desk/${long}?view=all&message=${far}`);
    await page.getByText('Найденное сообщение не загрузилось.').waitFor();
    expect(await marked().count()).toBe(0);
    bench.server.faults.clear();
    await page.getByRole('button', { name: 'Повторить' }).click();
    await isInSight(FAR);
    await page.goto(`${bench.server.url}/window/desk/${long}?view=all&message=nonsense`);
    await page
      .getByText(`№${MANY - 1}`)
      .first()
      .waitFor();
    expect(await marked().count()).toBe(0);
  });

  it('says that more did not load, keeps what it has, and loads when asked again', async () => {
    await box().fill('слово');
    await soon(async () => expect(await hits().count()).toBe(30));
    bench.server.faults.add({ on: /search.*before=/, what: { status: 503, code: 'store-away' } });
    await page.getByRole('button', { name: 'Показать ещё' }).click();
    await page.getByRole('alert').getByText('Дальше не загрузилось').waitFor();
    expect(await hits().count()).toBe(30);
    expect(await axeFindings(page)).toEqual([]);
    bench.server.faults.clear();
    await page.getByRole('button', { name: 'Повторить' }).click();
    await soon(async () => expect(await hits().count()).toBe(60));
    expect(await page.getByText('Дальше не загрузилось').count()).toBe(0);
    expect(faultsOf(page)).toEqual([]);
  });
});
