import { fold, isCyrillic } from '../text.ts';
import { agreed, type Case, guessForms, type NameForm, patronymicForms, surnameForms } from './declension.ts';
import { isPlainlyName, shippedNames, shippedSurnames } from './names.ts';
import { isGivingTo, isKinTitle, kinOf, stopWords } from './person-words.ts';
import type { Reading } from './reading.ts';

/** Surnames and patronymics in Russian letters: which words they are, and their nominative. */

const normAt = (reading: Reading, at: number): string => reading.tokens[at]?.norm ?? '';

/** The endings that hardly another word with a capital has. */
const plainShape = /([оеё]в|[сц]к|енк)(а|у|ой|ым|ого|ому|ая|ую|ий|о)?$/;

/**
 * A listed surname in any case, or a word that no dictionary knows with the ending of one.
 * @param isCapital with a capital within a sentence, so that it may be a known word too («Караваев»)
 */
export function isSurname(reading: Reading, at: number, isCapital = false): boolean {
  const word = normAt(reading, at);
  if (word.length < 3 || !isCyrillic(word) || stopWords.has(word)) return false;
  const forms = surnameForms(word);
  if ([...forms, ...guessForms(word)].some(({ name }) => shippedSurnames().has(name))) return true;
  if (word.length < 5 || forms.length === 0 || isCompound(word)) return false;
  return !reading.isKnown(word) || (isCapital && plainShape.test(word));
}

/** «Сергеевичу», «петровны»: of a first name that is known, or of one that no dictionary knows. */
export function isPatronymic(reading: Reading, at: number): boolean {
  const word = normAt(reading, at);
  return word.length > 5 && patronymicForms(word).length > 0 && (!reading.isKnown(word) || isOfName(word));
}

const isOfName = (patronymic: string): boolean => {
  const father = patronymic.replace(/(ович|евич|овн|евн|ич|иничн|ичн)(а|у|ем|е|ы|ой)?$/, '');
  return ['', 'й', 'ь', 'а', 'я', 'ий', 'ел'].some(
    (ending) => shippedNames().find(father + ending) !== undefined,
  );
};

/** What banks and shops call things: «господдержка», «автоплатеж». */
const isCompound = (word: string): boolean =>
  /^(гос|автоп|тех|соц|спец|матк|микро|онлайн|интернет|мобильн|мульти|супер|крипто|кеш|кэш|лже|мини)/.test(
    word,
  );

/** Compounds, and the endings of things and acts. */
const isCommonNoun = (word: string): boolean =>
  isCompound(word) ||
  /(ни[еюяй]|ни[её]м|ост[иь]ю?|ци[яюий]|ств[аоуе]|тел[ьюяеи]|[^иы]к[ауи]|чк[ауеи]|щик[ауе]?|лк[ауеи]|ц[ауеы])$/.test(
    word,
  );

/** Endings of the dative: whom one gives to. */
const isDative = (word: string): boolean =>
  /([бвгджзклмнпрстфхцчшщ][уе]|[аеиоуы]ю|[рлнтс]ю|ии)$/.test(word) && !/[^и]ку$/.test(word);

/** Verbs, adjectives and adverbs, known or not. */
const isOtherSpeech = (word: string): boolean =>
  /(ть|ться|тся|ите|йте|ешь|ишь|ует|ают|уют|яют|ала|ила|ели|али|ули|лся|лась|лись|ному|ного|ными|ные|ных|ую|ые|ие|ого|его|ому|ему|ально|енно|ично)$/.test(
    word,
  ) && !/([цс]к|[ое]в|ин)(ому|ого|ую)$/.test(word);

/**
 * Whether a word that no list of first names has is likely whom one gives to, or who is named: «скинь тохиру», «переведи
 * кузнецову», «меня зовут динмухамед».
 */
export function isReceiver(reading: Reading, at: number, giving: string | undefined): boolean {
  const word = normAt(reading, at);
  if (giving === undefined || word.length < 4 || isCommonNoun(word) || isOtherSpeech(word)) return false;
  if (/^(зовут|имя|получатель)$/.test(giving)) return !reading.isKnown(word) || isSurname(reading, at);
  if (!isGivingTo(giving) || /^(на|с|со|за|в|во|по|от|из|для)$/.test(normAt(reading, at - 1))) return false;
  if (isSurname(reading, at)) return surnameForms(word).some(({ case: it }) => it === 'dat');
  return !reading.isKnown(word) && isDative(word);
}

