import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { builtPages } from '../fixtures/built.ts';
import { startBankPage } from './bank-page.ts';
import {
  chatFrame,
  createPages,
  expectAccessible,
  fitsWidth,
  hasBrowser,
  inEachLook,
  LOOKS,
  type Look,
  launchBrowser,
  openChat,
  openPage,
  type Pages,
} from './browser.ts';
import { ChatServer } from './chat-server.ts';

const inBrowser = describe.skipIf(!hasBrowser);

let hub: ChatServer;
let bank: Awaited<ReturnType<typeof startBankPage>>;
let browser: Browser;
let pages: Pages;
let complaints: string[] = [];

// Two cores may be shared by many.
vi.setConfig({ testTimeout: 90_000 });

function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 20_000 });
}

beforeAll(async () => {
  if (!hasBrowser) return;
  hub = await ChatServer.start(await builtPages('widget'));
  bank = await startBankPage(hub.url);
  browser = await launchBrowser();
  pages = createPages(browser, () => `${hub.url}/widget.js`);
});
afterAll(async () => {
  await browser?.close();
  await bank?.stop();
  await hub?.stop();
});
beforeEach(() => hub.forget());
afterEach(async () => {
  const found = [...complaints];
  await pages?.leave();
  expect(found).toEqual([]);
});

async function open(look: Look = {}, more = ''): Promise<Page> {
  const opened = await pages.open(`${bank.url}?lang=${look.locale ?? 'ru'}${more}`, look);
  complaints = opened.complaints;
  await opened.page.locator('.launcher').waitFor({ state: 'attached' });
  return opened.page;
}

async function write(chat: Frame, text: string): Promise<void> {
  await chat.locator('textarea').fill(text);
  await chat.locator('textarea').press('Enter');
}

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

function said(chat: Frame, text: string): Locator {
  return chat.locator('.said', { hasText: text });
}

