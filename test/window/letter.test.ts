import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../gateway/access/api.ts';
import type { LetterView } from '../../gateway/ledger/api.ts';
import { axeFindings, hasBrowser, openBench, type WindowBench } from './open-window.ts';

/** A message that did not arrive and is sent again, on the page. */

const LETTER: LetterView = {
  id: '00000000-0000-4000-8000-0000000000d1',
  at: '2026-11-23T09:00:00.000Z',
  channel: 'telegram',
  state: 'unknown',
  conversation: '00000000-0000-4000-8000-0000000000c1',
  author: 'bot',
  attempts: 1,
  once: false,
  text: 'Счёт 40817810099910004312',
  tries: [],
};
const AGAIN = '00000000-0000-4000-8000-0000000000d2';

let bench: WindowBench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());

/** The letter, open, of which the hub says `notSent` when it is sent again. */
async function openLetter(locale: 'ru' | 'en', notSent?: string): Promise<Page> {
  const page = await bench.open({ locale });
  const user = { id: AGAIN, email: 'eve@bank.ru', name: 'Eve', roles: ['supervisor' as const] };
  const session: Session = { user, permissions: ['ledger.read', 'ledger.decide'], demo: false };
  await page.route('**/api/v1/session', (route) => route.fulfill({ json: session }));
  await page.route('**/api/v1/dead-letters?*', (route) =>
    route.fulfill({ json: { rows: [LETTER], waiting: { telegram: 1 } } }),
  );
  await page.route('**/api/v1/dead-letters/*', (route) => route.fulfill({ json: LETTER }));
  await page.route('**/api/v1/dead-letters/*/retry', (route) =>
    route.fulfill({ json: { again: AGAIN, ...(notSent && { notSent }) } }),
  );
  await page.goto(`${bench.server.url}/window/ledger`);
  await page.getByRole('listitem').first().getByRole('button').click();
  return page;
}

describe.skipIf(!hasBrowser)('sent again', () => {
  it.each([
    ['ru', 'Отправить ещё раз', /^Ещё раз не отправлено: здесь целиком номер/],
    ['en', 'Send again', /^Not sent again: it holds the whole number/],
  ] as const)(
    'what the contact policy refuses stays open with the reason: %s',
    async (locale, press, why) => {
      const page = await openLetter(locale, 'data-class');
      await page.getByRole('dialog').getByRole('button', { name: press }).click();
      await page.getByRole('alert').getByText(why).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.close();
    },
  );

  it('what goes out closes it', async () => {
    const page = await openLetter('ru');
    await page.getByRole('dialog').getByRole('button', { name: 'Отправить ещё раз' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.close();
  });
});
