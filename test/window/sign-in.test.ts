import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, PEOPLE } from './desk-server.ts';
import { hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { fillDesk } from './sample-desk.ts';

let bench: WindowBench;
let ids: ReturnType<typeof fillDesk>;
let page: Page;
beforeAll(async () => {
  bench = await openBench();
  ids = fillDesk(bench.server.state, PEOPLE.operator, PEOPLE.operator2);
  page = await bench.open();
});
beforeEach(async () => {
  await page.emulateMedia({ colorScheme: 'light' });
  await bench.renew(page);
});
afterEach(() => {
  bench.server.faults.clear();
  bench.server.demo = true;
});
afterAll(() => bench.stop());

const at = (path: string) => bench.server.url + path;

describe.skipIf(!hasBrowser)('signing in', () => {
  it('is in Russian first, and a press on a demo login is enough', async () => {
    await page.goto(at('/window/'));
    await page.getByRole('heading', { name: 'Вход для сотрудников' }).waitFor();
    await page.getByText('Это демонстрация').waitFor();
    await page.getByRole('button', { name: 'operator@demo.bank' }).click();
    await page.getByRole('listbox', { name: 'Диалоги: Очередь' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/window/desk');
  });

  it('comes back to the address that was asked for', async () => {
    await page.goto(at(`/window/desk/${ids.transfer}?view=all`));
    await page.getByLabel('Почта').fill(PEOPLE.operator.email);
    await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Диалог: Пётр Ким' }).waitFor();
    expect(page.url()).toBe(at(`/window/desk/${ids.transfer}?view=all`));
  });

  it('leads nowhere else, whatever the address asks', async () => {
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      await page.context().clearCookies();
      await page.goto(at(`/window/sign-in?next=${encodeURIComponent(next)}`));
      await page.getByRole('button', { name: 'operator@demo.bank' }).click();
      await page.getByRole('listbox').waitFor();
      expect(page.url()).toContain(at('/window/desk'));
    }
  });

  it('says what is wrong, and keeps what was typed', async () => {
    await page.goto(at('/window/sign-in'));
    await page.getByLabel('Почта').fill(PEOPLE.operator.email);
    await page.getByLabel('Пароль', { exact: true }).fill('guess');
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByText('Неверная почта или пароль.').waitFor();
    expect(await page.getByLabel('Пароль', { exact: true }).inputValue()).toBe('guess');
    bench.server.faults.add({
      on: /POST .*session/,
      what: { status: 429, code: 'too-many-attempts', retryAfterS: 300 },
    });
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByText('Слишком много попыток. Попробуйте через 5 мин.').waitFor();
    bench.server.faults.clear();
    bench.server.faults.add({ on: /POST .*session/, what: 'cut' });
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByText('Нет связи с сервером').waitFor();
  });

  it('shows no logins where there is no demo', async () => {
    bench.server.demo = false;
    const asked = page.waitForResponse(/\/api\/v1\/demo/);
    await page.goto(at('/window/sign-in'));
    await asked;
    await page.getByLabel('Почта').waitFor();
    expect(await page.getByText('демонстрация').count()).toBe(0);
  });

  it('remembers the language that was chosen', async () => {
    await page.goto(at('/window/sign-in'));
    await page.getByText('English').click();
    await page.getByRole('heading', { name: 'Staff sign-in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Staff sign-in' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('takes the appearance of the system until another is chosen', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(at('/window/sign-in'));
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByText('Как в системе').waitFor();
    expect(await ground()).toBe('rgb(18, 21, 25)');
    await page.getByText('Светлое').click();
    await page.reload();
    await page.getByText('Как в системе').waitFor();
    expect(await ground()).toBe('rgb(243, 244, 246)');
  });

  it('is asked for again where the session ended, and the draft waits', async () => {
    await bench.signIn(page, `/window/desk/${ids.mine}?view=mine`);
    await page.getByLabel('Ответ клиенту · Telegram').fill('недописанное');
    bench.server.endSessions();
    await page.getByRole('heading', { name: 'Вход для сотрудников' }).waitFor();
    await page.getByRole('button', { name: 'operator@demo.bank' }).click();
    await page.getByRole('region', { name: 'Диалог: Лидия Орлова' }).waitFor();
    expect(await page.getByLabel('Ответ клиенту · Telegram').inputValue()).toBe('недописанное');
  });

  it('ends with signing out', async () => {
    await bench.signIn(page);
    await page.getByRole('button', { name: 'Профиль' }).click();
    await page.getByRole('button', { name: 'Выйти' }).click();
    await page.getByRole('heading', { name: 'Вход для сотрудников' }).waitFor();
    await page.goto(at('/window/desk'));
    await page.getByRole('heading', { name: 'Вход для сотрудников' }).waitFor();
  });

  it('says it where the hub is away, and opens once it is back', async () => {
    bench.server.faults.add({ on: /GET .*session/, what: { status: 503, code: 'store-away' } });
    await bench.signIn(page);
    await page.getByText('Окно не открылось').waitFor();
    bench.server.faults.clear();
    await page.getByRole('button', { name: 'Повторить' }).click();
    await page.getByRole('listbox').waitFor();
  });
});
