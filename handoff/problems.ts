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
  noThread: {
    status: 409,
    code: 'no-thread',
    title: { ru: 'Клиенту пока некуда ответить.', en: 'There is no place yet to answer the client.' },
  },
} as const satisfies Record<string, ProblemKind>;
