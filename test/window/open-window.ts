import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { builtPages } from '../fixtures/built.ts';
import { CHROMIUM } from '../fixtures/chromium.ts';
import { type DeskServer, PASSWORD, PEOPLE, startDeskServer } from './desk-server.ts';

/** False: tests of the browser skip. */
export const hasBrowser = CHROMIUM !== undefined;

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A server with the built window and a browser to look at it. */
export interface WindowBench {
  readonly server: DeskServer;
  /** A page of a new browser profile. Everything wrong that it logs is kept for `faultsOf`. */
  open(options?: PageOptions): Promise<Page>;
  /** Signs a page in and opens an address of the window. */
  signIn(page: Page, path?: string, who?: keyof typeof PEOPLE): Promise<void>;
  /** As `renewPage`, on this server. */
  renew(page: Page): Promise<void>;
  stop(): Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly locale?: 'ru' | 'en';
  /** Use the profile of this page: a second tab. */
  readonly beside?: Page;
}

/** A page has this long for what it does at once, milliseconds. */
const PATIENCE_MS = 15_000;
const faults = new WeakMap<BrowserContext, string[]>();

/** Builds the window, and starts a server in memory and Chromium. */
export async function openBench(): Promise<WindowBench> {
  const server = await startDeskServer(await builtPages('window'));
  const browser = await launchBrowser();
  return {
    server,
    open: (options = {}) => openPage(browser, server.url, options),
    async signIn(page, path = '/window/desk', who = 'operator') {
      const signed = await page.context().request.post(`${server.url}/api/v1/session`, {
        headers: { 'x-okno': '1' },
        data: { email: PEOPLE[who].email, password: PASSWORD },
      });
      expect(signed.status()).toBe(200);
      await page.goto(server.url + path);
    },
    renew: (page) => renewPage(page, server.url),
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

/** Chromium without calls of its own. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ ...(CHROMIUM ? { executablePath: CHROMIUM } : {}), args: ARGS });
}

/** A page of a new profile, or a second tab; `url` is the hub, everything else counts as elsewhere. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<Page> {
  if (options.beside) return options.beside.context().newPage();
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1366, height: options.height ?? 768 },
    colorScheme: options.dark ? 'dark' : 'light',
    locale: 'ru-RU',
    timezoneId: 'Europe/Moscow',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (options.locale) {
    await context.addInitScript((locale) => {
      // A page without an origin, such as the first, may keep nothing.
      if (location.origin !== 'null') localStorage.setItem('okno.locale', locale);
    }, options.locale);
  }
  const found: string[] = [];
  faults.set(context, found);
  context.on('page', (page) => watchPage(page, url, found));
  return context.newPage();
}

/** Makes a page's profile as new: signed out, nothing kept. A profile that is new costs several times what this does. */
export async function renewPage(page: Page, url: string): Promise<void> {
  await page.context().clearCookies();
  // No page of the window, which would write again what is cleared.
  await page.goto(`${url}/nowhere`);
  await page.evaluate(() => localStorage.clear());
}

function watchPage(page: Page, url: string, found: string[]): void {
  page.on('pageerror', (error) => found.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The browser logs every refused request; tests provoke those.
    const isRefusal = /^(Failed to load resource|WebSocket connection to)/.test(message.text());
    if (message.type() === 'error' && !isRefusal) found.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
      found.push(`outside: ${request.url()}`);
  });
}

/** Errors, breaches of the content policy and requests to elsewhere in the profile of a page. */
export function faultsOf(page: Page): readonly string[] {
  return faults.get(page.context()) ?? [];
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong on a page, as `rule: element`. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // A document keeps it.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE);
  // Colours on their way from one to the other are neither.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  const results: AxeResults = await page.evaluate("axe.run({ resultTypes: ['violations'] })");
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

/** True where something on the page is wider than the window. */
export function isOverflowing(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}
