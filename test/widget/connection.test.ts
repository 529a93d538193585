import { expect, it } from 'vitest';
import { chatFrame, expectAccessible, openChat } from './browser.ts';
import { bank, eventually, hub, inBrowser, open, said, startStage, write } from './stage.ts';

startStage();

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