async function scrolledTo(chat: Frame): Promise<{ top: number; left: number }> {
  return chat.locator('.log').evaluate((log) => ({
    top: log.scrollTop,
    left: log.scrollHeight - log.scrollTop - log.clientHeight,
  }));
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

inBrowser('the sheet', () => {
  it('is a labelled dialog that takes the focus, and gives it back on Esc', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe(
      'launcher',
    );
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Чат с банком' }).waitFor();
    const chat = await chatFrame(page);
    await eventually(() => chat.evaluate(() => document.hasFocus() && document.activeElement?.tagName)).toBe(
      'TEXTAREA',
    );
    await page.keyboard.press('Escape');
    await page.locator('.launcher').waitFor();
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe(
      'launcher',
    );
  });

  it('gives the focus back to the page’s own button that opened it', async () => {
    const page = await open();
    await page.locator('#own').click();
    const chat = await chatFrame(page);
    await eventually(() => chat.evaluate(() => document.hasFocus())).toBe(true);
    await page.keyboard.press('Escape');
    await eventually(() => page.evaluate(() => document.activeElement?.id)).toBe('own');
  });

  it('takes commands that were given before it was loaded', async () => {
    const page = await open({}, '&okno.locale=en&okno.open=1&okno.identify=signed');
    await page.getByRole('dialog', { name: 'Chat with the bank' }).waitFor();
    await chatFrame(page);
    await eventually(() => hub.frames.find(({ type }) => type === 'hello')).toMatchObject({
      identity: 'signed',
      locale: 'en',
    });
    expect(hub.frames.filter(({ type }) => type === 'hello')).toHaveLength(1);
  });

  it('changes its language without losing what was said', async () => {
    const page = await open();
    const chat = await openChat(page);
    await write(chat, 'Привет');
    await chat.getByText('Отправлено').waitFor();
    await page.evaluate("okno('locale', 'en')");
    await chat.getByText('Sent', { exact: true }).waitFor();
    expect(await chat.locator('.own .said').allTextContents()).toEqual(['Привет']);
    expect(await chat.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  it('fills the screen of a phone and leaves the page beneath still and out of reach', async () => {
    const page = await open({ size: 'phone' });
    const chat = await openChat(page);
    expect(await page.locator('.sheet').boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe('hidden');
    expect(await page.locator('.sheet').evaluate((sheet) => sheet.matches(':modal'))).toBe(true);
    await chat.locator('.close').click();
    await page.locator('.launcher').waitFor();
    expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe('');
  });

  it('stays within what the keyboard of a phone leaves', async () => {
    const page = await open({ size: 'phone' });
    const chat = await openChat(page);
    // What visualViewport says while a keyboard is up (https://www.w3.org/TR/cssom-view/#visualViewport); none can be raised here.
    await page.evaluate(() => {
      const viewport = window.visualViewport;
      if (!viewport) throw new Error('this browser has no visual viewport');
      Object.defineProperty(viewport, 'height', { value: 420 });
      Object.defineProperty(viewport, 'offsetTop', { value: 30 });
      viewport.dispatchEvent(new Event('resize'));
    });
    expect(await page.locator('.sheet').boundingBox()).toEqual({ x: 0, y: 30, width: 360, height: 420 });
    await eventually(() =>
      chat.locator('textarea').evaluate((field) => field.getBoundingClientRect().bottom),
    ).toBeLessThan(420);
  });

  it('follows a phone that is turned to a wide screen, and stays open', async () => {
    const page = await open({ size: 'phone' });
    const chat = await openChat(page);
    await write(chat, 'Привет');
    await page.setViewportSize({ width: 900, height: 700 });
    await eventually(async () => (await page.locator('.sheet').boundingBox())?.width).toBe(400);
    await chat.locator('.own .said').waitFor();
  });

  it('is still there on the bank’s next page in the same tab', async () => {
    const page = await open();
    const chat = await openChat(page);
    await write(chat, 'Привет');
    await chat.getByText('Отправлено').waitFor();
    await page.reload();
    await page.getByRole('dialog').waitFor();
    const again = await chatFrame(page);
    await said(again, 'Привет').waitFor();
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  });

  it('works where the browser forbids the frame to keep anything', async () => {
    const opened = await openPage(browser, bank.urlElsewhere);
    complaints = opened.complaints;
    const chat = await openChat(opened.page);
    await write(chat, 'Привет');
    await chat.getByText('Отправлено').waitFor();
    hub.says('bot', 'Здравствуйте');
    await said(chat, 'Здравствуйте').waitFor();
  });

  it('says so, and offers to try again, where the chat cannot be loaded', async () => {
    // Its clock would stay with a profile that is used again.
    const opened = await openPage(browser, bank.url);
    const page = opened.page;
    await page.clock.install();
    await page.route('**/widget/frame.html*', (route) => route.abort());
    await page.locator('.launcher').click();
    await page.clock.fastForward(16_000);
    await page.getByText('Чат не открылся').waitFor();
    await page.unroute('**/widget/frame.html*');
    await page.getByRole('button', { name: 'Повторить' }).click();
    await chatFrame(page);
    complaints = opened.complaints.filter((text) => !text.includes('ERR_FAILED'));
  });
});

inBrowser('the conversation', () => {
  it('shows what both say, and that the first is a bot', async () => {
    const page = await open();
    const chat = await openChat(page);
    await chat.getByText('Это бот-помощник банка').waitFor();
    await chat.getByText('Мы никогда не спрашиваем код из СМС').waitFor();
    await write(chat, 'Сколько у меня на счёте?');
    await chat.getByText('Отправлено').waitFor();
    hub.says('bot', 'На счёте 100 ₽');
    await chat.locator('.theirs .author', { hasText: 'Бот' }).waitFor();
    await chat.getByText('Отвечает бот').waitFor();
    hub.says('operator', 'Добрый день');
    await chat.getByText('Отвечает сотрудник').waitFor();
  });

  it('keeps quick replies readable after one was pressed, and shows which', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    hub.says('bot', 'Какой счёт?', {
      choices: [
        { id: 'checking', text: 'Текущий' },
        { id: 'savings', text: 'Накопительный' },
      ],
    });
    const asked = hub.hears('choice');
    await chat.getByRole('button', { name: 'Накопительный' }).click();
    expect(await asked).toMatchObject({ choice: 'savings' });
    await chat.getByRole('button', { name: 'Накопительный, выбрано' }).waitFor();
    await chat.getByText('Отправлено').waitFor();
    await expectAccessible(chat);
    await chat.getByRole('button', { name: 'Текущий' }).dispatchEvent('click');
    expect(hub.said).toEqual(['savings']);
  });

  it('opens addresses beside the chat, says where the client is only when they press, and else asks in words', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    hub.says('bot', 'Где вы?', {
      choices: [
        { id: 'l', text: 'Адреса', kind: 'link', url: 'https://bank.example/map' },
        { id: 'p', text: 'Я здесь', kind: 'location' },
        { id: 'c', text: 'Перезвоните мне', kind: 'contact' },
      ],
    });
    const link = chat.getByRole('link', { name: 'Адреса (откроется в новой вкладке)' });
    await link.waitFor();
    expect(await link.evaluate((a: HTMLAnchorElement) => [a.href, a.target, a.rel, a.dataset.part])).toEqual([
      'https://bank.example/map',
      '_blank',
      'noopener noreferrer',
      'offer l',
    ]);
    await expectAccessible(chat);

    const field = chat.locator('textarea');
    await chat.getByRole('button', { name: 'Перезвоните мне' }).click();
    const hint = chat.getByRole('status').filter({ hasText: 'Напишите номер телефона' });
    await hint.waitFor();
    await expectAccessible(chat);
    expect(await field.evaluate((area) => area === document.activeElement)).toBe(true);
    // The browser knows no place for this page yet.
    await chat.getByRole('button', { name: 'Я здесь' }).click();
    await chat.getByText('Узнать место не удалось. Напишите адрес').waitFor();
    expect(hub.said).toEqual([]);

    await page.context().grantPermissions(['geolocation']);
    await page.context().setGeolocation({ latitude: 55.75, longitude: 37.62 });
    const shared = hub.hears('location');
    await chat.getByRole('button', { name: 'Я здесь' }).click();
    expect(await shared).toMatchObject({ latitude: 55.75, longitude: 37.62 });
    await said(chat, 'https://maps.example/55.75/37.62').waitFor();
    await page.context().clearPermissions();
    // An address leads on, also when the question is answered.
    expect(await link.getAttribute('href')).toBe('https://bank.example/map');
  });

  it('calls a person in one press, in words that are the client’s', async () => {
    const page = await open();
    const chat = await openChat(page);
    const asked = hub.hears('message');
    await chat.getByRole('button', { name: 'Позвать сотрудника' }).click();
    expect(await asked).toMatchObject({ text: 'Позовите сотрудника' });
    await chat.getByRole('button', { name: 'Зовём сотрудника…' }).dispatchEvent('click');
    await chat.getByText('Отправлено').waitFor();
    hub.says('bot', 'Передаю');
    await chat.getByRole('button', { name: 'Позвать сотрудника' }).waitFor();
    expect(hub.said).toHaveLength(1);
  });

  it('can be had with the keyboard alone', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    hub.says('bot', 'Выберите', { choices: [{ id: 'a', text: 'Первое' }] });
    await chat.getByRole('button', { name: 'Первое' }).waitFor();
    await chat.locator('.close').focus();
    const reached: (string | undefined)[] = [];
    for (let presses = 0; presses < 5; presses += 1) {
      await page.keyboard.press('Tab');
      reached.push(
        await chat.evaluate(() => document.activeElement?.className || document.activeElement?.tagName),
      );
    }
    expect(reached).toEqual(['log', 'offer open', 'call', 'clip', 'TEXTAREA']);
    await page.keyboard.type('строка');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('ещё');
    const sent = hub.hears('message');
    await page.keyboard.press('Enter');
    expect(await sent).toMatchObject({ text: 'строка\nещё' });
  });

  it('reads out what is new and not what was said before', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    hub.says('bot', 'прошлое');
    await said(chat, 'прошлое').waitFor();
    await page.reload();
    const again = await chatFrame(page);
    await again.locator('.said', { hasText: 'прошлое' }).waitFor();
    hub.says('operator', 'новое');
    await again.locator('.said', { hasText: 'новое' }).waitFor();
    expect(await again.locator('.unseen[aria-live="polite"] p').allTextContents()).toEqual([
      'Сотрудник: новое',
    ]);
    expect(await again.getByRole('log').getAttribute('aria-live')).toBe('off');
  });

  it('does not move what the client reads, and offers the way to the newest', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    for (let count = 1; count <= 40; count += 1) hub.says('bot', `сообщение ${count}`);
    await said(chat, 'сообщение 40').waitFor();
    await eventually(async () => (await scrolledTo(chat)).left).toBeLessThan(2);
    await chat.locator('.log').evaluate((log) => {
      log.scrollTop = 300;
    });
    await chat.getByRole('button', { name: 'К последним сообщениям' }).waitFor();
    const { top } = await scrolledTo(chat);
    hub.says('bot', 'новое 1');
    hub.says('bot', 'новое 2');
    const jump = chat.getByRole('button', { name: '2 новых сообщения' });
    await jump.waitFor();
    expect((await scrolledTo(chat)).top).toBe(top);
    await jump.click();
    await eventually(async () => (await scrolledTo(chat)).left).toBeLessThan(2);
    await eventually(() => jump.isVisible()).toBe(false);
  });

  it('keeps a draft over a reload', async () => {
    const page = await open();
    const chat = await openChat(page);
    await chat.locator('textarea').fill('начало письма');
    await page.reload();
    expect(await (await chatFrame(page)).locator('textarea').inputValue()).toBe('начало письма');
  });

  it('refuses a message that the hub would refuse, says why, and loses nothing of it', async () => {
    const page = await open();
    const chat = await openChat(page);
    await chat.locator('textarea').fill('ж'.repeat(30_001));
    await chat.getByText('Сообщение слишком длинное').waitFor();
    await chat.locator('textarea').press('Enter');
    expect((await chat.locator('textarea').inputValue()).length).toBe(30_001);
    expect(hub.said).toEqual([]);
  });
});

