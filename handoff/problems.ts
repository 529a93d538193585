import type { ProblemKind } from '../gateway/problem.ts';

/** The problems of the desk's routes. */
export const DESK_PROBLEMS = {
  missing: {
    status: 404,
    code: 'not-found',
    title: { ru: 'Такого диалога нет.', en: 'There is no such conversation.' },
  },
  /** Comes with `operator`: who has it. */
  taken: {
    status: 409,
    code: 'already-taken',
    title: { ru: 'Диалог уже взял другой оператор.', en: 'Another operator has taken this conversation.' },
  },
  changed: {
    status: 409,
    code: 'conversation-changed',
    title: {
      ru: 'Диалог тем временем изменился. Посмотрите и повторите.',
      en: 'The conversation has changed meanwhile. Look at it and try again.',
    },
  },
  notYours: {
    status: 409,
    code: 'not-yours',
    title: { ru: 'Диалог ведёте не вы.', en: 'You do not own this conversation.' },
  },
  closed: {
    status: 409,
    code: 'closed',
    title: { ru: 'Диалог завершён.', en: 'The conversation is closed.' },
  },
  notLinked: {
    status: 409,
    code: 'not-linked',
    title: {
      ru: 'Этот адрес ни с кем не связан: отменять нечего.',
      en: 'This identity is linked with nobody: there is nothing to undo.',
    },
  },
  notLabelled: {
    status: 409,
    code: 'no-client-text',
    title: {
      ru: 'Тему можно указать только у сообщения клиента, в котором есть текст.',
      en: 'Only a message of the client that has a text can be about something.',
    },
  },
  noMessage: {
    status: 404,
    code: 'no-message',
    title: { ru: 'Такого сообщения в диалоге нет.', en: 'There is no such message in the conversation.' },
  },
  notRevisable: {
    status: 409,
    code: 'not-revisable',
    title: {
      ru: 'Исправить и удалить можно только сообщение оператора, а реакцию поставить только на сообщение клиента.',
      en: 'Only messages of operators can be edited and deleted, and only messages of the client can have a reaction.',
    },
  },
  notPossibleHere: {
    status: 409,
    code: 'not-possible-here',
    title: {
      ru: 'В этом канале так нельзя. Отправьте уточнение новым сообщением.',
      en: 'This channel cannot do that. Send a correction as a new message.',
    },
  },
  messageChannelOff: {
    status: 409,
    code: 'message-channel-off',
    title: {
      ru: 'Канал этого сообщения выключен: изменить его там нельзя.',
      en: 'The channel of this message is off: it cannot be changed there.',
    },
  },
  tooOld: {
    status: 409,
    code: 'too-old',
    title: {
      ru: 'Сообщение отправлено слишком давно: канал уже не даст его изменить. Отправьте уточнение новым сообщением.',
      en: 'The message is too old: its channel no longer lets it be changed. Send a correction as a new message.',
    },
  },
  alreadyDeleted: {
    status: 409,
    code: 'already-deleted',
    title: { ru: 'Сообщение уже удалено.', en: 'The message is deleted already.' },
  },
  notDelivered: {
    status: 409,
    code: 'not-delivered',
    title: {
      ru: 'Клиент этого сообщения не получил: менять нечего.',
      en: 'The client did not get this message: there is nothing to change.',
    },
  },
  doesNotFit: {
    status: 409,
    code: 'does-not-fit',
    title: {
      ru: 'Новый текст не помещается на место прежнего. Сократите его или отправьте новым сообщением.',
      en: 'The new text does not fit in the place of the old one. Shorten it, or send it as a new message.',
    },
  },
  noThread: {
    status: 409,
    code: 'no-thread',
    title: { ru: 'Клиенту пока некуда ответить.', en: 'There is no place yet to answer the client.' },
  },
  channelOff: {
    status: 409,
    code: 'channel-off',
    title: {
      ru: 'Канал клиента выключен: ответ до него не дойдёт. Свяжитесь с клиентом иначе, например по телефону.',
      en: 'The client’s channel is off: no answer would reach them. Reach them in another way, such as by phone.',
    },
  },
} as const satisfies Record<string, ProblemKind>;
