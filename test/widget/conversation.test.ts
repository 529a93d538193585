import type { Frame } from 'playwright-core';
import { expect, it } from 'vitest';
import { chatFrame, expectAccessible, fitsWidth, openChat } from './browser.ts';
import { eventually, hub, inBrowser, open, said, startStage, write } from './stage.ts';

startStage();

async function scrolledTo(chat: Frame): Promise<{ top: number; left: number }> {
  return chat.locator('.log').evaluate((log) => ({
    top: log.scrollTop,
    left: log.scrollHeight - log.scrollTop - log.clientHeight,
  }));
}

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