inBrowser('a bad connection', () => {
  it('keeps what was written, over a reload too, and sends it when it is back', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    hub.isUp = false;
    hub.drop();
    await chat.getByText('Связь прервалась').waitFor();
    await write(chat, 'Вы тут?');
    await chat.getByText('Ждёт связи').waitFor();
    await page.reload();
    const again = await chatFrame(page);
    await said(again, 'Вы тут?').waitFor();
    hub.isUp = true;
    await again.getByText('Отправлено').waitFor();
    expect(hub.said).toEqual(['Вы тут?']);
  });

  it('is told apart from a browser without internet', async () => {
    const page = await open();
    const chat = await openChat(page);
    await page.context().setOffline(true);
    await chat.getByText('Нет интернета').waitFor();
    await page.context().setOffline(false);
    await eventually(() => chat.locator('.notice').isVisible()).toBe(false);
  });

  it('shows what was refused, and hands it back to be changed', async () => {
    const page = await open();
    const chat = await openChat(page);
    hub.manner = { error: 'too-large' };
    await write(chat, 'длинное');
    await chat.getByText('Не отправлено: слишком большое').waitFor();
    await expectAccessible(chat);
    await chat.getByRole('button', { name: 'Изменить' }).click();
    expect(await chat.locator('textarea').inputValue()).toBe('длинное');
    expect(await chat.locator('.own').count()).toBe(0);
  });

  it('offers a call for a person only while people do not have the conversation', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    hub.signals({ type: 'answering', by: 'people' });
    await chat.getByText('Ждём сотрудника').waitFor();
    expect(await chat.locator('.call').isVisible()).toBe(false);
    await expectAccessible(chat);
    hub.says('operator', 'Добрый день');
    await chat.getByText('Отвечает сотрудник').waitFor();
    hub.signals({ type: 'answering', by: 'bot' });
    await chat.getByText('Отвечает бот').waitFor();
    await chat.getByRole('button', { name: 'Позвать сотрудника' }).waitFor();
  });

  it('says so where the hub does not let the page in', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    hub.signals({ type: 'error', code: 'origin' });
    await chat.getByText('Чат сейчас недоступен').waitFor();
  });
});

