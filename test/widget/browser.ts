import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { CHROMIUM } from '../fixtures/chromium.ts';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** False: tests of the browser skip. */
export const hasBrowser = CHROMIUM !== undefined;

/** Debian's Chromium, without calls of its own. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

const SIZES = {
  phone: { width: 360, height: 740 },
  laptop: { width: 1366, height: 768 },
  desktop: { width: 1920, height: 1080 },
} as const;

export interface Look {
  readonly size?: keyof typeof SIZES;
  readonly locale?: 'ru' | 'en';
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce';
}

/** A page; `complaints` collects what the browser finds wrong. */
export interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens a page in a fresh browser profile. */
export async function openPage(browser: Browser, address: string, look: Look = {}): Promise<Opened> {
  const opened = await openEmpty(browser, look);
  await opened.page.goto(address);
  return opened;
}

async function openEmpty(
  browser: Browser,
  { size = 'laptop', locale = 'ru', colorScheme = 'light', reducedMotion }: Look,
): Promise<Opened> {
  const isPhone = size === 'phone';
  const context = await browser.newContext({
    viewport: SIZES[size],
    locale,
    colorScheme,
    ...(reducedMotion && { reducedMotion }),
    hasTouch: isPhone,
    isMobile: isPhone,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A failed connection is the browser's to report and ours to survive.
    if (message.type() === 'error' && !message.text().includes('WebSocket')) complaints.push(message.text());
  });
  return { page, complaints };
}

/** Pages whose profiles are used again: a new one costs several times what another visit does. */
export interface Pages {
  /** Opens an address as somebody who was never here. What a test installs in the page must go with it. */
  open(address: string, look?: Look): Promise<Opened>;
  /** After each test: leaves all pages, and makes their profiles forget. */
  leave(): Promise<void>;
}

/** `plain` is an address without a chat, of the origin that the chat's frame is of: profiles keep something under it. */
export function createPages(browser: Browser, plain: () => string): Pages {
  const kept = new Map<string, Opened>();

  async function forget({ page, complaints }: Opened): Promise<void> {
    for (const other of page.context().pages()) if (other !== page) await other.close();
    const clear = () =>
      page.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
      });
    // Of the page that has the chat, and of the chat's frame.
    await clear();
    await page.goto(plain());
    await clear();
    await page.context().clearCookies();
    complaints.length = 0;
  }

  return {
    async open(address, look = {}) {
      const { size = 'laptop', locale = 'ru', colorScheme = 'light', reducedMotion = null } = look;
      const kind = `${size === 'phone' ? 'phone' : 'computer'} ${locale}`;
      const opened = kept.get(kind) ?? (await openEmpty(browser, look));
      kept.set(kind, opened);
      await opened.page.setViewportSize(SIZES[size]);
      await opened.page.emulateMedia({ colorScheme, reducedMotion });
      await opened.page.goto(address);
      return opened;
    },
    async leave() {
      const own = new Set([...kept.values()].map(({ page }) => page.context()));
      for (const context of browser.contexts()) if (!own.has(context)) await context.close();
      for (const opened of kept.values()) await forget(opened);
    },
  };
}

/** Opens the chat by its button and gives its frame. */
export async function openChat(page: Page): Promise<Frame> {
  await page.locator('.launcher').click();
  return chatFrame(page);
}

/** The frame of the chat, once it is there. */
export async function chatFrame(page: Page): Promise<Frame> {
  const handle = await page.locator('iframe').elementHandle();
  const frame = await handle?.contentFrame();
  if (!frame) throw new Error('the chat has no frame');
  await frame.locator('textarea').waitFor();
  return frame;
}

/** Runs axe on a page or a frame; `look` says in what look. Fails where it checked nothing. */
export async function expectAccessible(where: Page | Frame, look = ''): Promise<void> {
  // As an expression: the page's own policy forbids inline scripts. A document keeps it.
  if (!(await where.evaluate('"axe" in window'))) await where.evaluate(axe);
  // Colours on their way from one to the other are neither.
  await where.evaluate(() => {
    const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    return Promise.allSettled(transitions.map(({ finished }) => finished));
  });
  const { violations, passes } = (await where.evaluate(
    "axe.run(document, { iframes: false, resultTypes: ['violations'] })",
  )) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    passes: unknown[];
  };
  expect(passes.length, look).toBeGreaterThan(5);
  expect(
    violations.map(({ id, nodes }) => [id, nodes.map((node) => `${node.html} ${node.failureSummary}`)]),
    look,
  ).toEqual([]);
}

/** Pages of which each is shown in several looks, one after another: a page costs more than another look at it. */
export const LOOKS = (['ru', 'en'] as const).flatMap((locale) => [
  { locale, sizes: ['phone'] as const },
  { locale, sizes: ['laptop', 'desktop'] as const },
]);

/** Shows the page in each size, light and dark. */
export async function inEachLook(
  page: Page,
  sizes: readonly (keyof typeof SIZES)[],
  check: (look: string) => Promise<void>,
): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(SIZES[size]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await check(`${size}, ${colorScheme}`);
    }
  }
}

/** True when nothing sticks out to the side. */
export function fitsWidth(where: Page | Frame): Promise<boolean> {
  return where.evaluate(() => {
    const limit = document.documentElement.clientWidth + 1;
    const inside = [...document.querySelectorAll('body *')].every(
      (element) => element.closest('.unseen') !== null || element.getBoundingClientRect().right <= limit,
    );
    return inside && document.documentElement.scrollWidth <= limit;
  });
}
