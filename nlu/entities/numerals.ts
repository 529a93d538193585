/** Words for numbers, in Russian (inflected, colloquial) and English. */

/** `add`: joins by addition below what stands before it; `times`: multiplies what stands before it. */
export type Numeral = { readonly value: number; readonly join: 'add' | 'times' };

const words = new Map<string, Numeral>();
const put = (join: Numeral['join'], value: number, forms: string) => {
  for (const form of forms.split(' ')) words.set(form, { value, join });
};

const additive: readonly (readonly [number, string])[] = [
  [0, 'ноль нуль нуля zero'],
  [1, 'один одна одну одно одного одной одному one'],
  [2, 'два две двух двум двумя двое двоих two'],
  [3, 'три трех трем тремя трое троих three'],
  [4, 'четыре четырех четырем четырьмя четверо четверых four'],
  [5, 'пять пяти пятью пятеро пятерых five'],
  [6, 'шесть шести шестью six'],
  [7, 'семь семи seven'],
  [8, 'восемь восьми восемью восьмью eight'],
  [9, 'девять девяти девятью nine'],
  [10, 'десять десяти десятью десятку червонец червонца чирик ten'],
  [11, 'одиннадцать одиннадцати одинадцать eleven'],
  [12, 'двенадцать двенадцати дюжина дюжину twelve dozen'],
  [13, 'тринадцать тринадцати thirteen'],
  [14, 'четырнадцать четырнадцати fourteen'],
  [15, 'пятнадцать пятнадцати fifteen'],
  [16, 'шестнадцать шестнадцати sixteen'],
  [17, 'семнадцать семнадцати seventeen'],
  [18, 'восемнадцать восемнадцати eighteen'],
  [19, 'девятнадцать девятнадцати nineteen'],
  [20, 'двадцать двадцати двадцатку twenty'],
  [25, 'четвертак'],
  [30, 'тридцать тридцати тридцатку thirty'],
  [40, 'сорок сорока сороковник forty fourty'],
  [50, 'пятьдесят пятидесяти писят пиисят педесят полтинник полтинника полтос полтоса fifty'],
  [60, 'шестьдесят шестидесяти шисят шейсят sixty'],
  [70, 'семьдесят семидесяти seventy'],
  [80, 'восемьдесят восьмидесяти eighty'],
  [90, 'девяносто девяноста ninety ninty'],
  [100, 'сто ста сотка сотку сотня сотню соточка соточку стольник стольника стольником'],
  [200, 'двести двухсот двумстам двухста'],
  [300, 'триста трехсот тремстам'],
  [400, 'четыреста четырехсот четыремстам'],
  [
    500,
    'пятьсот пятисот пятистам пятсот пицот пятихатка пятихатку пятихат пятихатки пятисотка пятисотку пятисоточку',
  ],
  [600, 'шестьсот шестисот шестистам шесот шестсот'],
  [700, 'семьсот семисот семистам семсот'],
  [800, 'восемьсот восьмисот восьмистам восемсот'],
  [900, 'девятьсот девятисот девятистам девятсот'],
  [1.5, 'полтора полторы полутора'],
];
for (const [value, forms] of additive) put('add', value, forms);

put('times', 100, 'сот сотни сотен сотки соток hundred hundreds hundo');
put(
  'times',
  1000,
  'тысяча тысячу тысячи тысяч тыщенку тысченку тысяче тысячей тысячам тысячами тыс тыщ тыща тыщу тыщи тысч тысячь т к k тр тыр кусок куска кусков косарь косаря косарей косарик косариков косарика косых штука штуку штуки штук штукарь штукаря штукарей thousand thousands grand thousant',
);
put(
  'times',
  1_000_000,
  'миллион миллиона миллионов миллиону млн лям ляма лямов лямчик лимон лимона лимонов лимончик кк kk million millions mln mil m м',
);
put('times', 1_000_000_000, 'миллиард миллиарда миллиардов млрд ярд ярда ярдов billion billions bn');

/** Multipliers that say nothing when they stand without a number: letters, and words that mean other things too. */
const onlyAfterNumber = new Set(
  'т к k тр m м mil кусок куска кусков косых сот кк kk штука штуки штук лимон лимона лимонов ярд ярда ярдов сотни сотен сотки соток hundreds thousands millions billion billions bn'.split(
    ' ',
  ),
);

/** All words for numbers. */
export const numeralWords = (): Iterable<string> => words.keys();

/** The numeral that a folded word is, or undefined. */
export const numeralOf = (word: string): Numeral | undefined => words.get(word);

/** Whether this multiplier may begin a number («тысячу рублей»), or only follow one ("5 k", "two hundred"). */
export const mayBegin = (word: string): boolean => !onlyAfterNumber.has(word);
