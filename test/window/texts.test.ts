import { describe, expect, it } from 'vitest';
import { trainingTexts } from '../../bots/training/page/texts/training.ts';
import { consoleTexts } from '../../config/console/texts/console.ts';
import { channelTexts } from '../../gateway/web/channels/texts/channels.ts';
import { ledgerTexts } from '../../gateway/web/ledger/texts/ledger.ts';
import { kitTexts } from '../../gateway/web/texts/kit.ts';
import { createTexts, textsOf } from '../../gateway/web/texts.ts';
import { eventText } from '../../gateway/web/transcript/event-text.ts';
import { deskTexts } from '../../handoff/desk/texts/desk.ts';

const BUNDLES = [kitTexts, deskTexts, ledgerTexts, channelTexts, trainingTexts, consoleTexts];
const PLURAL = /_(one|few|many|other)$/;

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
const bases = (texts: Readonly<Record<string, string>>) =>
  [...new Set(Object.keys(texts).map((key) => key.replace(PLURAL, '')))].sort();

describe('texts of the pages', () => {
  it('exist in both languages', () => {
    for (const { ru, en } of BUNDLES) expect(bases(en)).toEqual(bases(ru));
  });

  it('have every plural form that their language knows', () => {
    for (const { ru, en } of BUNDLES) {
      for (const [texts, locale] of [
        [ru, 'ru'],
        [en, 'en'],
      ] as const) {
        const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
        for (const base of Object.keys(texts)
          .filter((key) => PLURAL.test(key))
          .map((key) => key.replace(PLURAL, ''))) {
          for (const form of forms) expect(texts).toHaveProperty([`${base}_${form}`]);
        }
      }
    }
  });

  it('name the same values in both languages', () => {
    for (const { ru, en } of BUNDLES) {
      for (const [key, text] of Object.entries(ru)) {
        const other = en[key] ?? en[key.replace(PLURAL, '_other')] ?? '';
        expect([key, placeholders(other)]).toEqual([key, placeholders(text)]);
      }
    }
  });

  it('say no exclamation and leave no text empty', () => {
    for (const { ru, en } of BUNDLES) {
      for (const text of [...Object.values(ru), ...Object.values(en)]) expect(text).toMatch(/^[^!]+$/);
    }
  });

  it('choose the Russian plural form by the number', async () => {
    const texts = await createTexts('ru', [kitTexts]);
    const fold = (count: number) => texts.t('transcript.fold', { ns: 'kit', count });
    expect(fold(1)).toBe('Показать диалог с ботом: 1 сообщение');
    expect(fold(3)).toBe('Показать диалог с ботом: 3 сообщения');
    expect(fold(5)).toBe('Показать диалог с ботом: 5 сообщений');
    expect(fold(21)).toBe('Показать диалог с ботом: 21 сообщение');
  });

  it('put a client’s words in as they are, without entities', async () => {
    const texts = await createTexts('ru', [kitTexts]);
    expect(texts.t('transcript.typing', { ns: 'kit', who: '<b>&' })).toBe('<b>& печатает…');
  });

  it('name the channels between which a client moved, and leave an unknown one as it is', async () => {
    const texts = textsOf(await createTexts('ru', [kitTexts]), kitTexts, 'ru');
    const moved = (fromChannel: string, channel: string) =>
      eventText(
        { type: 'line', seq: 1, at: '', what: 'conversation.moved', detail: { fromChannel, channel } },
        texts,
        () => undefined,
      );
    expect(moved('webchat', 'twilio')).toBe('Клиент перешёл: Чат на сайте → СМС (Twilio)');
    expect(moved('telegram-vip', 'email')).toBe('Клиент перешёл: telegram-vip → Почта');
  });

  it('say in the second of two open conversations that its client writes in the other', async () => {
    const texts = textsOf(await createTexts('en', [kitTexts]), kitTexts, 'en');
    const linked = (detail: Record<string, string>) =>
      eventText({ type: 'line', seq: 1, at: '', what: 'identity.linked', detail }, texts, () => undefined);
    expect(linked({ how: 'move-code' })).toMatch(/contacts linked/);
    expect(linked({ how: 'move-code', secondary: 'true' })).toMatch(/while it is open, they write there/);
  });
});
