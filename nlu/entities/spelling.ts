import { isCyrillic } from '../text.ts';
import { createRepair } from '../typos.ts';
import { cityWords } from './city.ts';
import { dateWords } from './date-words.ts';
import { stemOf } from './lists.ts';
import { currencies, otherUnits } from './money-words.ts';
import { shippedNames } from './names.ts';
import { numeralWords } from './numerals.ts';
import { isGiving, stopWords } from './person-words.ts';
import { productWords } from './product.ts';

/** Shorter words are left alone: too many others are a letter apart. */
const shortest = 5;

/** What the finders look for or look away from, besides the lists. */
const keyWords =
  'паспорт паспорта паспорту паспорте паспортом договор договора договору договоре заказ заказа заказу заказе телефон телефона снилс карточка карточку карточки карточке карточкой накопительный накопительного накопительном сберегательный сберегательного сберегательном расчетный расчетного расчетном текущий текущего текущем следующий следующую следующей следующего прошлый прошлую прошлой прошлого последний последние последних passport contract agreement account accounts savings checking previous number'.split(
    ' ',
  );

/**
 * What is heard of a folded word, so that «питсот» and «пятьсот», "tommorow" and "tomorrow" are the same: unstressed
 * vowels by the one they sound like, no soft signs, no letter twice.
 */
function soundOf(word: string): string {
  if (!isCyrillic(word)) return word.replace(/(.)\1+/g, '$1').replace(/ei/g, 'ie');
  return word
    .replace(/[ьъ]/g, '')
    .replace(/о/g, 'а')
    .replace(/[еэя]/g, 'и')
    .replace(/[тдц]+[сц]/g, 'ц')
    .replace(/дц/g, 'ц')
    .replace(/(с|з)ч/g, 'щ')
    .replace(/вств/g, 'ств')
    .replace(/стн/g, 'сн')
    .replace(/(.)\1+/g, '$1');
}

/** Words by their sound: `same` or, with `near`, a letter's slip away. */
type Sounds = { same(word: string): string | undefined; near(word: string): string | undefined };

function createSounds(words: Iterable<string>): Sounds {
  const bySound = new Map<string, string>();
  for (const word of words) {
    const sound = soundOf(word);
    if (word.length >= shortest && !bySound.has(sound)) bySound.set(sound, word);
  }
  const repair = createRepair([...bySound.keys()]);
  return {
    same: (word) => bySound.get(soundOf(word)),
    near(word) {
      const sound = soundOf(word);
      const near = sound.length < shortest ? undefined : repair(sound);
      // People seldom miss a word's first letter; other words begin with another one.
      return near?.[0] === sound[0] ? bySound.get(near ?? '') : undefined;
    },
  };
}

type Vocabulary = {
  readonly words: ReadonlySet<string>;
  readonly wholeWords: Sounds;
  readonly products: Inflected;
  readonly cities: Inflected;
};
/** Words that are told by their stems. */
type Inflected = { readonly stems: ReadonlySet<string>; readonly sounds: Sounds };

function createInflected(words: Iterable<string>): Inflected {
  const stems = new Set([...words].map(stemOf));
  return { stems, sounds: createSounds(stems) };
}

let kept: Vocabulary | undefined;

function vocabulary(): Vocabulary {
  if (kept) return kept;
  const words = new Set([
    ...stopWords,
    ...dateWords(),
    ...numeralWords(),
    ...currencies.keys(),
    ...otherUnits,
    ...keyWords,
  ]);
  kept = {
    words,
    wholeWords: createSounds(words),
    products: createInflected(productWords()),
    cities: createInflected(cityWords()),
  };
  return kept;
}

/**
 * The word of a closed list (numerals, days, months, currencies, products, small words) that a folded word was meant to
 * be: one that sounds the same, or is a letter's slip away. Undefined for what is short, a true word, or a name.
 */
export function meantWord(word: string, isKnown: (word: string) => boolean): string | undefined {
  if (isLeft(word)) return undefined;
  const { words, wholeWords, products } = vocabulary();
  if (words.has(word)) return undefined;
  const same = wholeWords.same(word);
  // «завтро» has the stem of a true word: of «завтра» itself.
  if (isKnown(word)) return same !== undefined && stemOf(same) === stemOf(word) ? same : undefined;
  const meant = same ?? wholeWords.near(word) ?? meantForm(word, products);
  return meant !== undefined && word === `${meant}s` ? undefined : meant;
}

/** From so many letters on a city is told by its sound without a word for a place before it. */
const longCity = 8;

/**
 * The same for the name of a city.
 * @param isPlace whether it stands where a city would: behind «в» or "from", as an answer to "where?"
 */
export function meantCity(
  word: string,
  isPlace: boolean,
  isKnown: (word: string) => boolean,
): string | undefined {
  if (isLeft(word) || isKnown(word) || (!isPlace && word.length < longCity)) return undefined;
  const meant = meantForm(word, vocabulary().cities);
  return isPlace || meant?.[0] === word[0] ? meant : undefined;
}

const isLeft = (word: string): boolean =>
  word.length < shortest || word.length > 24 || isGiving(word) || shippedNames().find(word) !== undefined;

function meantForm(word: string, { stems, sounds }: Inflected): string | undefined {
  const stem = stemOf(word);
  if (stems.has(stem)) return undefined;
  const meant = sounds.same(stem) ?? sounds.near(stem);
  return meant === undefined ? undefined : meant + word.slice(stem.length);
}
