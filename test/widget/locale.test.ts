import { expect, it } from 'vitest';
import { frameTexts } from '../../gateway/connectors/webchat/widget/frame/texts.ts';
import { loaderTexts } from '../../gateway/connectors/webchat/widget/loader/texts.ts';
import { chooseLocale } from '../../gateway/connectors/webchat/widget/locale.ts';

it('speaks the first language of the page or the browser that it knows, else Russian', () => {
  expect(chooseLocale([undefined, '', 'EN-gb', 'ru'])).toBe('en');
  expect(chooseLocale(['de', 'ru-RU', 'en'])).toBe('ru');
  expect(chooseLocale(['de', null])).toBe('ru');
});

it('counts in the forms of each language', () => {
  expect([1, 2, 5, 21, 112].map(loaderTexts.ru.unread)).toEqual([
    '1 непрочитанное сообщение',
    '2 непрочитанных сообщения',
    '5 непрочитанных сообщений',
    '21 непрочитанное сообщение',
    '112 непрочитанных сообщений',
  ]);
  expect([1, 2].map(loaderTexts.en.unread)).toEqual(['1 unread message', '2 unread messages']);
  expect([1, 3, 11].map(frameTexts.ru.newMessages)).toEqual([
    '1 новое сообщение',
    '3 новых сообщения',
    '11 новых сообщений',
  ]);
  expect([1, 11].map(frameTexts.en.newMessages)).toEqual(['1 new message', '11 new messages']);
});
