import { PROBLEMS, Problem, type ProblemKind } from '../problem.ts';
import type { LetterRefusal } from './letters.ts';
import type { QuarantineRefusal } from './quarantined.ts';

/** Why an act is refused; the routes and the command line say the same. */
const LEDGER_PROBLEMS = {
  decided: {
    status: 409,
    code: 'already-decided',
    title: { ru: 'Это уже решил другой сотрудник.', en: 'Somebody has decided this already.' },
  },
  closed: {
    status: 409,
    code: 'no-open-conversation',
    title: {
      ru: 'У клиента нет открытого диалога, повторить некуда. Уберите сообщение из списка.',
      en: 'The client has no open conversation to send it in. Discard it.',
    },
  },
  erased: {
    status: 409,
    code: 'erased',
    title: {
      ru: 'Текст удалён, повторить нечего. Уберите сообщение из списка.',
      en: 'Its text was erased, so there is nothing to send. Discard it.',
    },
  },
  incomplete: {
    status: 409,
    code: 'incomplete',
    title: {
      ru: 'Сохранилось не всё, разобрать заново нельзя. Уберите запись из списка.',
      en: 'Not all of it was kept, so it cannot be replayed. Discard it.',
    },
  },
  'no-connector': {
    status: 409,
    code: 'no-connector',
    title: {
      ru: 'Канал выключен или не умеет разбирать заново. Включите канал или уберите запись из списка.',
      en: 'The channel is off, or cannot translate it again. Switch the channel on, or discard it.',
    },
  },
} as const satisfies Record<string, ProblemKind>;

/** What a refused act is answered with. */
export function refusalKind({ outcome }: LetterRefusal | QuarantineRefusal): ProblemKind {
  return outcome === 'missing' ? PROBLEMS.notFound : LEDGER_PROBLEMS[outcome];
}

export const problemOf = (refusal: LetterRefusal | QuarantineRefusal): Problem =>
  new Problem(refusalKind(refusal));
