/**
 * Russian Snowball stemmer (snowballstem.org/algorithms/russian), checked word by word against PyStemmer.
 * `natural`'s Russian stemmer differs from it («мошенник» → «мошеник»), and the word vectors are keyed by these stems.
 */

const VOWELS = 'аеиоуыэюя';

const longestFirst = (endings: string): readonly string[] =>
  endings.split(' ').sort((a, b) => b.length - a.length);

const GERUND_AFTER_A = longestFirst('в вши вшись');
const GERUND = longestFirst('ив ивши ившись ыв ывши ывшись');
const ADJECTIVE = longestFirst(
  'ее ие ые ое ими ыми ей ий ый ой ем им ым ом его ого ему ому их ых ую юю ая яя ою ею',
);
const PARTICIPLE_AFTER_A = longestFirst('ем нн вш ющ щ');
const PARTICIPLE = longestFirst('ивш ывш ующ');
const VERB_AFTER_A = longestFirst('ла на ете йте ли й л ем н ло но ет ют ны ть ешь нно');
const VERB = longestFirst(
  'ила ыла ена ейте уйте ите или ыли ей уй ил ыл им ым ен ило ыло ено ят ует уют ит ыт ены ить ыть ишь ую ю',
);
const NOUN = longestFirst(
  'а ев ов ие ье е иями ями ами еи ии и ией ей ой ий й иям ям ием ем ам ом о у ах иях ях ы ь ию ью ю ия ья я',
);
const REFLEXIVE = ['ся', 'сь'];
const SUPERLATIVE = ['ейше', 'ейш'];

/** The longest of the endings that lies wholly behind `from`, or ''. */
function ending(word: string, from: number, endings: readonly string[]): string {
  for (const candidate of endings) {
    if (word.length - candidate.length >= from && word.endsWith(candidate)) return candidate;
  }
  return '';
}

/** The longest ending of both groups decides; one of the first group must follow а or я, else nothing is cut. */
function eitherEnding(
  word: string,
  from: number,
  afterA: readonly string[],
  free: readonly string[],
): string {
  const bound = ending(word, from, afterA);
  const loose = ending(word, from, free);
  if (loose.length >= bound.length) return loose;
  const before = word.length - bound.length - 1;
  return before >= from && (word[before] === 'а' || word[before] === 'я') ? bound : '';
}

/** Where the part begins that follows the first consonant after a vowel at or after `from`. */
function regionAfter(word: string, from: number): number {
  for (let i = Math.max(1, from); i < word.length; i++) {
    if (!VOWELS.includes(word[i] ?? '') && VOWELS.includes(word[i - 1] ?? '')) return i + 1;
  }
  return word.length;
}

/** The stem of a Russian word that is already in lower case; ё counts as е. A word without vowels is its own stem. */
export function stemRussian(word: string): string {
  let rest = word.includes('ё') ? word.replaceAll('ё', 'е') : word;
  let rv = 0;
  while (rv < rest.length && !VOWELS.includes(rest[rv] ?? '')) rv++;
  if (rv === rest.length) return rest;
  rv++;
  const r2 = regionAfter(rest, regionAfter(rest, rv));
  const cut = (found: string): boolean => {
    rest = rest.slice(0, rest.length - found.length);
    return found !== '';
  };
  if (!cut(eitherEnding(rest, rv, GERUND_AFTER_A, GERUND))) {
    cut(ending(rest, rv, REFLEXIVE));
    if (cut(ending(rest, rv, ADJECTIVE))) cut(eitherEnding(rest, rv, PARTICIPLE_AFTER_A, PARTICIPLE));
    else if (!cut(eitherEnding(rest, rv, VERB_AFTER_A, VERB))) cut(ending(rest, rv, NOUN));
  }
  cut(ending(rest, rv, ['и']));
  cut(ending(rest, r2, ['ость', 'ост']));
  if (cut(ending(rest, rv, SUPERLATIVE)) || ending(rest, rv, ['нн'])) {
    if (ending(rest, rv, ['нн'])) rest = rest.slice(0, -1);
  } else cut(ending(rest, rv, ['ь']));
  return rest;
}
