import type { Locale } from '../../gateway/model/contact.ts';
import type { NameOf } from '../../handoff/desk/desk-context.ts';

/** Names of the demo bank's intents, scripts and actions for operators; a thing of another bank shows its own id. */
const NAMES: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  acknowledged: { ru: 'Понятно', en: 'Understood' },
  balance: { ru: 'Остаток на счёте', en: 'Account balance' },
  block_card: { ru: 'Блокировка карты', en: 'Card block' },
  call_operator: { ru: 'Просьба о сотруднике', en: 'Asking for a person' },
  cancel: { ru: 'Отмена', en: 'Cancel' },
  card_status: { ru: 'Состояние карты', en: 'Card status' },
  check_balance: { ru: 'Остаток на счёте', en: 'Account balance' },
  check_code: { ru: 'Проверка кода', en: 'Code check' },
  code_contact: { ru: 'Куда прислать код', en: 'Where a code goes' },
  exchange_rate: { ru: 'Курс валют', en: 'Exchange rate' },
  fallback: { ru: 'Непонятая фраза', en: 'Not understood' },
  find_branch: { ru: 'Адрес отделения', en: 'Branch address' },
  fraud: { ru: 'Подозрение на мошенничество', en: 'Suspected fraud' },
  goodbye: { ru: 'Прощание', en: 'Goodbye' },
  greeting: { ru: 'Приветствие', en: 'Greeting' },
  identify: { ru: 'Подтверждение кодом', en: 'Confirmation by code' },
  operator: { ru: 'Разговор с сотрудником', en: 'Talk to a person' },
  order_card: { ru: 'Заказ карты', en: 'Card order' },
  report_fraud: { ru: 'Подозрение на мошенничество', en: 'Suspected fraud' },
  returned: { ru: 'Возвращение', en: 'Return' },
  send_code: { ru: 'Отправка кода', en: 'Sending a code' },
  statement: { ru: 'Выписка', en: 'Statement' },
  thanks: { ru: 'Благодарность', en: 'Thanks' },
  transfer: { ru: 'Перевод', en: 'Transfer' },
  transfer_money: { ru: 'Перевод', en: 'Transfer' },
  welcome: { ru: 'Начало', en: 'Welcome' },
  who_are_you: { ru: 'Кто вы', en: 'Who are you' },
};

/** Names in a language; undefined for what has none. */
export function nameOfBank(locale: Locale): NameOf {
  return (id) => NAMES[id]?.[locale];
}
