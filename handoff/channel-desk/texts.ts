import type { Locale } from '../../gateway/model/contact.ts';

/** What operators read at a desk in a channel. */
export const DESK_TEXTS = {
  ru: {
    client: 'Клиент',
    bot: 'Бот',
    operator: 'Оператор',
    system: 'Система',
    note: 'Заметка (видна только сотрудникам)',
    unnamed: 'без имени',
    deleted: 'клиент удалил сообщение',
    deletedOwn: 'сообщение удалено',
    edited: 'изменено',
    take: 'Взять',
    return: 'Вернуть боту',
    close: 'Завершить',
    waiting: 'Ждёт оператора',
    urgent: 'Срочно',
    urgentReasons: { fraud: 'мошенничество', 'card-at-risk': 'угроза карте' },
    taken: (name: string) => `Ведёт ${name}`,
    withBot: 'Отвечает бот',
    closed: 'Диалог завершён',
    evidence: {
      claimed: 'личность не подтверждена',
      'code-confirmed': 'подтверждён кодом',
      'bank-authenticated': 'подтверждён банком',
    },
    how: 'Ответ в этой ветке увидит клиент. Строка, которая начинается с «заметка:», останется между сотрудниками.',
    stranger:
      'Вас нет среди операторов: войдите в окно под этой же почтой или попросите администратора добавить вас.',
    unknownThread: 'Этого диалога больше нет.',
    refused: {
      missing: 'Такого диалога нет.',
      closed: 'Диалог завершён.',
      changed: 'Диалог тем временем изменился. Посмотрите и повторите.',
      taken: 'Диалог уже взял другой оператор.',
      'not-yours': 'Диалог ведёте не вы. Сначала возьмите его.',
      'no-thread': 'Клиенту пока некуда ответить.',
      'channel-off':
        'Клиент этого не получит: его канал выключен. Свяжитесь с ним иначе, например по телефону.',
      'data-class':
        'Клиент этого не получил: здесь целиком номер счёта, договора, карты или документа, а канал клиента такого не передаёт. Оставьте последние цифры или продолжите с клиентом в чате на сайте (в окне: «Продолжить в другом канале»).',
    },
  },
  en: {
    client: 'Client',
    bot: 'Bot',
    operator: 'Operator',
    system: 'System',
    note: 'Note (only staff see it)',
    unnamed: 'no name',
    deleted: 'the client deleted a message',
    deletedOwn: 'deleted a message',
    edited: 'edited',
    take: 'Take',
    return: 'Return to the bot',
    close: 'Close',
    waiting: 'Waits for an operator',
    urgent: 'Urgent',
    urgentReasons: { fraud: 'fraud', 'card-at-risk': 'a card at risk' },
    taken: (name: string) => `With ${name}`,
    withBot: 'The bot answers',
    closed: 'The conversation is closed',
    evidence: {
      claimed: 'identity not confirmed',
      'code-confirmed': 'confirmed by code',
      'bank-authenticated': 'confirmed by the bank',
    },
    how: 'The client reads what you write in this thread. A line that begins with “note:” stays among staff.',
    stranger:
      'You are not among the operators: sign in to the window with the same e-mail, or ask an administrator to add you.',
    unknownThread: 'This conversation is no longer there.',
    refused: {
      missing: 'There is no such conversation.',
      closed: 'The conversation is closed.',
      changed: 'The conversation has changed meanwhile. Look at it and try again.',
      taken: 'Another operator has taken this conversation.',
      'not-yours': 'You do not have this conversation. Take it first.',
      'no-thread': 'There is no place yet to answer the client.',
      'channel-off':
        'The client will not get this: their channel is off. Reach them in another way, such as by phone.',
      'data-class':
        'The client did not get this: it holds the whole number of an account, a contract, a card or a paper, which their channel may not carry. Leave its last digits, or go on with them in the chat on the website (in the window: “Continue in another channel”).',
    },
  },
} as const satisfies Record<Locale, unknown>;

export type DeskTexts = (typeof DESK_TEXTS)[Locale];
