/** Words of dates, in Russian (inflected) and English; all folded. */
import { isNear } from './fuzzy.ts';

const numbered = (lists: readonly string[], first: number): ReadonlyMap<string, number> =>
  new Map(lists.flatMap((forms, i) => forms.split(' ').map((form) => [form, i + first] as const)));

/** 1 to 12. */
export const monthByWord = numbered(
  [
    'январь января январе январю янв january jan',
    'февраль февраля феврале февралю фев february feb',
    'март марта марте марту мар march mar',
    'апрель апреля апреле апрелю апр april apr',
    'май мая мае маю may',
    'июнь июня июне июню june jun',
    'июль июля июле июлю july jul',
    'август августа августе августу авг august aug',
    'сентябрь сентября сентябре сентябрю сен сент september sep sept',
    'октябрь октября октябре октябрю окт october oct',
    'ноябрь ноября ноябре ноябрю ноя november nov',
    'декабрь декабря декабре декабрю дек december dec',
  ],
  1,
);

/** «мая», "may", "mar": too common as other words to be a month without a day beside them. */
export const shortMonths: ReadonlySet<string> = new Set(
  'янв фев мар апр авг сен окт ноя дек jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
);

/** 0 is Monday. */
export const weekdayByWord = numbered(
  [
    'понедельник понедельника понедельнику пн monday mon',
    'вторник вторника вторнику вт tuesday tues tue',
    'среда среду среды среде wednesday wensday wendsday weds wed',
    'четверг четверга четвергу чт thursday thurs thur thu',
    'пятница пятницу пятницы пятнице пт friday fri',
    'суббота субботу субботы субботе сб saturday sat',
    'воскресенье воскресенья воскресенью вс sunday sun',
  ],
  0,
);

const onesRussian = 'перв втор трет четверт пят шест седьм восьм девят'.split(' ');
const teensRussian =
  'десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат'.split(
    ' ',
  );
const onesEnglish = 'first second third fourth fifth sixth seventh eighth ninth'.split(' ');
const teensEnglish =
  'tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );
const endings = (stem: string): string =>
  stem === 'трет' ? 'третье третьего третьему' : `${stem}ое ${stem}ого ${stem}ому`;

/** «первое», «пятнадцатого», "third": 1 to 19, and the whole tens. */
export const ordinalByWord: ReadonlyMap<string, number> = new Map([
  ...numbered(onesRussian.map(endings), 1),
  ...numbered(teensRussian.map(endings), 10),
  ...numbered(onesEnglish, 1),
  ...numbered(teensEnglish, 10),
  ...['двадцатое двадцатого двадцатому twentieth', 'тридцатое тридцатого тридцатому thirtieth'].flatMap(
    (forms, i) => forms.split(' ').map((form) => [form, 20 + 10 * i] as const),
  ),
]);

/** «двадцать», "thirty": what may stand before an ordinal of one to nine. */
export const tensByWord: ReadonlyMap<string, number> = new Map([
  ['двадцать', 20],
  ['тридцать', 30],
  ['twenty', 20],
  ['thirty', 30],
]);

/** Months that are verbs too: without a day or a year beside them only behind a small word ("in march"). */
export const isVerbToo = (word: string): boolean => word === 'march';

/** Days from today. */
export const relativeDays: ReadonlyMap<string, number> = new Map([
  ['сегодня', 0],
  ['today', 0],
  ['вчера', -1],
  ['yesterday', -1],
  ['позавчера', -2],
  ['завтра', 1],
  ['tomorrow', 1],
  ['tmrw', 1],
  ['tmr', 1],
  ['tmw', 1],
  ['tomoz', 1],
  ['yday', -1],
  ['tonight', 0],
  ['послезавтра', 2],
]);

/** «с вчерашнего дня», «до завтрашнего дня», «за сегодняшний день»: only before a form of «день». */
export function relativeDayBefore(word: string, noun: string): number | undefined {
  if (!/^(день|дня|дню|днем|дне|число|числа|числом)$/.test(noun)) return undefined;
  const stem = /^(сегодня|вчера|позавчера|завтра|послезавтра)шн(ий|его|ему|им|ем)$/.exec(word)?.[1];
  return stem === undefined ? undefined : relativeDays.get(stem);
}

/** `relativeDays` by a word with a letter's slip: «вчра», "yestarday". */
export const relativeDayNear = (word: string): number | undefined =>
  word.length < 4 ? undefined : [...relativeDays].find(([name]) => isNear(name, word))?.[1];

export const isLast = (word: string): boolean => /^(прошл|предыдущ|минувш|last$|previous$)/.test(word);
export const isNext = (word: string): boolean => /^(следующ|будущ|next$)/.test(word);
export const isCurrent = (word: string): boolean => /^(эт(у|ой|от|ом|ого|а)$|текущ|this$)/.test(word);
/** «последние», "past", before a length of time. */
export const isRecent = (word: string): boolean => /^(последн|last$|past$)/.test(word);

/** Words of what is to come: «давайте», «перенесите», "schedule". */
export const isPlan = (word: string): boolean => plan.test(word);
const plan =
  /^(давай(те)?|запланир\p{L}+|перенес(и|ите|ти)|назнач\p{L}+|запиши(те)?|напомни\p{L}*|приду|придет|прид[уе]т|приеду|приедет|будет|буду|заплачу|оплачу|внесу|погашу|переведу|спишется|спишете|спишут|начислят|истек(ает|ет)|закончится|доставьте|доставят|привез(ите|ут|ете)|уезжаю|улетаю|вылетаю|смогу|успею|получу|сниму|закрою|открою|заберу|верну|пополню|положу|отправлю|зайду|подойду|заеду|вернусь|поеду|уеду|улечу|will|schedule|reschedule|remind|due|expires?|upcoming|starts|deliver|leaving|flying|book)$/u;
/** Words of what is over, or is looked up: then no plan is meant. */
export const isStory = (word: string): boolean =>
  /^(выписк\p{L}+|операци\p{L}+|истори\p{L}+|отчет\p{L}*|справк\p{L}+|statements?|history|transactions?|was|were|did|sent|paid|made|got|charged|spent)$/u.test(
    word,
  );
/** What stands before a day that is over mostly: «перевод от третьего». */
export const isBeginning = (word: string): boolean => /^(от|с|со|за|from|since|of)$/.test(word);
/** What stands before the last day for something. */
export const isDeadline = (word: string): boolean => /^(до|к|ко|by|until|till)$/.test(word);

/** A length of time: so many days, or so many months. */
export type Unit = { readonly days: number; readonly months: number };
const units: readonly (readonly [RegExp, Unit])[] = [
  [/^(день|дня|дней|days?)$/, { days: 1, months: 0 }],
  [/^(недел(я|ю|и|ь)|weeks?)$/, { days: 7, months: 0 }],
  [/^fortnight$/, { days: 14, months: 0 }],
  [/^(месяц|месяца|месяцев|months?)$/, { days: 0, months: 1 }],
  [/^(квартал|квартала|кварталов|quarters?)$/, { days: 0, months: 3 }],
  [/^полгода$/, { days: 0, months: 6 }],
  [/^(год|года|лет|years?)$/, { days: 0, months: 12 }],
];
export const unitOf = (word: string): Unit | undefined => units.find(([pattern]) => pattern.test(word))?.[1];

/** Words of days and months, for spelling. */
export const dateWords = (): readonly string[] => [
  ...monthByWord.keys(),
  ...weekdayByWord.keys(),
  ...ordinalByWord.keys(),
  ...relativeDays.keys(),
];
