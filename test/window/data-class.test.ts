import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, hasBrowser, openPage } from './open-window.ts';
import { type RealHub, startRealHub } from './real-hub.ts';

const LONG_MS = 240_000;
const ANN = 7301;
const ACCOUNT = 'Номер счёта 40817810099910004312';

let real: RealHub;
beforeAll(async () => {
  real = await startRealHub();
}, LONG_MS);
afterAll(async () => {
  await real?.stop();
});

const WORDS = {
  ru: {
    take: 'Взять',
    reply: /Ответ клиенту/,
    send: 'Отправить',
    hint: /целиком по этому каналу не уходят/,
    why: /Отменено, клиент этого не получил · здесь целиком номер.*«Продолжить в другом канале»/,
    who: 'Кто',
    goOn: 'Продолжить в другом канале…',
  },
  en: {
    take: 'Take',
    reply: /Reply to the client/,
    send: 'Send',
    hint: /do not go over this channel/,
    why: /Cancelled.* · it holds the whole number.*“Continue in another channel”/,
    who: 'Who',
    goOn: 'Continue in another channel…',
  },
} as const;

async function signIn(locale: 'ru' | 'en'): Promise<Page> {
  const page = await openPage(real.browser, real.hub.url, { locale });
  await page.goto(`${real.hub.url}/window/`);
  await page.getByRole('button', { name: 'operator@demo.bank' }).click();
  await page.getByRole('navigation').waitFor();
  return page;
}

describe.skipIf(!hasBrowser)('a number that the channel may not carry', () => {
  it.each(['ru', 'en'] as const)(
    'is warned of before it is sent, and explained after: %s',
    async (locale) => {
      const words = WORDS[locale];
      const client = ANN + (locale === 'ru' ? 0 : 1);
      real.telegram.say(client, 'позовите сотрудника');
      const page = await signIn(locale);
      await page.getByRole('option').first().click();
      await page.getByRole('button', { name: words.take, exact: true }).click();
      const reply = page.getByRole('textbox', { name: words.reply });
      await reply.fill('Счёт …4312');
      expect(await page.getByText(words.hint).count()).toBe(0);
      await reply.fill(ACCOUNT);
      await page.getByText(words.hint).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole('button', { name: words.send, exact: true }).click();
      await page.getByRole('log').getByText(words.why).waitFor();
      await page.getByRole('tab', { name: words.who, exact: true }).click();
      await page.getByRole('button', { name: words.goOn }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(real.telegram.saidTo(client).join()).not.toContain('40817');
    },
    LONG_MS,
  );
});
