import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import { delivery } from './desk-state.ts';
import { faultsOf, hasBrowser, isOverflowing, openBench, type WindowBench } from './open-window.ts';
import { fillDesk } from './sample-desk.ts';
import { soon } from './soon.ts';

const ME = { kind: 'operator', operator: PEOPLE.operator.id, name: PEOPLE.operator.name } as const;
const MANY = 10_000;

let bench: WindowBench;
let ids: ReturnType<typeof fillDesk>;
let long: string;
let page: Page;
beforeAll(async () => {
  bench = await openBench();
  ids = fillDesk(bench.server.state, PEOPLE.operator, PEOPLE.operator2);
  long = fillLong();
  page = await bench.open();
});
afterAll(() => bench.stop());

function fillLong(): string {
  const { state } = bench.server;
  const id = state.open({
    owner: ME,
    contact: { id: PEOPLE.reader.id, name: 'Болтун', evidence: 'claimed' },
  });
  for (let number = 1; number <= MANY; number += 1) {
    const text = `№${number} ${'слово '.repeat(number % 40)}`;
    if (number % 3 === 0) state.operatorSays(id, PEOPLE.operator.name, text);
    else state.clientSays(id, text);
  }
  return id;
}

const log = () => page.getByRole('log');
const live = () => page.locator('[aria-live=polite]');

describe.skipIf(!hasBrowser)('the thread', () => {
  it('folds the dialogue with the bot and opens it on demand', async () => {
    await bench.signIn(page, `/window/desk/${ids.transfer}`);
    const fold = page.getByRole('button', { name: 'Показать диалог с ботом: 8 сообщений' });
    await fold.waitFor();
    expect(await log().getByText('Хочу перевести деньги').count()).toBe(0);
    await fold.click();
    await log().getByText('Хочу перевести деньги').waitFor();
    await page.getByRole('button', { name: 'Скрыть диалог с ботом' }).click();
    await fold.waitFor();
  });

  it('says what became of each message, and why it did not arrive', async () => {
    await page.goto(`${bench.server.url}/window/desk/${ids.mine}?view=mine`);
    await log().getByText('Не доставлено · клиент заблокировал бота').waitFor();
    await log().getByText('Доставлено', { exact: true }).waitFor({ state: 'attached' });
    const { state } = bench.server;
    const seq = state.operatorSays(ids.mine, PEOPLE.operator.name, 'проверка доставки', {
      delivery: delivery('due'),
    });
    const row = log().locator('[data-from=operator]', { hasText: 'проверка доставки' });
    await row.getByText('Отправляется').waitFor({ state: 'attached' });
    state.deliver(ids.mine, seq, { state: 'accepted' });
    await row.getByText('Отправлено').waitFor({ state: 'attached' });
    state.deliver(ids.mine, seq, { receipt: 'read', possiblyTwice: true });
    await row.getByText('Прочитано').waitFor({ state: 'attached' });
    await row.getByText('клиент мог получить дважды').waitFor();
  });

  it('says what a button does beside answering: which address it opens, what it asks for', async () => {
    await page.goto(`${bench.server.url}/window/desk/${ids.mine}?view=mine`);
    const { state } = bench.server;
    const content = [
      { kind: 'text' as const, text: 'Где вам удобнее?' },
      {
        kind: 'choices' as const,
        choices: [
          { id: 'a', text: 'В центре' },
          { id: 'l', kind: 'link' as const, text: 'Адреса', url: 'https://bank.example/offices' },
          { id: 's', kind: 'location' as const, text: 'Я здесь' },
        ],
      },
    ];
    state.operatorSays(ids.mine, PEOPLE.operator.name, '', { content });
    const row = log().locator('[data-from=operator]', { hasText: 'Где вам удобнее?' });
    await row.waitFor();
    expect(await row.getByRole('listitem').allTextContents()).toEqual([
      'В центре',
      'открывает адрес: Адреса · https://bank.example/offices',
      'просит место: Я здесь',
    ]);
    expect(faultsOf(page)).toEqual([]);
  });

  it('announces what is new and nothing else', async () => {
    expect(await log().getAttribute('aria-live')).toBe('off');
    bench.server.state.clientSays(ids.mine, 'новое сообщение клиента');
    await live().getByText('Лидия Орлова: новое сообщение клиента').waitFor({ state: 'attached' });
    expect(await live().innerText()).not.toContain('другой процент');
  });

  it('shows that the client is typing, until the message comes', async () => {
    bench.server.state.typing(ids.mine);
    await page.getByText('Лидия Орлова печатает…').waitFor();
    await page.getByRole('option').getByText('печатает…').waitFor();
    bench.server.state.clientSays(ids.mine, 'вот');
    await page.getByText('Лидия Орлова печатает…').waitFor({ state: 'hidden' });
  });

  it('says that a conversation is not there or did not load, and loads when asked again', async () => {
    await page.goto(`${bench.server.url}/window/desk/00000000-0000-7000-8000-00000000dead`);
    await page.getByText('Такого диалога нет.').first().waitFor();
    bench.server.faults.add({ on: /transcript/, what: { status: 500, code: 'internal' } });
    await page.goto(`${bench.server.url}/window/desk/${ids.mine}?view=mine`);
    await page.getByText('Диалог не загрузился').waitFor();
    bench.server.faults.clear();
    await page.getByRole('alert').getByRole('button', { name: 'Повторить' }).click();
    await log().getByText('вот', { exact: true }).waitFor();
  });

  it('marks a note so that nobody takes it for a reply', async () => {
    const note = log().locator('div', { hasText: 'Ставка менялась 1 ноября' }).last();
    await note.scrollIntoViewIfNeeded();
    await log().getByText('видна только сотрудникам').first().waitFor();
  });
});

