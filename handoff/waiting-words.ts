import type { Locale } from '../gateway/model/contact.ts';

type Texts = Readonly<Record<Locale, string>>;

/** What clients hear who wait for an operator. `{ahead}` is how many are before them in the queue. */
export interface WaitingWords {
  /** Nobody is before them. */
  readonly next: Texts;
  readonly ahead: Texts;
  /** So many are before them that nobody counts. */
  readonly many: Texts;
  /** To the first thing that they write meanwhile. */
  readonly passedOn: Texts;
  /** Instead of it, where it made their conversation urgent. */
  readonly urgent: Texts;
}

/** Beyond this many nobody counts how many are before a client. */
export const MAX_AHEAD = 50;

/** What a client hears of their place. Pure. */
export function placeText(words: WaitingWords, ahead: number, locale: Locale): string {
  const text = ahead === 0 ? words.next : ahead < MAX_AHEAD ? words.ahead : words.many;
  return text[locale].replaceAll('{ahead}', String(Math.min(ahead, MAX_AHEAD)));
}

/** The hub's own; the settings can put others in their place. */
export const WAITING_WORDS: WaitingWords = {
  next: {
    ru: 'Вы первые в очереди. Сотрудник ответит сюда, ждать на связи не обязательно.',
    en: 'You are next in the queue. An operator will answer here; you need not stay online.',
  },
  ahead: {
    ru: 'Перед вами в очереди: {ahead}. Сотрудник ответит сюда, ждать на связи не обязательно.',
    en: 'Before you in the queue: {ahead}. An operator will answer here; you need not stay online.',
  },
  many: {
    ru: 'Обращений сейчас очень много, перед вами не меньше {ahead}. Сотрудник ответит сюда, ждать на связи не обязательно.',
    en: 'There are very many requests now, at least {ahead} before yours. An operator will answer here; you need not stay online.',
  },
  passedOn: {
    ru: 'Передали. Сотрудник увидит это вместе со всем диалогом.',
    en: 'Passed on. An operator will see it together with the whole dialogue.',
  },
  urgent: {
    ru: 'Отметили как срочное: вы в начале очереди. Никому не сообщайте коды из СМС, мы их никогда не спрашиваем.',
    en: 'Marked as urgent: you are at the front of the queue. Never tell anyone the codes from your text messages; we never ask for them.',
  },
};
