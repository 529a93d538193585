/** Digits as people say and type them, in Russian and English. */

const NUMBERS = new Map<string, number>([
  ...counted('ноль один два три четыре пять шесть семь восемь девять десять', 0, 1),
  ...counted('одиннадцать двенадцать тринадцать четырнадцать пятнадцать', 11, 1),
  ...counted('шестнадцать семнадцать восемнадцать девятнадцать', 16, 1),
  ...counted('двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто', 20, 10),
  ...counted('сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот', 100, 100),
  ...counted('zero one two three four five six seven eight nine ten', 0, 1),
  ...counted('eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen', 11, 1),
  ...counted('twenty thirty forty fifty sixty seventy eighty ninety', 20, 10),
  ['нуль', 0],
  ['одна', 1],
  ['две', 2],
  ['oh', 0],
]);

/** What is said around a code and is no part of it. */
const AROUND = new Set([
  ...'код кода мой это вот такой он у меня есть пожалуйста'.split(' '),
  ...['code', 'my', 'the', 'is', 'it', "it's", 'here', 'and', 'please'],
]);
/** After a count: two zeros are «два нуля». */
const ZEROS = new Set(['нуля', 'ноля', 'нулей']);
/** Before a digit: "double five". */
const TIMES = new Map([
  ['double', 2],
  ['triple', 3],
]);

function counted(words: string, from: number, by: number): [string, number][] {
  return words.split(' ').map((word, index) => [word, from + index * by]);
}

/** A number while it is being said; a part below `room` can still be added to it: twenty, and then three. */
interface Said {
  readonly number: number;
  readonly room: number;
}

/**
 * The digits that a text is and nothing besides, but for words such as «мой код»: `482 15` and «четыре восемьдесят два
 * пятнадцать» are `48215`. Numbers are read as they are said, "twenty three" as 23. Undefined for any other text, and
 * where there are no digits. Pure.
 */
export function digitsSaid(text: string): string | undefined {
  let digits = '';
  let open: Said | undefined;
  let times = 1;
  for (const word of wordsOf(text)) {
    if (AROUND.has(word)) continue;
    if (/^\d+$/.test(word)) {
      digits += written(open) + word.repeat(times);
      open = undefined;
    } else if (ZEROS.has(word) && open && open.number > 1 && open.number < 10) {
      digits += '0'.repeat(open.number);
      open = undefined;
    } else if (word === 'hundred' && open && open.number > 0 && open.number < 10) {
      open = { number: open.number * 100, room: 100 };
    } else if (TIMES.has(word)) {
      times = TIMES.get(word) ?? 1;
      continue;
    } else {
      const number = NUMBERS.get(word);
      if (number === undefined) return undefined;
      if (open && number > 0 && number < open.room) {
        open = { number: open.number + number, room: roomAfter(number) };
      } else {
        digits += written(open) + String(number).repeat(times - 1);
        open = { number, room: roomAfter(number) };
      }
    }
    times = 1;
  }
  digits += written(open);
  return digits === '' ? undefined : digits;
}

function wordsOf(text: string): readonly string[] {
  const plain = text.toLowerCase().replaceAll('’', "'");
  return plain.match(/\d+|[\p{L}']+|[^\s\d\p{L}'.,:;–—-]/gu) ?? [];
}

function written(said: Said | undefined): string {
  return said ? String(said.number) : '';
}

function roomAfter(number: number): number {
  if (number >= 100) return 100;
  return number >= 20 ? 10 : 0;
}
