import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Permission, Role, Session } from '../../gateway/access/api.ts';
import { axeFindings, hasBrowser, openBench, type WindowBench } from './open-window.ts';

/** The window of those who may see no conversations. */

let bench: WindowBench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());

/** The window at its first address, for a session of these roles. */
async function openAs(
  role: Role,
  permissions: Permission[],
  { locale, path = '/window/', dark = false }: { locale: 'ru' | 'en'; path?: string; dark?: boolean },
): Promise<Page> {
  const page = await bench.open({ locale, dark });
  const user = {
    id: '00000000-0000-4000-8000-0000000000aa',
    email: 'max@bank.ru',
    name: 'Max',
    roles: [role],
  };
  const session: Session = { user, permissions, demo: false };
  await page.route('**/api/v1/session', (route) => route.fulfill({ json: session }));
  await page.goto(bench.server.url + path);
  return page;
}

describe.skipIf(!hasBrowser)('a role without conversations', () => {
  it.each([
    [
      'ru',
      'Для вашей роли здесь пока нет раздела',
      'Ваша роль: маркетолог.',
      /рассылки/,
      /оператор, .*администратор/,
    ],
    [
      'en',
      'There is no part for your role here yet',
      'Your role: marketer.',
      /Campaigns/,
      /operator, .*administrator/,
    ],
  ] as const)(
    'a marketer reads what will be here and whom to ask: %s',
    async (locale, title, role, what, whom) => {
      for (const dark of [false, true]) {
        const page = await openAs('marketer', [], { locale, dark });
        await page.getByText(title).waitFor();
        await page.getByText(role).waitFor();
        await page.getByText(what).waitFor();
        await page.getByText(whom).waitFor();
        expect(await axeFindings(page)).toEqual([]);
        await page.close();
      }
    },
  );

  it('who has another part is led there', async () => {
    const page = await openAs('script-admin', ['training.edit'], { locale: 'ru', path: '/window/desk' });
    await page.getByText('Диалоги ведут операторы').waitFor();
    expect(await page.getByText(/рассылки/).count()).toBe(0);
    await page.getByRole('main').getByRole('link', { name: 'Учёба' }).click();
    await page.getByRole('heading', { level: 1, name: 'Обучение бота' }).waitFor();
    await page.close();
  });
});
