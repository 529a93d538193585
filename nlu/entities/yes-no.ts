import type { Token } from '../text.ts';
import type { YesNoEntity } from '../types.ts';
import type { Reading } from './reading.ts';

type Value = YesNoEntity['value'];

/** Phrases of several words before single ones; the first that fits at a token decides. */
const phrases: readonly (readonly [Value | undefined, string])[] = [
  [
    undefined,
    'не знаю|не помню|не уверен|не уверена|не понял|не поняла|i do not know|i don t know|i don t have|i do not have|i don t remember|i don t understand|not sure',
  ],
  [
    'no',
    'да нет|ну нет|нет нет|не надо|не нужно|не хочу|не буду|не верно|не так|не то|не согласен|не согласна|не подтверждаю|не переводи|не стоит|ни в коем случае|ни за что|not now|not really|not yet|no way|no thanks|no thank you|do not|don t|that is not|that s not|that is wrong|that s wrong|that is incorrect|not correct|not right|i do not|i don t|never mind|rather not|of course not|absolutely not|definitely not',
  ],
  [
    'yes',
    'все верно|все так|все правильно|так точно|да да|ну да|конечно да|а давай|go ahead|go on|do it|please do|of course|that is right|that s right|that is correct|that s correct|that is fine|that s fine|that works|sounds good|sounds perfect|sounds great|sounds right|looks good|looks right|looks correct|i confirm|i do|i so confirm|i agree|i would|yes please|all right|why not|you got it|make it so|все ок|не против|не возражаю',
  ],
  [
    'no',
    'нет|неа|неат|неверно|неправильно|отмена|отменить|отмени|отменяю|отказываюсь|против|стоп|нету|никак|нит|no|nope|nah|naw|negative|wrong|incorrect|cancel|stop|never',
  ],
  [
    'yes',
    'да|ага|угу|верно|правильно|подтверждаю|подтвердить|согласен|согласна|конечно|давай|давайте|разумеется|ок|окей|окау|хорошо|ладно|точно|именно|естественно|валяй|поехали|переводи|переводите|отправляй|отправляйте|идет|норм|дп|дааа|даа|йес|yes|yep|yup|yeah|yea|ye|yess|yeh|ya|sure|ok|okay|okey|k|correct|right|exactly|confirm|confirmed|confirming|absolutely|definitely|certainly|indeed|affirmative|perfect|fine|alright|aye|great|true|agreed|agree|proceed|👍|✅|👌',
  ],
];
const noSigns = new Set(['👎', '❌']);
type Phrase = { readonly value: Value | undefined; readonly words: readonly string[] };
const byFirst = new Map<string, Phrase[]>();
for (const [value, joined] of phrases) {
  for (const phrase of joined.split('|')) {
    const words = phrase.split(' ');
    const first = words[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), { value, words }]);
  }
}

/** Words that may stand before the answer: «ну да», "oh yes", «конечно, верно». */
const openers = new Set(
  'ну а о oh well so um hmm эм ээ вот тогда then and и hey thanks thank you спасибо , . !'.split(' '),
);
const maxLead = 12;

/** The first clear yes or no near the beginning: what comes later seldom answers the question. */
export function findYesNo(reading: Reading): YesNoEntity[] {
  const tokens = reading.tokens.filter((token) => token.norm !== "'");
  let isLead = true;
  for (let at = 0; at < tokens.length && at < maxLead; at++) {
    const token = tokens[at];
    if (!token) break;
    const candidates = byFirst.get(token.norm);
    const phrase = candidates?.find(({ words }) => words.every((word, i) => tokens[at + i]?.norm === word));
    const value = noSigns.has(token.norm) ? 'no' : phrase?.value;
    if (phrase && !value) return [];
    if (
      value &&
      !asksForMore(tokens, at) &&
      (isLead || (reading.awaited === 'yes_no' && isSmall(tokens.length)))
    ) {
      const last = tokens[at + (phrase?.words.length ?? 1) - 1] ?? token;
      const text = reading.text.slice(token.start, last.end);
      return [{ kind: 'yes_no', text, start: token.start, end: last.end, value }];
    }
    if (!openers.has(token.norm)) isLead = false;
  }
  return [];
}

/** «давай расчетный», «давайте четыреста рублей»: the answer to another question. */
function asksForMore(tokens: readonly Token[], at: number): boolean {
  if (!/^давай(те)?$/.test(tokens[at]?.norm ?? '')) return false;
  const next = tokens[at + 1];
  return (
    next !== undefined &&
    next.kind !== 'sign' &&
    !/^(да|так|переводи|отправляй|пожалуйста|уже|сделаем|переведем|конечно)$/.test(next.norm)
  );
}

const isSmall = (words: number): boolean => words <= 12;
