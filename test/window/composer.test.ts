import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import { axeFindings, hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { soon } from './soon.ts';

const ME = { kind: 'operator', operator: PEOPLE.operator.id, name: PEOPLE.operator.name } as const;

let bench: WindowBench;
let page: Page;
let id: string;
beforeAll(async () => {
  bench = await openBench();
  page = await bench.open();
});
beforeEach(async () => {
  id = mine('Анна');
  await bench.signIn(page, `/window/desk/${id}?view=mine`);
  await reply().waitFor();
});
afterEach(() => bench.server.faults.clear());
afterAll(() => bench.stop());

function mine(name: string, maxText = 4096): string {
  const contact = { id: PEOPLE.reader.id, name, evidence: 'claimed' as const };
  const made = bench.server.state.open({ owner: ME, contact, channel: 'telegram', maxText });
  bench.server.state.clientSays(made, 'Здравствуйте');
  return made;
}
const reply = () => page.getByLabel('Ответ клиенту · Telegram');
const note = () => page.getByLabel('Заметка: видна только сотрудникам');
const log = () => page.getByRole('log');
const said = () =>
  bench.server.state.get(id).items.flatMap((item) => {
    if (item.type === 'note') return [`note: ${item.text}`];
    if (item.type !== 'message' || item.from !== 'operator') return [];
    return item.content.map((part) => ('text' in part ? part.text : ''));
  });

describe.skipIf(!hasBrowser)('a reply', () => {
  it('goes out with Enter and with Ctrl+Enter, and Shift+Enter begins a line', async () => {
    await reply().fill('первое');
    await reply().press('Enter');
    await reply().fill('второе');
    await reply().press('Control+Enter');
    await reply().pressSequentially('две');
    await reply().press('Shift+Enter');
    await reply().pressSequentially('строки');
    await page.getByRole('button', { name: 'Отправить' }).click();
    await soon(() => expect(said()).toEqual(['первое', 'второе', 'две\nстроки']));
    expect(await reply().inputValue()).toBe('');
    await log().getByText('второе').waitFor();
    expect(await log().getByText('второе').count()).toBe(1);
  });

  it('is not sent while a character is being composed, nor when it is blank', async () => {
    await reply().fill('日本');
    await reply().dispatchEvent('keydown', { key: 'Enter', code: 'Enter', isComposing: true });
    await reply().fill('  \n ');
    await reply().press('Enter');
    expect(await page.getByRole('button', { name: 'Отправить' }).isDisabled()).toBe(true);
    await reply().fill('настоящее');
    await reply().press('Enter');
    await soon(() => expect(said()).toEqual(['настоящее']));
  });

  it('is shown at once, and counts once where the answer was lost', async () => {
    bench.server.faults.add({ on: /POST .*messages/, what: 'answer-lost', times: 1 });
    await reply().fill('ровно один раз');
    await reply().press('Enter');
    await log().getByText('ровно один раз').waitFor();
    await soon(() => expect(said()).toEqual(['ровно один раз']));
    await soon(async () => expect(await log().locator('[data-state]').count()).toBe(0));
    expect(await log().getByText('ровно один раз').count()).toBe(1);
    expect(said()).toHaveLength(1);
  });

  it('waits for the connection, and is sent after a reload too', async () => {
    bench.server.faults.add({ on: /POST .*messages/, what: 'cut' });
    await reply().fill('раз');
    await reply().press('Enter');
    await reply().fill('два');
    await reply().press('Enter');
    await log().getByText('Ждёт связи, отправим сами').first().waitFor();
    await page.reload();
    await log().getByText('раз', { exact: true }).waitFor();
    expect(said()).toEqual([]);
    bench.server.faults.clear();
    await soon(() => expect(said()).toEqual(['раз', 'два']));
    await soon(async () => expect(await log().locator('[data-state]').count()).toBe(0));
  });

  it('says why it was refused, is sent again or goes back to the draft', async () => {
    bench.server.faults.add({ on: /POST .*messages/, what: { status: 409, code: 'not-yours' } });
    await reply().fill('не ушло');
    await reply().press('Enter');
    await log().getByText('Не отправлено · Диалог ведёте не вы.').waitFor();
    await reply().fill('новое');
    await log().getByRole('button', { name: 'В черновик' }).click();
    expect(await reply().inputValue()).toBe('не ушло\nновое');
    await reply().press('Enter');
    await log().getByText('Не отправлено').waitFor();
    bench.server.faults.clear();
    await log().getByRole('button', { name: 'Отправить ещё раз' }).click();
    await soon(() => expect(said()).toEqual(['не ушло\nновое']));
  });

  it('shows the limit of the channel, and in how many messages a long one goes out', async () => {
    await page.getByText('0 из 4 096').waitFor();
    const short = mine('Короткий', 160);
    await page.goto(`${bench.server.url}/window/desk/${short}?view=mine`);
    await reply().fill('я'.repeat(400));
    await page.getByText('400 из 160, уйдёт 3 сообщениями').waitFor();
    await reply().fill('я'.repeat(100_001));
    await page.getByText(/слишком длинно, не больше 100\s000/).waitFor();
    expect(await page.getByRole('button', { name: 'Отправить' }).isDisabled()).toBe(true);
    await reply().fill('');
  });
});

describe.skipIf(!hasBrowser)('a note', () => {
  it('has a place of its own, and never reaches the client', async () => {
    await reply().fill('для клиента');
    const replyPlace = await reply().boundingBox();
    await page.getByRole('button', { name: 'Заметка: видна только сотрудникам' }).click();
    await note().fill('для своих');
    const notePlace = await note().boundingBox();
    expect(notePlace?.y).not.toBe(replyPlace?.y);
    expect(await page.getByRole('button', { name: /^Отправить/ }).count()).toBe(0);
    await page.getByRole('button', { name: /^Ответ клиенту Черновик: для клиента/ }).waitFor();
    await note().press('Enter');
    await soon(() => expect(said()).toEqual(['note: для своих']));
    await log().getByText('для своих').waitFor();
    await note().press('Escape');
    expect(await reply().inputValue()).toBe('для клиента');
    await reply().fill('');
  });
});

describe.skipIf(!hasBrowser)('drafts', () => {
  it('survive a switch, a reload and Esc, each in its place', async () => {
    const other = mine('Борис');
    await reply().fill('черновик Анны');
    await reply().press('Escape');
    expect(await reply().inputValue()).toBe('черновик Анны');
    await page.keyboard.press('Alt+KeyP');
    await page.keyboard.type('заметка Анны');
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: /Борис/ }).click();
    await page.getByRole('region', { name: 'Диалог: Борис' }).waitFor();
    expect(await reply().inputValue()).toBe('');
    await reply().fill('черновик Бориса');
    await page.reload();
    await page.getByRole('region', { name: 'Диалог: Борис' }).waitFor();
    expect(await reply().inputValue()).toBe('черновик Бориса');
    await page.getByRole('option', { name: /Анна/ }).first().click();
    await page.getByRole('region', { name: 'Диалог: Анна' }).waitFor();
    expect(await reply().inputValue()).toBe('черновик Анны');
    await page.getByRole('button', { name: /Черновик: заметка Анны/ }).waitFor();
    expect(other).not.toBe(id);
  });

  it('are seen in a second tab', async () => {
    await reply().fill('из первой вкладки');
    const second = await bench.open({ beside: page });
    await second.goto(`${bench.server.url}/window/desk/${id}?view=mine`);
    const there = second.getByLabel('Ответ клиенту · Telegram');
    await there.waitFor();
    expect(await there.inputValue()).toBe('из первой вкладки');
    await there.fill('из второй вкладки');
    await soon(async () => expect(await reply().inputValue()).toBe('из второй вкладки'));
    await there.press('Enter');
    await log().getByText('из второй вкладки').waitFor();
    expect(await reply().inputValue()).toBe('');
    await second.close();
  });
});