describe.skipIf(!hasBrowser)('a short thread', () => {
  it('keeps the end in sight while the place to write grows, and offers no way to where it is', async () => {
    const end = () => log().getByText('вот', { exact: true });
    await page.goto(`${bench.server.url}/window/desk/${ids.mine}?view=mine`);
    await end().waitFor();
    await page.locator('#composer-reply').fill('строка\n'.repeat(12));
    await soon(async () => {
      const [line, window] = [await end().boundingBox(), await log().boundingBox()];
      expect((line?.y ?? 0) + (line?.height ?? 0)).toBeLessThanOrEqual(
        (window?.y ?? 0) + (window?.height ?? 0),
      );
    });
    expect(await page.getByRole('button', { name: 'К новым сообщениям' }).count()).toBe(0);
    await page.locator('#composer-reply').fill('');
  });
});

describe.skipIf(!hasBrowser)('a thread of 10 000 messages', () => {
  beforeAll(async () => {
    await page.goto(`${bench.server.url}/window/desk/${long}?view=mine`);
    await log().getByText(`№${MANY} `).waitFor();
  });
  const distanceFromEnd = () =>
    log().evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);

  it('begins at what has no answer', async () => {
    await log().getByText('Без ответа').waitFor();
    await log().getByText(`№${MANY} `).waitFor();
  });

  it('keeps what is read in its place while older pages come in', async () => {
    const place = (text: string) =>
      log()
        .locator('[data-from]', { hasText: text })
        .evaluate((line) => Math.round(line.getBoundingClientRect().y));
    let release: () => void = () => undefined;
    await page.route(/before=/, async (route) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await route.continue();
    });
    for (let round = 0; round < 4; round += 1) {
      const height = await log().evaluate((element) => {
        element.scrollTop = 200;
        return element.scrollHeight;
      });
      await page.getByText('Загружаем раньше…').waitFor();
      const inSight = await soon(async () => {
        const found = await log().evaluate((element) => {
          const top = element.getBoundingClientRect().top + 100;
          const lines = [...element.querySelectorAll('[data-from]')];
          const line = lines.find((each) => each.getBoundingClientRect().top > top);
          return line && line.getBoundingClientRect().top < top + 200 ? line.textContent : null;
        });
        const text = /№\d+ /.exec(found ?? '')?.[0];
        if (!text) throw new Error('nothing is drawn yet');
        return text;
      });
      const before = await place(inSight);
      release();
      await soon(async () =>
        expect(await log().evaluate((element) => element.scrollHeight)).toBeGreaterThan(height + 1000),
      );
      expect(Math.abs((await place(inSight)) - before)).toBeLessThanOrEqual(1);
      expect(await log().locator('[data-from]').count()).toBeLessThan(60);
    }
    await page.unroute(/before=/);
    release();
  });

  it('reads older pages when asked again after a failure', async () => {
    bench.server.faults.add({ on: /before=/, what: { status: 503, code: 'store-away' } });
    await page.goto(`${bench.server.url}/window/desk/${long}?view=mine`);
    await log().locator('[data-from]').first().waitFor();
    await log().evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.getByText('Раньше не загрузилось').waitFor();
    bench.server.faults.clear();
    await log().getByRole('button', { name: 'Повторить' }).click();
    await page.getByText('Раньше не загрузилось').waitFor({ state: 'hidden' });
  });

  it('does not pull a reader down when something comes, and offers the way', async () => {
    const before = await log().evaluate((element) => element.scrollTop);
    bench.server.state.clientSays(long, 'это последнее');
    await page.getByRole('button', { name: '1 новое' }).waitFor();
    expect(await log().evaluate((element) => element.scrollTop)).toBe(before);
    await page.getByRole('button', { name: '1 новое' }).click();
    await log().getByText('это последнее').waitFor();
    await soon(async () => expect(await distanceFromEnd()).toBeLessThan(5));
  });

  it('follows what comes while it is at the end', async () => {
    for (const text of ['раз', 'два', 'три '.repeat(100)]) bench.server.state.clientSays(long, text);
    await log().getByText('три три').waitFor();
    await soon(async () => expect(await distanceFromEnd()).toBeLessThan(5));
  });
});

