import { expect, it } from 'vitest';
import { chatFrame, expectAccessible, fitsWidth, inEachLook, LOOKS, openChat, openPage } from './browser.ts';
import { bank, browser, eventually, heed, hub, inBrowser, open, said, startStage, write } from './stage.ts';

startStage();

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
    heed(opened.complaints);
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
    heed(opened.complaints.filter((text) => !text.includes('ERR_FAILED')));
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