inBrowser('a browser', () => {
  it('shows in each of two tabs what is said in the other', async () => {
    const page = await open();
    const chat = await openChat(page);
    await write(chat, 'из первой');
    await chat.getByText('Отправлено').waitFor();
    const tab = await page.context().newPage();
    await tab.goto(bank.url);
    const other = await openChat(tab);
    await said(other, 'из первой').waitFor();
    await write(other, 'из второй');
    await said(chat, 'из второй').waitFor();
  });

  it('resumes after Back', async () => {
    const page = await open();
    const chat = await openChat(page);
    await write(chat, 'до ухода');
    await chat.getByText('Отправлено').waitFor();
    await page.goto('about:blank');
    await eventually(() => hub.connected).toBe(0);
    await page.goBack();
    const again = await chatFrame(page);
    await said(again, 'до ухода').waitFor();
    await eventually(() => hub.connected).toBe(1);
    await write(again, 'после');
    await again.getByText('Отправлено').waitFor();
  });

  it('forgets the conversation when the client signs out', async () => {
    const page = await open();
    const chat = await openChat(page);
    await write(chat, 'мой секрет');
    await chat.getByText('Отправлено').waitFor();
    await page.evaluate("okno('identify', null)");
    await eventually(() => chat.locator('.own').count()).toBe(0);
    await page.reload();
    const again = await chatFrame(page);
    await eventually(() => hub.connected).toBe(1);
    expect(await said(again, 'мой секрет').count()).toBe(0);
  });
});

