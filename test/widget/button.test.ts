import type { Frame } from 'playwright-core';
import { expect, it } from 'vitest';
import { chatFrame, expectAccessible, fitsWidth, openChat, openPage } from './browser.ts';
import { bank, browser, eventually, hub, inBrowser, open, said, startStage, write } from './stage.ts';

startStage();

/** Once the frame has taken all that its page posted to it so far: a message of its own comes after them. */
async function heardItsPage(chat: Frame): Promise<void> {
  await chat.evaluate(
    () =>
      new Promise((done) => {
        window.addEventListener('message', ({ data }) => data === 'last' && done(undefined));
        window.postMessage('last', '*');
      }),
  );
}

inBrowser('the button on the bank’s page', () => {
  it('is all there is before it is pressed: no frame, no storage, no cookie, no further request', async () => {
    const { page } = await openPage(browser, 'about:blank');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(bank.url);
    await page.locator('.launcher').waitFor();
    await page.waitForLoadState('networkidle');
    expect(asked.sort()).toEqual(['/', '/queue.js', '/widget.js']);
    expect(await page.locator('iframe').count()).toBe(0);
    expect(await page.context().storageState()).toEqual({ cookies: [], origins: [] });
  });

  it.each([
    ['ru', 'Чат с банком'],
    ['en', 'Chat with the bank'],
  ] as const)('has a name in the language of the page: %s', async (locale, name) => {
    const page = await open({ locale });
    await page.getByRole('button', { name, exact: true }).waitFor();
    await expectAccessible(page);
  });

  it('speaks the language of the tag before that of the page', async () => {
    const page = await open({ locale: 'ru' }, '&attributes=data-locale%3Den');
    await page.getByRole('button', { name: 'Chat with the bank' }).waitFor();
  });

  it('takes the one-time link of another channel out of the address, opens, and brings it along', async () => {
    const link = `okno_${'Ab3-_'.repeat(4)}xy`;
    const hello = hub.hears('hello');
    const page = await open({}, `&okno=${link}`);
    expect((await hello).move).toBe(link);
    expect(page.url()).toBe(`${bank.url}?lang=ru`);
    await page.getByRole('dialog', { name: 'Чат с банком' }).waitFor();
  });

  it.each([
    ['ru', 'light', 'laptop', 'Продолжить диалог'],
    ['en', 'dark', 'phone', 'Continue the dialogue'],
  ] as const)('asks before a dialogue begun elsewhere goes on here: %s, %s, %s', async (...how) => {
    const [locale, colorScheme, size, agree] = how;
    const link = `okno_${'Ab3-_'.repeat(4)}xy`;
    const page = await open({ locale, colorScheme, size }, `&okno=${link}`);
    const chat = await chatFrame(page);
    await eventually(() => hub.connected).toBe(1);
    hub.signals({ type: 'move', state: 'ask', channel: 'Telegram', contact: 'А••• П•••' });
    const question = chat.locator('.move');
    await question.getByText('Telegram, А••• П•••').waitFor();
    await expect.poll(() => chat.locator('textarea').isVisible()).toBe(false);
    await expectAccessible(chat);
    expect(await fitsWidth(chat)).toBe(true);
    const hello = hub.hears('hello');
    await question.getByRole('button', { name: agree }).click();
    expect(await hello).toMatchObject({ move: link, agreed: true });
    expect(await question.isVisible()).toBe(false);
    expect(await chat.locator('textarea').evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it.each([
    ['ru', 'light', 'laptop'],
    ['en', 'dark', 'phone'],
  ] as const)('shows a rating as a row of five that says what each means: %s, %s, %s', async (...how) => {
    const [locale, colorScheme, size] = how;
    const page = await open({ locale, colorScheme, size });
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    const words =
      locale === 'ru'
        ? ['Очень плохо', 'Плохо', 'Нормально', 'Хорошо', 'Отлично']
        : ['Very badly', 'Badly', 'Fairly', 'Well', 'Very well'];
    const choices = words.map((text, index) => ({ id: `rate:c:${index + 1}`, text }));
    hub.says('system', locale === 'ru' ? 'Как мы вам помогли?' : 'How did we help you?', { choices });
    const four = chat.getByRole('button', { name: `4, ${words[3]}` });
    await four.waitFor();
    const tops = await chat
      .locator('.scale .offer')
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().top));
    expect(tops).toHaveLength(5);
    expect(new Set(tops).size).toBe(1);
    expect(await fitsWidth(chat)).toBe(true);
    await expectAccessible(chat);
    await four.press('Enter');
    await eventually(() => hub.said).toEqual(['rate:c:4']);
    const chosen = locale === 'ru' ? 'выбрано' : 'chosen';
    await chat.getByRole('button', { name: `4, ${words[3]}, ${chosen}` }).waitFor();
    await expectAccessible(chat);
  });

  it('forgets the link of a client who begins a dialogue of their own, and says which link is over', async () => {
    const page = await open({}, `&okno=okno_${'Ab3-_'.repeat(4)}xy`);
    const chat = await chatFrame(page);
    await eventually(() => hub.connected).toBe(1);
    hub.signals({ type: 'move', state: 'ask', channel: 'Telegram' });
    await chat.getByRole('button', { name: 'Начать свой' }).click();
    const hello = hub.hears('hello');
    hub.drop();
    expect((await hello).move).toBeUndefined();
    await eventually(() => hub.connected).toBe(1);
    hub.signals({ type: 'move', state: 'another-client' });
    await chat.getByRole('heading', { name: 'Тот диалог не подтверждён как ваш' }).waitFor();
    await expectAccessible(chat);
    await chat.getByRole('button', { name: 'Начать здесь' }).click();
    await write(chat, 'привет');
    await eventually(() => hub.said).toEqual(['привет']);
  });

  it('tells the page what happens to the chat, and nothing of what is said', async () => {
    const page = await open();
    await page.evaluate(() => {
      const heard: unknown[] = [];
      const page = window as unknown as {
        heard: unknown[];
        okno: { on(event: string, listener: (detail: unknown) => void): void; open(): void };
      };
      page.heard = heard;
      for (const event of ['open', 'close', 'unread', 'identity-refused'])
        page.okno.on(event, (detail) => heard.push([event, detail]));
      page.okno.open();
    });
    const chat = await chatFrame(page);
    await eventually(() => hub.connected).toBe(1);
    hub.signals({ type: 'error', code: 'identity-refused' });
    await chat.locator('.close').click();
    await heardItsPage(chat);
    hub.says('bot', 'раз');
    const heard = () => page.evaluate(() => (window as unknown as { heard: unknown[] }).heard);
    await expect.poll(heard, { timeout: 20_000 }).toEqual([
      ['open', {}],
      ['identity-refused', {}],
      ['close', {}],
      ['unread', { count: 1 }],
    ]);
  });

  it('sends files that are chosen, and says its limit before one that is too large', async () => {
    const page = await open();
    const chat = await openChat(page);
    await heardItsPage(chat);
    await chat.getByRole('button', { name: 'Приложить файл' }).waitFor();
    const choose = (name: string, size: number) =>
      chat
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(size, 1) });
    await choose('большой.pdf', 2 * 1024 * 1024);
    await chat.getByText('Файл должен быть не пустым и не больше 1 МБ.').waitFor();
    await choose('скан.pdf', 200_000);
    await chat.getByRole('link', { name: /скан\.pdf/ }).waitFor();
    expect(hub.frames.filter(({ type }) => type === 'file')).toHaveLength(1);
    await expectAccessible(page);
  });

  it('shows pictures in place, and other files by name and size', async () => {
    const page = await open();
    const chat = await openChat(page);
    await heardItsPage(chat);
    hub.says('operator', '', {
      files: [{ kind: 'image', name: 'схема.svg', path: '/media/picture', isShown: true }],
    });
    hub.says('operator', 'Договор', {
      files: [
        { kind: 'file', name: 'договор.pdf', size: 1_536_000, path: '/media/picture', isShown: false },
        { kind: 'file', name: 'ещё не пришёл.pdf', isShown: false },
      ],
    });
    await said(chat, 'Договор').waitFor();
    const picture = chat.getByRole('img', { name: 'схема.svg' });
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    await chat.getByRole('link', { name: 'договор.pdf (1,5 МБ)' }).waitFor();
    expect(await chat.getByRole('link', { name: /ещё не пришёл/ }).count()).toBe(0);
    await expectAccessible(page);
  });

  it('counts what came while the chat was closed', async () => {
    const page = await open();
    const chat = await openChat(page);
    await chat.locator('.close').click();
    await page.locator('.launcher').waitFor();
    await heardItsPage(chat);
    await eventually(() => hub.connected).toBe(1);
    hub.says('bot', 'раз');
    hub.says('operator', 'два');
    await page.getByRole('button', { name: 'Чат с банком: 2 непрочитанных сообщения' }).click();
    await said(chat, 'два').waitFor();
    await chat.locator('.close').click();
    await page.getByRole('button', { name: 'Чат с банком', exact: true }).waitFor();
  });
});
