import type { Locale } from '../../../../model/contact.ts';

export interface LoaderTexts {
  /** On the button. */
  readonly chat: string;
  /** The name of the button, the sheet and the frame. */
  readonly title: string;
  readonly opening: string;
  readonly failed: string;
  readonly retry: string;
  readonly close: string;
  readonly unread: (count: number) => string;
}

/** The loader's texts. */
export const loaderTexts: Readonly<Record<Locale, LoaderTexts>> = {
  ru: {
    chat: 'Чат',
    title: 'Чат с банком',
    opening: 'Открываем чат…',
    failed: 'Чат не открылся. Проверьте связь и попробуйте ещё раз.',
    retry: 'Повторить',
    close: 'Закрыть чат',
    unread: (count) => {
      const form = new Intl.PluralRules('ru').select(count);
      if (form === 'one') return `${count} непрочитанное сообщение`;
      return form === 'few' ? `${count} непрочитанных сообщения` : `${count} непрочитанных сообщений`;
    },
  },
  en: {
    chat: 'Chat',
    title: 'Chat with the bank',
    opening: 'Opening the chat…',
    failed: 'The chat did not open. Check your connection and try again.',
    retry: 'Try again',
    close: 'Close the chat',
    unread: (count) => {
      const form = new Intl.PluralRules('en').select(count);
      return form === 'one' ? `${count} unread message` : `${count} unread messages`;
    },
  },
};
