import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import { hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { soon } from './soon.ts';

const ME = { kind: 'operator', operator: PEOPLE.operator.id, name: PEOPLE.operator.name } as const;

let bench: WindowBench;
let page: Page;
beforeAll(async () => {
  bench = await openBench();
  const { state } = bench.server;
  for (const name of ['Анна', 'Борис', 'Вера']) {
    const id = state.open({ owner: ME, contact: { id: PEOPLE.reader.id, name, evidence: 'claimed' } });
    state.clientSays(id, `Это ${name}`);
  }
  page = await bench.open();
  await bench.signIn(page, '/window/desk?view=all');
  await page.getByRole('option').first().waitFor();
});
afterAll(() => bench.stop());

const opened = (name: string) => page.getByRole('region', { name: `Диалог: ${name}` }).waitFor();
const reply = () => page.getByLabel(/^Ответ клиенту/);

/** A key as a keyboard with the Russian layout sends it. */
async function pressRussian(code: string, key: string, { alt = false, control = false, shift = false } = {}) {
  const session = await page.context().newCDPSession(page);
  const modifiers = (alt ? 1 : 0) + (control ? 2 : 0) + (shift ? 8 : 0);
  await session.send('Input.dispatchKeyEvent', {
    type: 'keyDown',
    code,
    key,
    modifiers,
    windowsVirtualKeyCode: 65,
  });
  await session.send('Input.dispatchKeyEvent', {
    type: 'keyUp',
    code,
    key,
    modifiers,
    windowsVirtualKeyCode: 65,
  });
  await session.detach();
}

describe.skipIf(!hasBrowser)('the keys', () => {
  it('go to the next and the previous conversation on either layout', async () => {
    await page.keyboard.press('Alt+KeyJ');
    await opened('Вера');
    await pressRussian('KeyJ', 'о', { alt: true });
    await opened('Борис');
    await pressRussian('KeyJ', 'о', { alt: true });
    await opened('Анна');
    await pressRussian('KeyK', 'л', { alt: true });
    await opened('Борис');
  });

  it('work from within the reply, and leave plain letters to it', async () => {
    await reply().click();
    await page.keyboard.type('jk?e');
    expect(await reply().inputValue()).toBe('jk?e');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await pressRussian('KeyP', 'з', { alt: true });
    await page.getByLabel('Заметка: видна только сотрудникам').waitFor();
    await page.keyboard.type('в заметку');
    await pressRussian('KeyL', 'д', { alt: true });
    expect(await reply().inputValue()).toBe('jk?e');
    await reply().fill('');
    await page.keyboard.press('Alt+KeyP');
    expect(await page.getByLabel('Заметка: видна только сотрудникам').inputValue()).toBe('в заметку');
    await page.keyboard.press('Escape');
  });

  it('do nothing while a character is being composed', async () => {
    await page.getByRole('log').focus();
    await page.evaluate(() =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', {
          code: 'KeyJ',
          key: 'j',
          altKey: true,
          isComposing: true,
          bubbles: true,
        }),
      ),
    );
    await opened('Борис');
  });

  it('close with Alt+E, but not over a draft', async () => {
    await reply().fill('черновик');
    await pressRussian('KeyE', 'у', { alt: true });
    await page.getByRole('dialog', { name: 'Завершить диалог?' }).waitFor();
    await page.getByRole('button', { name: 'Не завершать' }).click();
    expect(await reply().inputValue()).toBe('черновик');
    await reply().fill('');
  });
});

describe.skipIf(!hasBrowser)('the palette', () => {
  const search = () => page.getByRole('combobox');
  const shown = () => page.getByRole('dialog').getByRole('option').allInnerTexts();

  it('opens with Ctrl+K from anywhere and finds in Russian, English and the wrong layout', async () => {
    await reply().click();
    await pressRussian('KeyK', 'л', { control: true });
    await page.keyboard.type('вер');
    expect(await search().inputValue()).toBe('вер');
    for (const typed of ['верн', 'return', 'dthyenm', 'куегкт']) {
      await search().fill(typed);
      await soon(async () => expect((await shown()).join()).toContain('Вернуть диалог боту'));
    }
    await search().fill('ъъъ');
    await page.getByText('Ничего не нашлось.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
  });

  it('opens a conversation by the client’s name', async () => {
    await page.keyboard.press('Control+KeyK');
    await search().fill('анн');
    await soon(async () => expect((await shown())[0]).toContain('Анна'));
    await page.keyboard.press('Enter');
    await opened('Анна');
  });

  it('runs what the arrows chose', async () => {
    await page.keyboard.press('Control+KeyK');
    await search().fill('диалог');
    const wanted = (await shown())[1]?.split('\n')[0] ?? '';
    await page.keyboard.press('ArrowDown');
    const active = await search().getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${active}"]`).innerText()).toContain(wanted);
    await page.keyboard.press('Escape');
  });
});

describe.skipIf(!hasBrowser)('the sheet of keys', () => {
  it('opens with the question mark of either layout, and lists the keys', async () => {
    for (const [code, key] of [
      ['Slash', '?'],
      ['Digit7', '?'],
    ] as const) {
      await page.getByRole('log').focus();
      await pressRussian(code, key, { shift: true });
      const sheet = page.getByRole('dialog', { name: 'Сочетания клавиш' });
      await sheet.getByText('Следующий диалог').waitFor();
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
    }
  });
});
