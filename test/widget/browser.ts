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

export const SIZES = {
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

/** Opens a page in a fresh browser profile; `complaints` collects what the browser finds wrong. */
export async function openPage(
  browser: Browser,
  address: string,
  { size = 'laptop', locale = 'ru', colorScheme = 'light', reducedMotion }: Look = {},
): Promise<{ page: Page; complaints: string[] }> {
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
  await page.goto(address);
  return { page, complaints };
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

/** Runs axe on a page or a frame. Fails where it checked nothing. */
export async function expectAccessible(where: Page | Frame): Promise<void> {
  // As an expression: the page's own policy forbids inline scripts.
  await where.evaluate(axe);
  const { violations, passes } = (await where.evaluate(
    "axe.run(document, { iframes: false, resultTypes: ['violations'] })",
  )) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    passes: unknown[];
  };
  expect(passes.length).toBeGreaterThan(5);
  expect(
    violations.map(({ id, nodes }) => [id, nodes.map((node) => `${node.html} ${node.failureSummary}`)]),
  ).toEqual([]);
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
