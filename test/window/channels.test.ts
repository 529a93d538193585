import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../gateway/access/api.ts';
import type { ShownChannel } from '../../gateway/health/api.ts';
import {
  axeFindings,
  faultsOf,
  hasBrowser,
  isOverflowing,
  openBench,
  type WindowBench,
} from './open-window.ts';

/** What the channels page says of a channel and what to do. */

let bench: WindowBench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());

async function openChannels(channels: readonly ShownChannel[], locale: 'ru' | 'en', dark: boolean) {
  const page: Page = await bench.open({ locale, dark });
  const user = {
    id: '00000000-0000-4000-8000-0000000000d2',
    email: 'eve@bank.ru',
    name: 'Eve',
    roles: ['admin' as const],
  };
  const session: Session = { user, permissions: ['ledger.read', 'channels.test'], demo: false };
  await page.route('**/api/v1/session', (route) => route.fulfill({ json: session }));
  await page.route('**/api/v1/channels', (route) => route.fulfill({ json: { channels } }));
  await page.goto(`${bench.server.url}/window/channels`);
  return page;
}

const still = { accepted: 0, failed: 0, waiting: 0 };
const looks = [
  ['ru', false],
  ['ru', true],
  ['en', false],
  ['en', true],
] as const;

describe.skipIf(!hasBrowser).each(looks)('the channels page; %s, dark: %s', (locale, dark) => {
  it('says which pack keeps a channel off, why, and what can be done', async () => {
    const findings = [{ problem: 'kept-off' as const, detail: 'ru-bank' }];
    const off = { ...still, state: 'off' as const, findings };
    const page = await openChannels(
      [
        { ...off, channel: 'slack' },
        { ...off, channel: 'telegram', waiting: 2, waitingSince: '2026-11-23T09:00:00.000Z' },
      ],
      locale,
      dark,
    );
    const items = page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading') });
    await items.nth(1).waitFor();
    for (const text of await items.allInnerTexts()) {
      expect(text).toMatch(
        locale === 'ru' ? /«ru-bank».*41-ФЗ.*в другом канале/s : /“ru-bank”.*41-FZ.*on another channel/s,
      );
      expect(text).not.toMatch(/Включите|Switch/);
      expect(text).not.toContain('(ru-bank)');
    }
    // There is nothing to try.
    expect(await items.getByRole('button').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    expect(await isOverflowing(page)).toBe(false);
    await page.context().close();
  });

  it('names each of two mail servers that say nothing', async () => {
    const silent = { problem: 'server-silent' as const };
    const findings = [
      { ...silent, detail: 'imap 10.0.0.5:993' },
      { ...silent, detail: 'smtp 10.0.0.6:465' },
    ];
    const mailbox = { ...still, channel: 'email', network: 'email', state: 'broken' as const, findings };
    const page = await openChannels([mailbox], locale, dark);
    const found = page.getByText(
      locale === 'ru' ? 'принимает соединения, а потом молчит' : 'then says nothing',
    );
    await found.filter({ hasText: '(smtp 10.0.0.6:465)' }).waitFor();
    expect(await found.count()).toBe(2);
    expect(await axeFindings(page)).toEqual([]);
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });
});
