import type { Token } from '../text.ts';
import type { YesNoEntity } from '../types.ts';
import type { Reading } from './reading.ts';

type Value = YesNoEntity['value'];

/** The longest that fits at a token decides. */
const phrases: readonly (readonly [Value | undefined, string])[] = [
  [
    undefined,
    'не то чтобы|не то что|нет слов|нет сил|no one|no longer|no wonder|не помню|не понял|не поняла|без разницы|все равно|ок гугл|ok google|i don t have|i do not have|i don t remember|i don t understand|don t care|do not care|i don t care|don t mind|i don t mind|i would like|i would love|i would prefer|i would rather|i would want|i would need|no way to',
  ],
  [
    'maybe',
    'не знаю|не уверен|не уверена|может быть|может|наверное|наверно|возможно|вероятно|хз|надо подумать|подумаю|no idea|no clue|i have no idea|i ve no idea|i do not know|i don t know|dunno|not sure|i m not sure|maybe|perhaps|possibly|probably|let me think|not certain|depends|idk|i dunno',
  ],
  [
    'no',
    'да нет|скорее нет|думаю нет|наверное нет|не совсем|не думаю|i don t think so|i think not|ну нет|нет нет|не надо|не сейчас|пока нет|лучше не надо|i changed my mind|changed my mind|я передумал|я передумала|no don t|please don t|not that one|не нужно|не хочу|не буду|не верно|не так|не то|не согласен|не согласна|не подтверждаю|не переводи|не стоит|ни в коем случае|ни за что|not now|not really|not yet|no way|no thanks|no thank you|do not|don t|that is not|that s not|that is wrong|that s wrong|that is incorrect|not correct|not right|i do not|i don t|never mind|rather not|i would rather not|of course not|absolutely not|definitely not',
  ],
  [
    'yes',
    'скорее да|думаю да|без проблем|не проблема|само собой|no problem|no worries|sure thing|for sure|by all means|вроде да|почему нет|почему бы и нет|i guess so|i guess|i think so|i suppose so|that s what i want|that s what i said|that s what i meant|that is what i want|that is what i said|it s a deal|uh huh|mm hmm|hell yes|of course yes|all good|you bet|why yes|все верно|все так|все правильно|так точно|да да|ну да|конечно да|а давай|go ahead|go on|do it|please do|of course|that is right|that s right|that is correct|that s correct|that is fine|that s fine|that works|sounds good|sounds perfect|sounds great|sounds right|looks good|looks right|looks correct|i confirm|i do|i so confirm|i agree|i would|yes please|all right|why not|you got it|make it so|все ок|не против|не возражаю',
  ],
  [
    'no',
    'нет|нее|неее|не|неа|неат|передумал|передумала|неверно|неправильно|отмена|отменить|отмени|отменяю|отказываюсь|против|стоп|нету|никак|нит|no|nope|nah|noo|naw|negative|wrong|incorrect|cancel|stop|never',
  ],
  [
    'yes',
    'да|ага|угу|канешн|конеш|канеш|пожалуй|конешно|канешно|дада|точняк|обязательно|вперед|верно|правильно|подтверждаю|подтвердить|согласен|согласна|конечно|давай|давайте|разумеется|ок|окей|окау|хорошо|ладно|точно|именно|естественно|валяй|поехали|переводи|переводите|отправляй|отправляйте|идет|норм|дп|дааа|даа|йес|yes|yep|yup|yeah|yea|ye|yess|yeh|ya|sure|ok|okay|okey|k|correct|right|exactly|confirm|confirmed|confirming|absolutely|definitely|certainly|indeed|affirmative|perfect|fine|alright|aye|great|true|agreed|agree|proceed|deal|yesss|yas|correctly|👍|✅|👌',
  ],
];
const noSigns = new Set(['👎', '❌']);
/** So short that they are an answer only where they are the whole of it. */
const wholeAnswers: ReadonlyMap<string, Value> = new Map([
  ['+', 'yes'],
  ['y', 'yes'],
  ['д', 'yes'],
  ['-', 'no'],
  ['n', 'no'],
  ['н', 'no'],
]);
/** What alone, before a mark or before «надо» is a no, and before other words takes back the next one: «не 500». */
const onlyBeforeMark = new Set(['не', 'может']);
type Phrase = { readonly value: Value | undefined; readonly words: readonly string[] };
const byFirst = new Map<string, Phrase[]>();
for (const [value, joined] of phrases) {
  // "dont", "thats", "im": the apostrophe is left out as often as not.
  const short = joined.split('|').map((phrase) => phrase.replace(/(\w) (t|s|m)(?= |$)/g, '$1$2'));
  for (const phrase of new Set([...joined.split('|'), ...short])) {
    const words = phrase.split(' ');
    const first = words[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), { value, words }]);
  }
}
for (const candidates of byFirst.values()) candidates.sort((a, b) => b.words.length - a.words.length);

