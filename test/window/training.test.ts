import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTraining } from '../../nlu/formats/index.ts';
import type { FakeTelegram } from '../fakes/telegram.ts';
import type { TestHub } from '../fixtures/hub.ts';
import { axeFindings, faultsOf, hasBrowser, isOverflowing, openPage, renewPage } from './open-window.ts';
import { type RealHub, startRealHub } from './real-hub.ts';

const LONG_MS = 900_000;
/** Training and measuring take their time. */
const TRAINING_MS = 420_000;

let real: RealHub;
let telegram: FakeTelegram;
let hub: TestHub;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  real = await startRealHub();
  ({ telegram, hub, browser } = real);
  page = await openTraining();
}, LONG_MS);
afterAll(async () => {
  await real?.stop();
});

async function openTraining(): Promise<Page> {
  const opened = await openPage(browser, hub.url);
  await opened.goto(`${hub.url}/window/training`);
  await opened.getByRole('button', { name: 'admin@demo.bank' }).click();
  await opened.getByRole('heading', { level: 1, name: 'Обучение бота' }).waitFor();
  return opened;
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
const phrases = () => page.getByRole('list', { name: 'Примеры фраз' });

describe.skipIf(!hasBrowser)('the training page on the real hub', { timeout: LONG_MS }, () => {
  it('adds a phrase to an intent, moves it, removes it, and undoes each', async () => {
    await page.getByRole('button', { name: /^Адрес отделения/ }).click();
    await page.getByLabel('Пример фразы').fill('сезам откройся');
    await page.keyboard.press('Enter');
    await phrases().getByText('сезам откройся').waitFor();
    await button('Переместить «сезам откройся»').click();
    await page.getByRole('dialog').getByLabel('Намерение').selectOption({ label: 'Курс валют' });
    await button('Сохранить').click();
    await page.getByRole('heading', { name: 'Курс валют' }).waitFor();
    await phrases().getByText('сезам откройся').waitFor();
    await button('Отменить').click();
    await phrases().getByText('сезам откройся').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Адрес отделения/ }).click();
    await button('Убрать «сезам откройся»').click();
    await phrases().getByText('сезам откройся').waitFor({ state: 'detached' });
    await button('Отменить').click();
    await phrases().getByText('сезам откройся').waitFor();
  });

  it('shows a phrase as it is kept, without personal data, and takes it back', async () => {
    await page.getByLabel('Пример фразы').fill('где рядом карта 4276380012345679');
    await page.keyboard.press('Enter');
    await phrases().getByText('где рядом карта 0000000000000000').waitFor();
    await button('Отменить').click();
    await phrases().getByText('где рядом карта 0000000000000000').waitFor({ state: 'detached' });
  });

  it('makes a new intent, and refuses a name that no script could call', async () => {
    await button('Новая фраза или намерение').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Пример фразы').fill('хочу золотой слиток');
    await dialog.getByLabel('Намерение').selectOption({ label: 'Новое намерение…' });
    await dialog.getByLabel('Название нового намерения').fill('Слитки');
    await button('Сохранить').click();
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByLabel('Название нового намерения').fill('buy_gold');
    await button('Сохранить').click();
    await page.getByRole('heading', { name: 'buy gold' }).waitFor();
    const { rows } = await hub.db.query("select text from training_phrase where intent = 'buy_gold'");
    expect(rows).toEqual([{ text: 'хочу золотой слиток' }]);
  });

  it('tells two intents of one name apart by their ids, wherever one is chosen', async () => {
    await button('Новая фраза или намерение').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Пример фразы').fill('сколько осталось на вкладе мечты');
    await dialog.getByLabel('Намерение').selectOption({ label: 'Новое намерение…' });
    await dialog.getByLabel('Название нового намерения').fill('balance');
    await button('Сохранить').click();
    await page.getByRole('heading', { name: 'Остаток на счёте (balance)' }).waitFor();
    const places = page.getByRole('navigation', { name: 'Намерения' });
    await places.getByRole('button', { name: /^Остаток на счёте \(check_balance\)/ }).waitFor();
    expect(await places.getByRole('button', { name: /^Курс валют\s*\d/ }).count()).toBe(1);
    await button('Переместить «сколько осталось на вкладе мечты»').click();
    const options = await page.getByRole('dialog').getByLabel('Намерение').locator('option').allInnerTexts();
    const same = ['Остаток на счёте (balance)', 'Остаток на счёте (check_balance)'];
    expect(options.filter((label) => label.startsWith('Остаток'))).toEqual(same);
    await page.keyboard.press('Escape');
    await button('Отменить').click();
    await places.getByRole('button', { name: /^Остаток на счёте\s*\d/ }).waitFor();
  });

  it('says how a phrase is understood, and which words and phrases decide', async () => {
    await page.getByLabel('Фраза для пробы').fill('заблокируйте мою карту');
    await page.keyboard.press('Enter');
    const trial = page.getByRole('region', { name: 'Попробовать фразу' });
    await trial.getByRole('strong').getByText('Блокировка карты').waitFor();
    expect(await trial.locator('[data-effect=for]').first().textContent()).toContain('заблокируйте');
    await trial
      .getByText(/Блокировка карты, \d/)
      .first()
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('shows what the bot did not understand, and takes it for an intent', async () => {
    await tab('Непонятое');
    await page.getByText('Непонятых фраз нет').waitFor();
    const text = 'барабульки квадратной';
    telegram.say(7101, `${text} для Петра`);
    await telegram.hears(7101, 1, 20_000);
    await expect
      .poll(async () => (await hub.db.query('select from training_candidate')).rowCount, { timeout: 20_000 })
      .toBe(1);
    await page.reload();
    await tab('Непонятое');
    await page.getByText('бот не понял').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button(/^Другое намерение для «барабульки/).click();
    await page.getByRole('dialog').getByLabel('Намерение').selectOption({ label: 'Вне тем бота' });
    await button('Сохранить').click();
    await page.getByText('Непонятых фраз нет').waitFor();
    const { rows } = await hub.db.query(`select text from training_phrase where intent = 'none'`);
    expect(rows).toEqual([{ text: `${text} для Иван` }]);
  });

  /** It says first which model will answer. */
  const rollBack = async () => {
    await button('Откатить').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Клиентам снова будет отвечать модель из поставки').waitFor();
    await dialog.getByRole('button', { name: 'Откатить' }).click();
  };

  it('trains, compares with the model in use, publishes and rolls back', async () => {
    await tab('Модели');
    await page.getByText('Своих моделей ещё нет').waitFor();
    await button('Обучить модель').click();
    await page.getByText(/Готова модель 1/).waitFor({ timeout: TRAINING_MS });
    await button(/^Сравнить модель 1/).click();
    await page.getByText('Вероятность случайности').waitFor({ timeout: TRAINING_MS });
    expect(await axeFindings(page)).toEqual([]);
    await button('Опубликовать').click();
    await page.getByText('В работе модель 1').waitFor();
    await rollBack();
    await page.getByText('В работе модель из поставки').waitFor();
  });

  it('shows figures for each intent, the matrix, and what to mend', async () => {
    await tab('Оценка');
    await page.getByLabel('Какую модель показать').selectOption({ label: 'Модель 1' });
    const matrix = page.getByRole('img', { name: 'Что за что принимается' });
    await matrix.locator('svg').waitFor();
    const table = page.getByRole('region', { name: 'По намерениям' });
    expect(await table.getByRole('row').count()).toBeGreaterThan(10);
    expect(await axeFindings(page)).toEqual([]);
    await tab('Проверка фраз');
    await page.getByText('buy gold: 1 из 5').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('says what went wrong, and loads again', async () => {
    await page.route('**/api/v1/training/lint', (route) => route.abort());
    await page.reload();
    await tab('Проверка фраз');
    await page.getByText('Проверка не удалась').waitFor();
    await page.unroute('**/api/v1/training/lint');
    await button('Повторить').click();
    await page.getByText('buy gold: 1 из 5').waitFor();
    expect(faultsOf(page)).toEqual([]);
  });

  it('takes phrases from a file, and gives all of them in each format', async () => {
    const file = {
      name: 'own.yml',
      mimeType: 'application/yaml',
      buffer: Buffer.from(
        'version: "3.1"\nnlu:\n- intent: buy_gold\n  examples: |\n    - хочу золото 💰\n    - купить слиток: 5 г\n    - слиток с карты 4276380012345679\n- intent: <script>alert(1)</script>\n  examples: |\n    - сплавить золото\n',
      ),
    };
    const choosing = page.waitForEvent('filechooser');
    await button('Загрузить фразы').click();
    await (await choosing).setFiles(file);
    await page
      .getByText('Загружено: 4, уже были: 0. Сохранено без личных данных, которые в них были: 1.')
      .filter({ hasText: 'названы здесь иначе: «<script>alert(1)</script>» → script_alert_1_script.' })
      .waitFor();
    const exported = async (format: string) => {
      const saving = page.waitForEvent('download');
      await page.getByRole('link', { name: `Выгрузить все фразы: ${format}` }).click();
      const download = await saving;
      const bytes = readFileSync(await download.path());
      const phrases = readTraining(bytes, download.suggestedFilename());
      return new Map(phrases.map(({ text, label }) => [text, label]));
    };
    const tsv = await exported('TSV');
    expect(tsv.get('хочу золото 💰')).toBe('buy_gold');
    expect(tsv.get('купить слиток: 5 г')).toBe('buy_gold');
    expect(tsv.get('слиток с карты 0000000000000000')).toBe('buy_gold');
    expect(tsv.get('хочу золотой слиток')).toBe('buy_gold');
    expect(tsv.size).toBeGreaterThan(1000);
    expect(await exported('Rasa')).toEqual(tsv);
    expect(await exported('Dialogflow')).toEqual(tsv);
    expect(faultsOf(page)).toEqual([]);
  });

  it('says that the published model cannot be read and what answers, and rolls back', async () => {
    await hub.db.query(
      `with made as (insert into model_version (model, checksum, file, answers, figures, trained_by, trained_at)
         select model, checksum, 'OKNONLU', answers, figures, trained_by, trained_at from model_version limit 1
         returning version)
       insert into model_publication (version, published_by, published_at) select version, 'test', now() from made`,
    );
    await page.reload();
    await tab('Модели');
    await expect
      .poll(
        async () => {
          await page.reload();
          await tab('Модели');
          return page.getByRole('alert').getByText('не читается этой программой').count();
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toBe(1);
    await page.getByRole('alert').getByText('is not a model of Okno').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await rollBack();
    await page.getByText('В работе модель из поставки').waitFor();
    expect(await page.getByText('не читается этой программой').count()).toBe(0);
  });

  it('fits a phone, in the dark, in English', async () => {
    const phone = page;
    await phone.setViewportSize({ width: 390, height: 768 });
    await phone.emulateMedia({ colorScheme: 'dark' });
    await phone.evaluate(() => localStorage.setItem('okno.locale', 'en'));
    await phone.goto(`${hub.url}/window/training`);
    await phone.getByLabel('Phrase to try').fill('where is my card');
    await phone.keyboard.press('Enter');
    await phone.getByText('Words for and against', { exact: false }).waitFor();
    expect(await isOverflowing(phone)).toBe(false);
    expect(await axeFindings(phone)).toEqual([]);
    for (const name of ['Models', 'Figures', 'Phrase check']) {
      await phone.getByRole('tab', { name }).click();
      await phone.getByRole('tabpanel').locator('table, h2').first().waitFor({ timeout: TRAINING_MS });
      expect(await isOverflowing(phone), name).toBe(false);
      expect(await axeFindings(phone), name).toEqual([]);
    }
    expect(faultsOf(phone)).toEqual([]);
  });

  it('is the whole window of a script admin, who sees no conversations', async () => {
    await hub.db.query(`update users set roles = '{script-admin}' where email = 'operator2@demo.bank'`);
    const editor = page;
    await renewPage(editor, hub.url);
    await editor.setViewportSize({ width: 1366, height: 768 });
    await editor.goto(`${hub.url}/window/`);
    await editor.getByRole('button', { name: 'operator2@demo.bank' }).click();
    await editor.getByRole('heading', { level: 1, name: 'Обучение бота' }).waitFor();
    await editor.goto(`${hub.url}/window/desk`);
    await editor.getByText('Диалоги ведут операторы').waitFor();
    expect(faultsOf(editor)).toEqual([]);
  });
});
