import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from 'vitest';
import { builtPages } from '../fixtures/built.ts';
import { startBankPage } from './bank-page.ts';
import { createPages, hasBrowser, type Look, launchBrowser, type Pages } from './browser.ts';
import { ChatServer } from './chat-server.ts';

export const inBrowser = describe.skipIf(!hasBrowser);

export let hub: ChatServer;
export let bank: Awaited<ReturnType<typeof startBankPage>>;
export let browser: Browser;
let pages: Pages;
let complaints: string[] = [];

/** Starts the bank's page, the hub behind its chat and a browser for the tests of a file; complaints of a page fail its test. */
export function startStage(): void {
  // Two cores may be shared by many.
  vi.setConfig({ testTimeout: 90_000 });
  beforeAll(async () => {
    if (!hasBrowser) return;
    hub = await ChatServer.start(await builtPages('widget'));
    bank = await startBankPage(hub.url);
    browser = await launchBrowser();
    pages = createPages(browser, () => `${hub.url}/widget.js`);
  });
  afterAll(async () => {
    await browser?.close();
    await bank?.stop();
    await hub?.stop();
  });
  beforeEach(() => hub.forget());
  afterEach(async () => {
    const found = [...complaints];
    await pages?.leave();
    expect(found).toEqual([]);
  });
}

export function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 20_000 });
}

/** What a page of the test complains of fails it. */
export function heed(found: string[]): void {
  complaints = found;
}

export async function open(look: Look = {}, more = ''): Promise<Page> {
  const opened = await pages.open(`${bank.url}?lang=${look.locale ?? 'ru'}${more}`, look);
  heed(opened.complaints);
  await opened.page.locator('.launcher').waitFor({ state: 'attached' });
  return opened.page;
}

export async function write(chat: Frame, text: string): Promise<void> {
  await chat.locator('textarea').fill(text);
  await chat.locator('textarea').press('Enter');
}

export function said(chat: Frame, text: string): Locator {
  return chat.locator('.said', { hasText: text });
}