/** Words that may stand before the answer: «ну да», "oh yes", «конечно, верно». */
const openers = new Set(
  'ну а о oh well so um hmm эм ээ вот тогда then and и hey thanks thank you спасибо , . !'.split(' '),
);
const maxLead = 12;

/** The first clear yes or no near the beginning: what comes later seldom answers the question. */
export function findYesNo(reading: Reading): YesNoEntity[] {
  const tokens = reading.tokens.filter((token) => token.norm !== "'");
  const whole = tokens.length <= 2 ? wholeAnswer(reading, tokens) : undefined;
  if (whole) return [whole];
  let isLead = true;
  for (let at = 0; at < tokens.length && at < maxLead; at++) {
    const token = tokens[at];
    if (!token) break;
    const candidates = byFirst.get(token.norm);
    const phrase = candidates?.find(({ words }) => words.every((word, i) => tokens[at + i]?.norm === word));
    const value = noSigns.has(token.norm) ? 'no' : phrase?.value;
    if (phrase && !value) return [];
    // «не знаю» answers a question for a name with nothing.
    if (value === 'maybe' && reading.awaited && reading.awaited !== 'yes_no') return [];
    if (value && isParticle(reading, tokens, at, phrase?.words.length ?? 1, value)) return [];
    if (
      value &&
      !asksForMore(reading, tokens, at, phrase?.words.length ?? 1) &&
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

function wholeAnswer(reading: Reading, tokens: readonly Token[]): YesNoEntity | undefined {
  const [token, mark] = tokens;
  const value = token && wholeAnswers.get(token.norm);
  if (!token || !value || (mark && !'.!'.includes(mark.norm))) return undefined;
  return {
    kind: 'yes_no',
    text: reading.text.slice(token.start, token.end),
    start: token.start,
    end: token.end,
    value,
  };
}

/**
 * Said for stress, not as an answer: «да что ж такое», «нет ну это наглость»; where nothing was asked, «может быть уже
 * ответите» and "wrong number" too.
 */
function isParticle(
  reading: Reading,
  tokens: readonly Token[],
  at: number,
  length: number,
  value: Value,
): boolean {
  const word = tokens[at]?.norm ?? '';
  const next = tokens[at + length];
  if (next?.kind !== 'word') return false;
  if (
    word === 'да' &&
    /^(что|чего|чтоб|где|когда|сколько|кто|какой|какого|неужели|разве|блин|елки|пошли|пошел|идите|катитесь|провал\p{L}+|ну|е|ек\p{L}+)$/u.test(
      next.norm,
    )
  )
    return true;
  if (
    word === 'да' &&
    /^(вы|ты|они)$/.test(next.norm) &&
    isReproach.test(tokens[at + length + 1]?.norm ?? '')
  )
    return true;
  // «правильно ли указан»
  if (next.norm === 'ли') return true;
  if (reading.awaited === 'yes_no') return false;
  if (word === 'нет' && next.norm === 'ну') return true;
  return value === 'maybe' || /^(wrong|incorrect)$/.test(word);
}

/** «да вы издеваетесь», «да вы что», «да они совсем». */
const isReproach =
  /^(что|чего|че|серьезно|совсем|издева|смее|шути|прикалыва|обнагле|обалде|офигел|охрене|оборзе|достал|надоел|задолбал|заколебал)/;

/** «давай расчетный», «не 500», "cancel order 55": an answer to another question, or a wish. */
function asksForMore(reading: Reading, tokens: readonly Token[], at: number, length: number): boolean {
  const word = tokens[at]?.norm ?? '';
  const next = tokens[at + length];
  if (!next || next.kind === 'sign') return false;
  if (length === 1 && onlyBeforeMark.has(word)) return true;
  if (length === 1 && /^(cancel|stop|отмени|отменить)$/.test(word) && reading.awaited !== 'yes_no') {
    return !/^(it|that|this|please|everything|все|это|пожалуйста)$/.test(next.norm);
  }
  if (!/^давай(те)?$/.test(word)) return false;
  return !/^(да|так|переводи|отправляй|пожалуйста|уже|сделаем|переведем|конечно)$/.test(next.norm);
}

const isSmall = (words: number): boolean => words <= 12;
