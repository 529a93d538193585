import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../config/version.ts';
import { ensureBuilt } from '../fixtures/built.ts';
import { freePort, startHub, type TestHub } from '../fixtures/hub.ts';
import { type BankPage, startBankPage } from './bank-page.ts';
import { hasBrowser, launchBrowser, openChat, openPage } from './browser.ts';

const LONG_MS = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'okno-embedded-'));
let bank: BankPage;
let hub: TestHub;
let browser: Browser;

/** The hub's own settings, with the bank's page among those that may embed the chat. */
function settingsFor(page: string): string {
  const shipped = readFileSync(join(ROOT, 'config/hub.yaml'), 'utf8');
  const path = join(folder, 'hub.yaml');
  writeFileSync(path, shipped.replace('origins: []', `origins: [${new URL(page).origin}]`));
  return path;
}

describe.skipIf(!hasBrowser)("the chat of the real hub on a bank's page of another site", () => {
  beforeAll(async () => {
    // The hub serves what is built; nothing is done where it is fresh.
    await ensureBuilt();
    const port = await freePort();
    bank = await startBankPage(`http://127.0.0.1:${port}`);
    hub = await startHub({ env: { PORT: String(port), OKNO_CONFIG: settingsFor(bank.urlElsewhere) } });
    browser = await launchBrowser();
  }, LONG_MS);
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    await bank?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'opens and is answered where the settings name the page',
    async () => {
      const { page, complaints } = await openPage(browser, `${bank.urlElsewhere}?lang=ru`);
      const chat = await openChat(page);
      await chat.locator('textarea').fill('есть кто?');
      await chat.locator('textarea').press('Enter');
      await chat.locator('.said', { hasText: 'you said есть кто?' }).waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    LONG_MS,
  );

  it(
    'stays shut where they do not',
    async () => {
      const { page, complaints } = await openPage(browser, `${bank.url}?lang=ru`);
      await page.locator('.launcher').click();
      await expect.poll(() => complaints.join(), { timeout: 20_000 }).toMatch(/frame-ancestors/);
      await page.context().close();
    },
    LONG_MS,
  );
});
