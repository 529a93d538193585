import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConversationView } from '../../handoff/api.ts';
import { PEOPLE } from './desk-server.ts';
import { axeFindings, hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { soon } from './soon.ts';

const ME = { kind: 'operator', operator: PEOPLE.operator.id, name: PEOPLE.operator.name } as const;
type Off = NonNullable<ConversationView['channelOff']>;

let bench: WindowBench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());

const WORDS = {
  ru: {
    policy: 'Telegram: канал выключен контактной политикой банка, по нему ничего не уходит.',
    gone: 'Telegram: канал больше не настроен, по нему ничего не уходит.',
    noWay: 'Ответить здесь нельзя',
    goesTo: 'Ответ уйдёт туда, где клиент тоже писал в этом диалоге: Чат на сайте.',
    reply: 'Ответ клиенту · Чат на сайте',
    anyReply: /Ответ клиенту/,
    note: 'Заметка: видна только сотрудникам',
    who: 'Кто',
    goOn: 'Продолжить в другом канале…',
  },
  en: {
    policy: 'Telegram: the bank’s contact policy keeps this channel off; it carries nothing.',
    gone: 'Telegram: this channel is not configured any more; it carries nothing.',
    noWay: 'You cannot answer here',
    goesTo: 'Your reply goes to where the client wrote too in this conversation: Web chat.',
    reply: 'Reply to the client · Web chat',
    anyReply: /Reply to the client/,
    note: 'Note: seen by staff only',
    who: 'Who',
    goOn: 'Continue in another channel…',
  },
} as const;

/** A conversation of mine whose channel is off, as the desk shows it. */
async function openOff(channelOff: Off, locale: 'ru' | 'en', dark = false): Promise<[Page, string]> {
  const contact = { id: PEOPLE.reader.id, name: 'Анна', evidence: 'claimed' as const };
  const id = bench.server.state.open({ owner: ME, contact, channel: 'telegram', channelOff });
  bench.server.state.clientSays(id, 'Здравствуйте');
  const page = await bench.open({ locale, dark });
  await bench.signIn(page, `/window/desk/${id}?view=mine`);
  return [page, id];
}

describe.skipIf(!hasBrowser).each(['ru', 'en'] as const)('a channel that is off: %s', (locale) => {
  const words = WORDS[locale];

  it.each([false, true])('takes no answer and says why and what to do; dark: %s', async (dark) => {
    const [page] = await openOff({ why: 'policy' }, locale, dark);
    const said = page.getByRole('status').filter({ hasText: words.policy });
    await said.filter({ hasText: words.noWay }).waitFor();
    expect(await page.getByLabel(words.anyReply).count()).toBe(0);
    await page.getByRole('button', { name: words.note }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // A link to another channel would not arrive either.
    await page.getByRole('tab', { name: words.who, exact: true }).click();
    expect(await page.getByRole('button', { name: words.goOn }).count()).toBe(0);
    await page.close();
  });

  it('says where an answer goes instead, and sends it there', async () => {
    const [page, id] = await openOff({ why: 'not-configured', repliesGoTo: 'webchat' }, locale);
    await page
      .getByRole('status')
      .filter({ hasText: words.gone })
      .filter({ hasText: words.goesTo })
      .waitFor();
    await page.getByLabel(words.reply).fill('Добрый день');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel(words.reply).press('Enter');
    const log = () => JSON.stringify(bench.server.state.get(id).items);
    await soon(() => expect(log()).toContain('Добрый день'));
    await page.getByRole('tab', { name: words.who, exact: true }).click();
    await page.getByRole('button', { name: words.goOn }).waitFor();
    await page.close();
  });
});
