/** Words and signs of sums: currencies, and what tells that a number is no sum; all folded. */
import type { Currency } from '../types.ts';

const forms: readonly (readonly [Currency, string])[] = [
  [
    'RUB',
    '₽ руб рубль рубля рублей рублю рублях рублями рублик рублика рубликов рубл рэ рубасов рублев руп рупь р rub rubles ruble roubles rouble rur целковых деревянных rubley rublei rubls',
  ],
  [
    'USD',
    '$ usd доллар доллара долларов доллару долларами долл бакс бакса баксов баксами баксы зелени зеленых бакинских dollar dollars buck bucks bux',
  ],
  ['EUR', '€ eur евро еврик еврика евриков ойро euro euros'],
  ['GBP', '£ gbp фунт фунта фунтов фунтами pound pounds quid'],
  ['CNY', '¥ cny юань юаня юаней yuan rmb'],
  ['TRY', '₺ try лира лиры лир lira liras'],
  ['KZT', '₸ kzt тенге tenge'],
  ['BYN', 'byn'],
  ['JPY', 'jpy иена иены иен йена йены йен yen'],
  ['CHF', 'chf франк франка франков franc francs'],
  ['AED', 'aed дирхам дирхама дирхамов dirham dirhams'],
];
export const currencies = new Map<string, Currency>();
for (const [currency, names] of forms) for (const form of names.split(' ')) currencies.set(form, currency);

export const kopecks = new Set('копейка копейки копеек копейку коп kopecks kopeck'.split(' '));
export const minor = new Set([...kopecks, 'cent', 'cents', 'pence', 'penny', 'цент', 'цента', 'центов']);
/** What stands behind a number that is no sum: days, per cents, times, pieces. */
export const otherUnits = new Set(
  '% процент процента процентов percent день дня дней day days лет сутки суток yr yrs mo mos wk wks hr hrs mins sec secs second seconds секунд секунды час часа часов hour hours минут минуты минуту minute minutes min мин месяц месяца месяцев month months год года лет year years раз раза times карт карты карточки cards счета счетов accounts человек people километров км km утра вечера am pm th st nd rd го число числа x х ave avenue street floor этаж этаже этажа месте место последних взрослых взрослого ребенка ребенок детей гостей января февраля марта апреля мая июня июля августа сентября октября ноября декабря неделю недели недель week weeks смс sms texts сообщений сообщения messages подряд попытки попыток лайков пункт пункта пунктов points point бланк бланка бланков копии копий forms copies'.split(
    ' ',
  ),
);
/** What stands before a number that names something else: a card, a flat, a code. */
export const otherNames = new Set(
  'карта карту карты карте картой карточка карточку карточки card cards тайл ending ends номер номером номера number no № # код code пин pin статья пункт дом квартира кв подъезд офис телефон тел phone корпус стр строение block flat apt apartment building room ошибка ошибку ошибки error версия версии версию version айфон iphone android андроид кпп огрн огрнип окпо октмо кбк доб добавочный курс курсе курсу ставка ставке ставку квартал quarter'.split(
    ' ',
  ),
);

/** Before the name of a currency: "US dollars", «турецких лир». */
export const nationalities = new Set(
  'us american russian turkish british english swiss japanese chinese belarusian американских российских китайских турецких британских английских швейцарских японских белорусских казахстанских'.split(
    ' ',
  ),
);

/** The currency that a folded word or sign names. */
export const currencyOf = (word: string): Currency | undefined => currencies.get(word);