const WILD = [
  'Ж'.repeat(500),
  'שלום עולם 123 مرحبا بالعالم',
  '\u202Eнаоборот и \u2066изоляция',
  '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(60),
  `Z${'\u0334\u0321\u0322'.repeat(80)}algo`,
  '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  `${'слово '.repeat(17_000)}`,
];

inBrowser('whatever is said', () => {
  it('stays text and stays inside, on a phone too', async () => {
    const page = await open({ size: 'phone' });
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    for (const text of WILD) hub.says('client', text);
    for (const text of WILD) hub.says('operator', text, { choices: [{ id: 'x', text: text.slice(0, 200) }] });
    await eventually(() => chat.locator('.message').count()).toBe(WILD.length * 2);
    expect(await chat.locator('.log img, .log script').count()).toBe(0);
    expect(await fitsWidth(chat)).toBe(true);
    await chat
      .getByRole('button', { name: /Показать полностью/ })
      .last()
      .click();
    await chat.getByRole('button', { name: 'Свернуть' }).waitFor();
    expect(await fitsWidth(chat)).toBe(true);
  });

  it('becomes a link only in what the bank says, and only where it is plain https', async () => {
    const page = await open();
    const chat = await openChat(page);
    await eventually(() => hub.connected).toBe(1);
    hub.says('client', 'https://client.example/');
    hub.says(
      'bot',
      'https://bank.example/a http://bank.example/b javascript:alert(1) https://bank.example@evil.example',
    );
    await chat.locator('.theirs').waitFor();
    const links = await chat
      .locator('.log a')
      .evaluateAll((found) =>
        found.map((link) => [
          link.getAttribute('href'),
          link.getAttribute('rel'),
          link.getAttribute('target'),
        ]),
      );
    expect(links).toEqual([['https://bank.example/a', 'noopener noreferrer', '_blank']]);
  });
});

inBrowser('the looks', () => {
  it.each(LOOKS)(
    'are without violations and cut nothing off, light and dark: $sizes, $locale',
    async (look) => {
      const { sizes, locale } = look;
      const page = await open({ size: sizes[0], locale });
      const chat = await openChat(page);
      await eventually(() => hub.connected).toBe(1);
      await inEachLook(page, sizes, (shown) => expectAccessible(chat, shown));
      hub.says('bot', 'Which? Какой?', {
        choices: [
          { id: 'a', text: 'One' },
          { id: 'b', text: 'Два' },
          { id: 'l', text: 'Three', kind: 'link', url: 'https://bank.example/three' },
          { id: 'p', text: 'Место', kind: 'location' },
        ],
      });
      hub.says('system', 'An operator has joined. Подключился сотрудник.');
      hub.says('operator', 'https://bank.example/');
      await chat.locator('.said a').waitFor();
      hub.manner = { error: 'too-large' };
      await write(chat, 'hello');
      await chat.locator('.failure').waitFor();
      hub.isUp = false;
      hub.drop();
      await chat.locator('.notice').waitFor();
      await inEachLook(page, sizes, async (shown) => {
        await expectAccessible(chat, shown);
        await expectAccessible(page, shown);
        expect(await fitsWidth(chat), shown).toBe(true);
        expect(await fitsWidth(page), shown).toBe(true);
        const size = await chat.locator('textarea').evaluate((field) => getComputedStyle(field).fontSize);
        expect(size, shown).toBe('16px');
      });
    },
  );

  it('move nothing where the system asks for less motion', async () => {
    const page = await open({ reducedMotion: 'reduce' });
    const chat = await openChat(page);
    // What only appears after a while, at once, is no motion.
    const moving = await chat.evaluate(
      () => document.getAnimations().filter(({ effect }) => Number(effect?.getTiming().duration) > 1).length,
    );
    expect(moving).toBe(0);
  });
});