describe.skipIf(!hasBrowser)('after the time in which the network takes free words', () => {
  const templates = [
    {
      name: 'card_ready',
      language: 'ru',
      text: '{{1}}, ваша карта готова. Заберите её в {{2}}.',
      parameters: 2,
    },
    { name: 'come_back', language: 'en_US', text: 'We have an answer for you.', parameters: 0 },
    {
      name: 'statement',
      language: 'ru',
      file: 'document',
      text: '{{1}}, выписка готова.',
      buttons: [
        { text: 'Открыть', url: 'https://bank.example/s/{{1}}' },
        { text: 'Позвать сотрудника', answer: 'operator' },
      ],
      parameters: 3,
    },
  ];
  const late = (over: object) => {
    const contact = { id: PEOPLE.reader.id, name: 'Анна', evidence: 'claimed' as const };
    const replyUntil = new Date(Date.now() - 60_000).toISOString();
    id = bench.server.state.open({ owner: ME, contact, channel: 'whatsapp', replyUntil, ...over });
    bench.server.state.clientSays(id, 'Здравствуйте');
    return page.goto(`${bench.server.url}/window/desk/${id}?view=mine`);
  };
  const open = () => page.getByRole('button', { name: 'Отправить шаблон…' });

  it('an approved template is chosen, filled in and sent, by the keyboard alone', async () => {
    await late({ templates });
    await open().press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Отправить шаблон' });
    const sending = dialog.getByRole('button', { name: 'Отправить', exact: true });
    expect(await sending.isDisabled()).toBe(true);
    await dialog.getByLabel('Параметр 1').fill('Анна');
    await dialog.getByLabel('Параметр 2').fill('офисе на Тверской');
    expect(
      await dialog.getByText('Анна, ваша карта готова. Заберите её в офисе на Тверской.').isVisible(),
    ).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await sending.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await soon(() => expect(said()).toEqual(['card_ready: Анна, офисе на Тверской']));
  });

  it('the file, the text and the ends of buttons of a template are asked for by name, and shown as the client sees them', async () => {
    await late({ templates: templates.slice(2) });
    await open().press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Отправить шаблон' });
    await dialog.getByLabel('Адрес документа').fill('https://bank.example/may.pdf');
    await dialog.getByLabel('Параметр 1').fill('Анна');
    const sending = dialog.getByRole('button', { name: 'Отправить', exact: true });
    expect(await sending.isDisabled()).toBe(true);
    await dialog.getByLabel('Окончание адреса кнопки «Открыть»').fill('m5');
    await dialog.getByText('Анна, выписка готова.').waitFor();
    expect(await dialog.getByRole('list', { name: 'Кнопки' }).getByRole('listitem').allInnerTexts()).toEqual([
      'Открыть — https://bank.example/s/m5',
      'Позвать сотрудника',
    ]);
    expect(await axeFindings(page)).toEqual([]);
    await sending.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await soon(() => expect(said()).toEqual(['statement: https://bank.example/may.pdf, Анна, m5']));
  });

  it('nothing is offered where the channel has no templates, and the words say what to wait for', async () => {
    await late({});
    await page.getByText('ответ не уйдёт, пока клиент не напишет снова').waitFor();
    expect(await open().count()).toBe(0);
  });
});

describe.skipIf(!hasBrowser)('an SMS', () => {
  it('says beside its segments what they cost', async () => {
    const contact = { id: PEOPLE.reader.id, name: 'Анна', evidence: 'claimed' as const };
    const sms = {
      channel: 'smpp',
      maxText: 10,
      textUnit: 'segments',
      segmentPrice: { amount: 3.2, currency: 'RUB' },
    } as const;
    id = bench.server.state.open({ owner: ME, contact, ...sms });
    await page.goto(`${bench.server.url}/window/desk/${id}?view=mine`);
    await page.getByRole('textbox', { name: /Ответ клиенту/ }).fill('я'.repeat(100));
    await page.getByText(/2 SMS.*стоит 6,40\s₽/).waitFor();
  });
});
