import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import type { Browser, Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import {
  chatFrame,
  createPages,
  expectAccessible,
  fitsWidth,
  hasBrowser,
  inEachLook,
  LOOKS,
  launchBrowser,
  openChat,
  type Pages,
} from './browser.ts';

// Two cores may be shared by many.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const PAGE_DIR = join(import.meta.dirname, '../../config/demo/page');

let browser: Browser;
/** Of the site that is looked at, a place without a chat. */
let plain = '';
let pages: Pages;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await launchBrowser();
  pages = createPages(browser, () => plain);
});
afterAll(() => browser?.close());
afterEach(() => pages?.leave());

async function ask(chat: Frame, text: string): Promise<void> {
  await chat.locator('textarea').fill(text);
  await chat.locator('textarea').press('Enter');
}

describe.skipIf(!hasBrowser)('the demo bank’s page, on the real hub', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({ demo: 'bank' });
    plain = `${hub.url}/widget.js`;
  });
  afterAll(() => hub?.stop());

  it('lets a client who is not signed in confirm with the code that it shows', async () => {
    const { page, complaints } = await pages.open(hub.url);
    const chat = await openChat(page);
    await ask(chat, 'Сколько у меня на текущем счёте?');
    const code = page.locator('#code-list code').first();
    await code.waitFor();
    await ask(chat, (await code.textContent()) ?? '');
    await chat.locator('.theirs .said', { hasText: '₽' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('makes a client who signs in known to the bot, over a reload too, and forgets them on signing out', async () => {
    const { page, complaints } = await pages.open(hub.url);
    const chat = await openChat(page);
    await page.getByRole('button', { name: 'Войти как клиент' }).click();
    await page.getByText('Анна Соколова').waitFor();
    await ask(chat, 'Сколько у меня на текущем счёте?');
    await chat.locator('.theirs .said', { hasText: '₽' }).waitFor();
    await page.reload();
    const again = await chatFrame(page);
    await page.getByText('Анна Соколова').waitFor();
    await again.locator('.theirs .said', { hasText: '₽' }).waitFor();
    await page.getByRole('button', { name: 'Выйти' }).click();
    await expect.poll(() => again.locator('.said').count(), { timeout: 20_000 }).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('calls a person in one press, in both languages', async () => {
    const { page } = await pages.open(hub.url);
    const chat = await openChat(page);
    await chat.getByRole('button', { name: 'Позвать сотрудника' }).click();
    await chat.locator('.theirs .said', { hasText: /сотрудник/i }).waitFor();
    const { page: english } = await pages.open(hub.url, { locale: 'en' });
    const other = await openChat(english);
    await other.getByRole('button', { name: 'Talk to a person' }).click();
    await other.locator('.theirs .said', { hasText: /person/i }).waitFor();
  });

  it.each(LOOKS)(
    'is without violations and cuts nothing off, light and dark: $sizes, $locale',
    async (look) => {
      const { sizes, locale } = look;
      const { page, complaints } = await pages.open(hub.url, { size: sizes[0], locale });
      await page.locator('.launcher').waitFor();
      await page.locator('#sign-in').waitFor();
      await page.locator('#codes').waitFor();
      await inEachLook(page, sizes, async (shown) => {
        await expectAccessible(page, shown);
        expect(await fitsWidth(page), shown).toBe(true);
      });
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);
      expect(complaints).toEqual([]);
    },
  );

  it('changes its language and the chat’s', async () => {
    const { page } = await pages.open(hub.url);
    const chat = await openChat(page);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'What you can ask' }).waitFor();
    await chat.getByText('This is the bank’s assistant bot').waitFor();
  });
});

describe.skipIf(!hasBrowser)('the pages at /', () => {
  // The browser, which outlives it, keeps connections on which it has asked nothing yet.
  const app = fastify({ forceCloseConnections: true });
  let url = '';
  beforeAll(async () => {
    await app.register(fastifyStatic, { root: PAGE_DIR, prefix: '/home/' });
    app.get('/', (_request, reply) => reply.sendFile('index.html', PAGE_DIR));
    app.get('/plain', (_request, reply) => reply.sendFile('what-runs-here.html', PAGE_DIR));
    await app.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    plain = `${url}/plain`;
  });
  afterAll(() => app.close());

  it('hide what the hub does not offer: signing in, and codes', async () => {
    const { page } = await pages.open(url);
    await page.waitForLoadState('networkidle');
    await page.getByRole('heading', { name: 'Что можно спросить' }).waitFor();
    for (const part of ['#client', '#identity', '#codes'])
      expect(await page.locator(part).isVisible()).toBe(false);
  });

  it.each(['light', 'dark'] as const)(
    'say what runs here where there is no demo: %s',
    async (colorScheme) => {
      const { page, complaints } = await pages.open(`${url}/plain`, { size: 'phone', colorScheme });
      await page.getByText('Здесь работает Okno').waitFor();
      await page.getByText('Okno runs here').waitFor();
      await expectAccessible(page);
      expect(await fitsWidth(page)).toBe(true);
      expect(complaints).toEqual([]);
    },
  );
});