describe.skipIf(!hasBrowser)('what a client writes', () => {
  it('can never become markup, script or a request', async () => {
    const { state } = bench.server;
    const evil =
      '<img src=x onerror="document.title=1"><script>document.title=2</script><a href="javascript:document.title=3">x</a>{{t}} $t(retry)';
    const id = state.open({
      owner: ME,
      contact: { id: PEOPLE.reader.id, name: evil, evidence: 'claimed' },
      history: [],
      channel: evil,
    });
    state.clientSays(id, evil);
    state.botSays(id, evil, [evil]);
    state.add(id, {
      type: 'message',
      from: 'client',
      channel: evil,
      content: [{ kind: 'unsupported', what: evil }],
      erased: false,
    });
    state.add(id, { type: 'note', by: evil, text: evil });
    state.add(id, { type: 'line', what: 'action.completed', detail: { name: evil, code: evil } });
    state.explain(id, {
      reason: evil,
      summary: evil,
      intent: evil,
      slots: [{ name: 'x', title: evil, value: evil }],
      misses: [evil],
      steps: [{ script: evil, step: evil, outcome: evil }],
    });
    state.typing(id);
    await page.goto(`${bench.server.url}/window/desk/${id}?view=mine`);
    await log().getByText(evil).first().waitFor();
    for (const tab of ['Кто', 'Что', 'История']) await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('tab', { name: 'Что' }).click();
    await page.getByRole('complementary').getByText(evil).first().waitFor();
    expect(await page.locator('img[src=x], a[href^=javascript]').count()).toBe(0);
    expect(await page.title()).toMatch(/Okno$/);
    expect(faultsOf(page)).toEqual([]);
  });

  it('does not break out of its place, however long or strange', async () => {
    const { state } = bench.server;
    const strange = [
      'x'.repeat(100_000),
      '👨‍👩‍👧‍👦'.repeat(500),
      'مرحبا بكم '.repeat(200),
      '\u202e\u2066перевёрнутый',
      'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞'.repeat(20),
      'строка\n'.repeat(500),
      '\ud800 одинокий суррогат',
    ];
    const id = state.open({
      owner: ME,
      contact: { id: PEOPLE.reader.id, name: 'Ы'.repeat(500), evidence: 'claimed' },
    });
    for (const text of strange) state.clientSays(id, text);
    state.add(id, { type: 'note', by: 'Н'.repeat(300), text: 'N'.repeat(50_000) });
    state.explain(id, {
      summary: 'S'.repeat(5000),
      slots: [{ name: 'x', title: 'T'.repeat(200), value: 'V'.repeat(500) }],
      misses: ['M'.repeat(500)],
    });
    for (const width of [360, 1366, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${bench.server.url}/window/desk/${id}?view=mine`);
      await log().locator('[data-from]').first().waitFor();
      expect(await isOverflowing(page)).toBe(false);
      const tooWide = await log().evaluate((element) => element.scrollWidth > element.clientWidth);
      expect(tooWide).toBe(false);
    }
    await page.setViewportSize({ width: 1366, height: 768 });
    await log().evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.getByRole('button', { name: /Показать целиком, 100\s000 знаков/ }).click();
    await page.getByRole('button', { name: 'Свернуть' }).waitFor();
    expect(faultsOf(page)).toEqual([]);
  });
});
