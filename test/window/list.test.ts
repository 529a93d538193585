import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import { hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { soon } from './soon.ts';

const QUEUE = { kind: 'queue', queue: 'main' } as const;
const MANY = 10_000;

let bench: WindowBench;
let page: Page;
beforeAll(async () => {
  bench = await openBench();
  page = await bench.open();
});
afterAll(() => bench.stop());

/** Waiting conversations, the first of which has waited longest. */
function fillQueue(count: number, from = 0): string[] {
  const { state } = bench.server;
  const start = Date.parse('2026-11-23T06:00:00.000Z');
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const id = state.open({
      contact: { id: PEOPLE.reader.id, name: `Клиент ${number}`, evidence: 'claimed' },
      owner: QUEUE,
      ownerSince: new Date(start + number * 1000).toISOString(),
    });
    state.clientSays(id, `сообщение ${number}`);
    return id;
  });
}

const options = (page: Page) => page.getByRole('option');
const names = async (page: Page) =>
  (await options(page).allInnerTexts()).map((text) => /Клиент \d+/.exec(text)?.[0]);

describe.skipIf(!hasBrowser)('the list', () => {
  it('says what will be here while nothing is, in each view', async () => {
    await bench.renew(page);
    await bench.signIn(page);
    for (const [view, text] of [
      ['Очередь', 'Очередь пуста'],
      ['Мои', 'У вас нет диалогов'],
      ['Все', 'Открытых диалогов нет'],
      ['Архив', 'Завершённых диалогов нет'],
    ] as const) {
      await page.getByRole('navigation').getByRole('button', { name: view }).click();
      await page.getByText(text).waitFor();
    }
  });

  it('says what happened where it did not load, and loads when asked again', async () => {
    bench.server.faults.add({ on: /GET .*conversations\?/, what: { status: 503, code: 'store-away' } });
    await bench.renew(page);
    await bench.signIn(page);
    await page.getByText('Список не загрузился').waitFor();
    await page.getByText('Хранилище недоступно').waitFor();
    bench.server.faults.clear();
    await page.getByRole('alert').getByRole('button', { name: 'Повторить' }).click();
    await page.getByText('Очередь пуста').waitFor();
  });

  it('shows a conversation that comes, and lets it go when somebody takes it', async () => {
    await bench.renew(page);
    await bench.signIn(page);
    await page.getByText('Очередь пуста').waitFor();
    const { state } = bench.server;
    await soon(() => expect(state.watchers.size).toBeGreaterThan(0));
    const id = state.open({ contact: { id: PEOPLE.reader.id, name: 'Клиент 7', evidence: 'claimed' } });
    state.clientSays(id, 'оператора!');
    state.own(id, QUEUE, 'asked');
    const row = page.getByRole('option', { name: /Клиент 7/ });
    await row.getByText('оператора!').waitFor();
    await row.getByText('Просит сотрудника').waitFor();
    state.clientSays(id, 'вы тут?');
    await row.getByText('вы тут?').waitFor();
    await row.getByText('2 сообщения без ответа').waitFor({ state: 'attached' });
    state.own(id, { kind: 'operator', operator: PEOPLE.operator2.id, name: PEOPLE.operator2.name }, 'taken');
    await page.getByText('Очередь пуста').waitFor();
  });
});

describe.skipIf(!hasBrowser)('a list of 10 000', () => {
  let ids: string[];
  const scroller = () => page.getByRole('listbox').locator('..');
  beforeAll(async () => {
    // With somebody connected every one of them would be told of.
    await bench.renew(page);
    await soon(() => expect(bench.server.state.watchers.size).toBe(0));
    ids = fillQueue(MANY, 1000);
    await bench.signIn(page);
    await options(page).first().waitFor();
  });

  it('has fewer than 60 rows in the document, wherever it is scrolled to', async () => {
    for (let reached = 0; reached < 2000; ) {
      expect(await options(page).count()).toBeLessThan(60);
      const height = await scroller().evaluate((element) => {
        element.scrollTop = element.scrollHeight;
        return element.scrollHeight;
      });
      // The next page makes it longer.
      await soon(async () =>
        expect(await scroller().evaluate((element) => element.scrollHeight)).toBeGreaterThan(height),
      );
      reached = Math.round(height / 76);
    }
    expect(await options(page).count()).toBeLessThan(60);
  });

  it('does not move what is in sight when something comes or goes above', async () => {
    await scroller().evaluate((element) => {
      element.scrollTop = 76 * 500 + 10;
    });
    const inSight = async () => {
      const top = (await scroller().boundingBox())?.y ?? 0;
      const boxes = await options(page).evaluateAll((rows) =>
        rows.map((row) => ({ id: row.id, y: row.getBoundingClientRect().y })),
      );
      return boxes
        .filter(({ y }) => y >= top)
        .slice(0, 5)
        .map(({ id, y }) => `${id} ${Math.round(y)}`);
    };
    await soon(async () => expect((await inSight())[0]).toContain(ids[501]));
    const before = await inSight();
    const { state } = bench.server;
    const early = state.open({ owner: QUEUE, ownerSince: '2026-11-22T06:00:00.000Z' });
    state.clientSays(early, 'я ждал дольше всех');
    for (const id of ids.slice(100, 103)) state.own(id, { kind: 'bot' }, 'returned');
    const count = state.counts(PEOPLE.operator).queue;
    await page
      .getByRole('navigation')
      .getByRole('button', { name: `Очередь ${count}` })
      .waitFor();
    await soon(async () => expect(await inSight()).toEqual(before));
  });

  it('keeps its rows and its place over a lost connection', async () => {
    const height = await scroller().evaluate((element) => element.scrollHeight);
    const before = await names(page);
    bench.server.cutLive();
    await soon(() => expect(bench.server.state.watchers.size).toBe(1));
    await soon(async () => expect(await names(page)).toEqual(before));
    expect(await scroller().evaluate((element) => element.scrollHeight)).toBe(height);
  });

  it('is walked with the arrows, and Enter opens', async () => {
    await scroller().evaluate((element) => {
      element.scrollTop = 0;
    });
    await options(page).first().focus();
    for (let step = 0; step < 12; step += 1) await page.keyboard.press('ArrowDown');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-posinset'));
    await soon(async () => expect(await focused()).toBe('13'));
    await page.keyboard.press('PageDown');
    await soon(async () => expect(await focused()).toBe('21'));
    await page.keyboard.press('Home');
    await soon(async () => expect(await focused()).toBe('1'));
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: /^Диалог: / }).waitFor();
    expect(await options(page).first().getAttribute('aria-selected')).toBe('true');
  });
});
