import type { Locale } from '../gateway/model/contact.ts';
import type { HandoffDecision } from '../gateway/model/turn.ts';
import { shorten } from './shorten.ts';

type Texts = Readonly<Record<Locale, string>>;

/** What the client wants, as the beginning of a sentence. What only calls people says nothing beside the reason. */
const WANTS: Readonly<Record<string, Texts | undefined>> = {
  check_balance: { ru: 'Клиент хочет узнать остаток', en: 'The client wants to know the balance' },
  transfer_money: { ru: 'Клиент хочет перевести деньги', en: 'The client wants to transfer money' },
  block_card: { ru: 'Клиент хочет заблокировать карту', en: 'The client wants to block a card' },
  card_status: { ru: 'Клиент спрашивает о состоянии карты', en: 'The client asks about the state of a card' },
  exchange_rate: { ru: 'Клиент спрашивает курс валюты', en: 'The client asks for an exchange rate' },
  find_branch: { ru: 'Клиент ищет отделение', en: 'The client is looking for a branch' },
  statement: { ru: 'Клиент просит выписку', en: 'The client asks for a statement' },
  order_card: { ru: 'Клиент хочет заказать карту', en: 'The client wants to order a card' },
  report_fraud: {
    ru: 'Клиент сообщает об операции, которую не совершал',
    en: 'The client reports an operation that they did not make',
  },
};
/** Intents that say nothing of what the client wants from the bank. */
export const SMALL_TALK: ReadonlySet<string> = new Set([
  'call_operator',
  'greeting',
  'thanks',
  'goodbye',
  'cancel',
  'who_are_you',
  'none',
]);

/** Why a person is needed, as the end of a sentence. */
const REASONS: Readonly<Record<string, Texts | undefined>> = {
  asked: { ru: 'клиент просит сотрудника', en: 'the client asks for a person' },
  'not-understood': { ru: 'бот не понял клиента', en: 'the bot did not understand the client' },
  fraud: {
    ru: 'похоже на мошенничество, нужна срочная проверка',
    en: 'this looks like fraud and needs checking at once',
  },
  complaint: { ru: 'клиент жалуется', en: 'the client complains' },
  'bank-unavailable': {
    ru: 'система банка не отвечает, ничего не сделано',
    en: "the bank's system does not answer, nothing was done",
  },
  'outcome-unknown': {
    ru: 'ответ банка потерян, проверьте, выполнена ли операция, прежде чем её повторять',
    en: "the bank's answer was lost, so check whether the operation took place before repeating it",
  },
  script: { ru: 'дальше по сценарию отвечает сотрудник', en: 'from here on the script needs a person' },
  'bot-failed': {
    ru: 'бот не смог ответить из-за ошибки',
    en: 'the bot could not answer because of an error',
  },
  unconfirmed: {
    ru: 'клиент не подтвердил, что это он',
    en: 'the client could not be confirmed',
  },
  'taken-over': { ru: 'оператор взял диалог у бота', en: 'an operator took the dialogue from the bot' },
};
const OTHER_REASON: Texts = { ru: 'нужен сотрудник', en: 'a person is needed' };

/** What became of the request before, where an operator should know it. */
const OUTCOMES: Readonly<Record<string, Texts | undefined>> = {
  refused: { ru: 'банк отказал', en: 'the bank refused' },
  failed: { ru: 'запрос в банк не удался', en: 'the request to the bank failed' },
  cancelled: { ru: 'прошлый запрос клиент отменил', en: 'the client cancelled the last request' },
};

const MAX_SLOTS = 6;
const MAX_VALUE = 60;
const MAX_MISS = 120;

/** Two sentences for the operator: what the client wants, and why a person is needed. Never empty. */
export function summarize(request: HandoffDecision, locale: Locale): string {
  const wish = wishOf(request, locale) ?? missOf(request, locale);
  // The last thing refused was then a code, not what the client wants.
  const last = request.reason === 'unconfirmed' ? undefined : request.steps.at(-1);
  const outcome = OUTCOMES[last?.outcome ?? '']?.[locale];
  const reason = (REASONS[request.reason] ?? OTHER_REASON)[locale];
  const why = outcome ? `${outcome}${locale === 'ru' ? ', ' : '; '}${reason}` : reason;
  return [wish, `${capitalized(why)}.`].filter((sentence) => sentence !== undefined).join(' ');
}

function wishOf({ intent, slots }: HandoffDecision, locale: Locale): string | undefined {
  const known = slots
    .slice(0, MAX_SLOTS)
    .map(({ title, value }) => `${lowered(title)} ${DASH[locale]} ${shorten(value, MAX_VALUE)}`);
  const details = known.length > 0 ? `: ${known.join(', ')}` : '';
  const wish = intent === undefined ? undefined : wantOf(intent, locale);
  if (wish) return `${wish}${details}.`;
  if (known.length === 0) return undefined;
  return locale === 'ru' ? `Известно${details}.` : `What is known${details}.`;
}

const DASH: Texts = { ru: '—', en: '–' };

function wantOf(intent: string, locale: Locale): string | undefined {
  const known = WANTS[intent]?.[locale];
  if (known || SMALL_TALK.has(intent)) return known;
  const name = intent.replaceAll('_', ' ');
  return locale === 'ru' ? `Запрос клиента: «${name}»` : `The client's request: “${name}”`;
}

function missOf({ misses }: HandoffDecision, locale: Locale): string | undefined {
  const last = misses.at(-1);
  if (last === undefined) return undefined;
  const text = shorten(last, MAX_MISS);
  return locale === 'ru' ? `Клиент пишет: «${text}».` : `The client writes: “${text}”.`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A title in the middle of a sentence; an abbreviation stays as it is. */
function lowered(title: string): string {
  return /^\p{Lu}(?!\p{Lu})/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
