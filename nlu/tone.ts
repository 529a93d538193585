/** How a text sounds, beside its words: what the model of signals cannot learn from a hundred lines. */

/** Stems of obscenities and of insults; written out, so that no other word is among them («хлеба», "assess"). */
const swearing = new RegExp(
  [
    '(?<!\\p{L})(?:на|по|о|за|от|ни|у|вы|при|про|пере|до|рас|под)?ху[йёеяи]',
    'пизд',
    '(?<!\\p{L})(?:за|на|у|вы|до|про|съ|разъ|отъ|объ|долбо)?[её]б[алуниё]',
    '(?<!\\p{L})бля',
    '(?<!\\p{L})сук[аиу](?!\\p{L})',
    'муда[кч]',
    'г[оа]вн[оа]',
    'дерьм',
    '(?<!\\p{L})жоп',
    'хрен',
    '(?<!\\p{L})(?:на|по|о|до)?хер',
    'идиот',
    'дебил',
    'придур',
    'кретин',
    '(?<!\\p{L})урод[ыа]?(?!\\p{L})',
    'сволоч',
    'скотин',
    '(?<!\\p{L})твар[ьи](?!\\p{L})',
    'ублюд',
    'мраз[ьи]',
    'подон[ко]',
    '(?<!\\p{L})туп(?:ой|ые|ая|ее|ым|ого|ому|ых)(?!\\p{L})',
    'офиг',
    '(?:к|какого) ч[её]рта|ч[её]рт бы',
    '(?<!\\p{L})(?:fuck|bullshit|shit|crap|damn|bastard|asshole|idiot|moron|scum)',
    '(?<!\\p{L})(?:stupid|dumb|sucks?|wtf|pissed)(?!\\p{L})',
    '(?<!\\p{L})(?:the|to) hell(?!\\p{L})',
    '(?<!\\p{L})screw (?:you|this|that)(?!\\p{L})',
  ].join('|'),
  'iu',
);

const repeatedMarks = /!!|\?\?|!\?|\?!/;

/** Longer texts sound in their beginning. */
const sampleLength = 2000;

/**
 * How much the odds that a text is angry rise by its sound: the logarithm, 0 for a calm one. Weights chosen by five folds
 * of the marked lines (docs/understanding.md).
 */
export function heatOf(text: string): number {
  const sample = text.slice(0, sampleLength);
  return (swearing.test(sample) ? 3 : 0) + (isShouted(sample) ? 1 : 0) + (repeatedMarks.test(sample) ? 1 : 0);
}

/** Most words of three letters and more in capitals, two at least: «ГДЕ ДЕНЬГИ»; «СНИЛС» alone is no shout. */
function isShouted(text: string): boolean {
  const words = text.match(/\p{L}{3,}/gu) ?? [];
  const shouted = words.filter((word) => word === word.toUpperCase()).length;
  return shouted > 1 && shouted >= 0.7 * words.length;
}

/** A probability whose odds rose by a logarithm. */
export function heated(probability: number, heat: number): number {
  const odds = (probability / (1 - probability)) * Math.exp(heat);
  return probability >= 1 ? 1 : odds / (1 + odds);
}
