/** How we look at letters: folding for comparison, and tokens that know where they stand. */

/** Intents are told from the first characters of a text; entities from all of it. */
const maxIntentLength = 2000;

/** A run of letters, a run of digits, or one other visible character. */
export type Token = {
  readonly kind: 'word' | 'digits' | 'sign';
  /** Folded: compatibility forms resolved, lower case, е for ё, one apostrophe. */
  readonly norm: string;
  /** UTF-16 offsets in the text; `end` exclusive. */
  readonly start: number;
  readonly end: number;
};

/** Printable ASCII without the backtick, and the Russian and neighbouring letters: only case and ё are folded in these. */
const PLAIN = /^[ -_a-~\u0400-\u045f]*$/;

/** Lower case, е for ё, straight apostrophes, full-width and other compatibility forms resolved; any string. */
export function fold(text: string): string {
  if (PLAIN.test(text)) {
    const lower = text.toLowerCase();
    return lower.includes('ё') ? lower.replaceAll('ё', 'е') : lower;
  }
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[’‘ʼ`]/g, "'");
}

const TOKEN = /\p{L}[\p{L}\p{M}\u200d]*|\p{Nd}+|[^\s\p{L}\p{Nd}]/gu;

/** The tokens of a text in order, in linear time; offsets are those of the text as given. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const raw = match[0];
    const first = raw.codePointAt(0) ?? 0;
    const kind = /^\p{L}/u.test(raw) ? 'word' : /^\p{Nd}/u.test(raw) ? 'digits' : 'sign';
    // Signs stay as they are: folding would make two letters of «№».
    const norm = kind === 'sign' || (first < 128 && kind === 'digits') ? raw : fold(raw);
    tokens.push({ kind, norm, start: match.index, end: match.index + raw.length });
  }
  return tokens;
}

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\bcan't\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/n't\b/g, ' not'],
  [/'re\b/g, ' are'],
  [/'m\b/g, ' am'],
  [/'ll\b/g, ' will'],
  [/'ve\b/g, ' have'],
  [/'d\b/g, ' would'],
  [/\b(what|where|it|that|how|who|there|here)'s\b/g, '$1 is'],
];

// A number keeps its separators and its «к», "k" or «т»: "1,500.50" and «5к» are one word each.
const INTENT_TOKEN = /\p{L}[\p{L}\p{M}]*|\p{Nd}+(?:[.,]\p{Nd}+)*(?:[kкт](?!\p{L}))?|[?$€£₽]/gu;

/**
 * The words of a text for intents: folded, English contractions opened, numbers as they stand. A question mark inside the
 * text is a word; at its end it says nothing, since half of all clients leave it out.
 */
export function wordsOf(text: string): string[] {
  let folded = fold(text.length > maxIntentLength ? text.slice(0, maxIntentLength) : text);
  if (folded.includes("'")) {
    for (const [pattern, opened] of CONTRACTIONS) folded = folded.replace(pattern, opened);
  }
  const words: string[] = folded.match(INTENT_TOKEN) ?? [];
  while (words.at(-1) === '?') words.pop();
  return words;
}

/** Whether a folded word is written in Cyrillic. */
export function isCyrillic(word: string): boolean {
  const code = word.charCodeAt(0);
  return code >= 0x400 && code < 0x530;
}