/** «на улице Марата», «отделение на Кирова», «на Тверской»: a place that has somebody's name. */
export function isOfPlace(reading: Reading, at: number): boolean {
  const before = normAt(reading, at - 1) === '.' ? normAt(reading, at - 2) : normAt(reading, at - 1);
  if (
    /^(ул|улиц[аеыу]|улицей|проспект\p{L}{0,2}|пр|площад[ьи]|переулк\p{L}|шоссе|метро|станци\p{L}|тц|трц|жк|в|во|из|под)$/u.test(
      before,
    )
  )
    return true;
  if (before !== 'на') return false;
  if (/[сц]к(ой|ий)$/.test(normAt(reading, at))) return true;
  for (let back = 2; back <= 5; back++)
    if (/^(отделени|офис|банкомат|филиал|терминал|адрес)/.test(normAt(reading, at - back))) return true;
  return false;
}

/** Whether the word at a place goes on with the name that ends before it. */
export function continuesName(reading: Reading, at: number, isBothUpper: boolean): boolean {
  const word = normAt(reading, at);
  const before = normAt(reading, at - 1);
  if (!isCyrillic(word) || !isCyrillic(before)) return false;
  const known = shippedNames().find(word);
  if (isPatronymic(reading, at)) return true;
  const isBehindFirstName = shippedNames().find(before) !== undefined || isPatronymic(reading, at - 1);
  // «кузьмину андрею»; «Лене Тане» are two people.
  if (known) return !shippedNames().find(before) && isPlainlyName(word) && doAgree(reading, at);
  if (isBothUpper) return true;
  if (!isBehindFirstName) return false;
  if (isSurname(reading, at)) return doAgree(reading, at);
  const isOblique = guessForms(word).some((form) => form.case !== 'nom');
  return (
    word.length > 4 &&
    !reading.isKnown(word) &&
    isOblique &&
    !isCommonNoun(word) &&
    !isOtherSpeech(word) &&
    doAgree(reading, at)
  );
}

/** Whether two neighbours may stand in one case, of one person. */
function doAgree(reading: Reading, at: number): boolean {
  const [first, second] = [formsOf(normAt(reading, at - 1)), formsOf(normAt(reading, at))];
  return first.some((a) =>
    second.some((b) => a.case === b.case && (!a.gender || !b.gender || a.gender === b.gender)),
  );
}

/** All that a word of a name may be, the likeliest first; of a listed first name nothing else. */
function formsOf(word: string): readonly NameForm[] {
  const listed = shippedNames().forms(fold(word));
  if (listed.length > 0) return listed;
  const kin = kinOf(fold(word));
  if (kin && isKinTitle(fold(word))) return allCases.map((inCase) => ({ name: kin, case: inCase }));
  const shaped = [...patronymicForms(word), ...surnameForms(word)];
  if (shaped.length > 0) return shaped;
  const guessed = guessForms(word);
  // «Ким Дмитрию»: many surnames of this shape are not declined.
  const isAsItIs = guessed.length === 0 || shippedSurnames().has(fold(word));
  return isAsItIs ? [...allCases.map((inCase) => ({ name: word, case: inCase })), ...guessed] : guessed;
}

const allCases: readonly Case[] = ['nom', 'dat', 'gen', 'acc', 'ins', 'pre'];

/** The likeliest cases, the first first, behind what governs a name. */
function orderOf(reading: Reading, from: number, giving: string | undefined): readonly Case[] {
  const before = normAt(reading, from - 1);
  const first = governed.find(([pattern]) => pattern.test(before))?.[1];
  if (first) return [...first, ...allCases];
  return giving !== undefined && isGivingTo(giving) ? ['dat', ...allCases] : allCases;
}

const governed: readonly (readonly [RegExp, readonly Case[]])[] = [
  [/^(от|для|у|из|без|до|вместо|кроме|после|ради|имя|счета|карты)$/, ['gen']],
  [/^(на|про|через|за)$/, ['acc']],
  [/^(с|со|между)$/, ['ins', 'gen']],
  [/^(к|ко|по)$/, ['dat']],
  [/^(о|об)$/, ['pre']],
  [/^(зовут|это|я|получатель)$/, ['nom']],
];

/**
 * The words of a name in the nominative, one for each.
 * @param words as they are written, in Russian letters
 * @param from where the name begins
 * @param giving the word of giving before it
 */
export const nominatives = (
  reading: Reading,
  words: readonly string[],
  from: number,
  giving: string | undefined,
): string[] => agreed(words.map(formsOf), orderOf(reading, from, giving));
