import type { Phrase } from '../train.ts';
import type { Answer } from './answers.ts';
import { type SimilarPair, similarPairs, stemsOf } from './similar.ts';

/** Something in the phrases that an admin should look at. */
export type Finding =
  /** The same words under several intents: the model cannot learn either. */
  | { readonly kind: 'conflict'; readonly text: string; readonly intents: readonly string[] }
  /** Nearly the same words under two intents. */
  | {
      readonly kind: 'near-duplicate';
      readonly first: Phrase;
      readonly second: Phrase;
      readonly similarity: number;
    }
  /** The same words twice in one intent: the second teaches nothing. */
  | { readonly kind: 'repeated'; readonly text: string; readonly intent: string; readonly times: number }
  | { readonly kind: 'too-few'; readonly intent: string; readonly phrases: number; readonly least: number }
  /** Most phrases of an intent are nearly another of its phrases: `share` of them, 0..1. */
  | { readonly kind: 'too-similar'; readonly intent: string; readonly share: number }
  /** A test phrase that the training phrases hold nearly word for word: its figure is too good. */
  | {
      readonly kind: 'leak';
      readonly test: Phrase;
      readonly training: Phrase;
      readonly similarity: number;
    }
  /** A model that was trained without the phrase is sure of another intent. */
  | {
      readonly kind: 'would-move';
      readonly text: string;
      readonly from: string;
      readonly to: string;
      readonly confidence: number;
    };

export type LintOptions = {
  /** Phrases to measure on, looked at for leaks. */
  readonly test?: readonly Phrase[];
  /** Answers of a cross-validation of the phrases, for those that the model would move. */
  readonly answers?: readonly Pick<Answer, 'text' | 'truth' | 'best' | 'confidence'>[];
  /** An intent with fewer phrases is told. */
  readonly leastPhrases?: number;
  /** Share of words in common from which two phrases are nearly the same, 0..1. */
  readonly similarity?: number;
  /** How sure the model must be of another intent, 0..1. */
  readonly sure?: number;
};

/** Looks through training phrases. Pure; findings come in the order of the kinds above. */
export function lint(phrases: readonly Phrase[], options: LintOptions = {}): Finding[] {
  const { test = [], answers = [], leastPhrases = 5, similarity = 0.8, sure = 0.5 } = options;
  const all = [...phrases, ...test];
  const pairs = similarPairs(
    all.map(({ text }) => text),
    similarity,
  );
  const within = pairs.filter(({ second }) => second < phrases.length);
  const across = pairs.filter(({ first, second }) => first < phrases.length && second >= phrases.length);
  return [
    ...sameWords(phrases),
    ...nearDuplicates(phrases, within),
    ...counts(phrases, within, leastPhrases),
    ...across.flatMap(({ first, second, similarity }): Finding[] => {
      const [training, tested] = [all[first], all[second]];
      return training && tested ? [{ kind: 'leak', test: tested, training, similarity }] : [];
    }),
    ...answers
      .filter(({ truth, best, confidence }) => truth !== best && confidence >= sure)
      .sort((a, b) => b.confidence - a.confidence)
      .map(({ text, truth, best, confidence }): Finding => {
        return { kind: 'would-move', text, from: truth, to: best, confidence };
      }),
  ];
}

/** Conflicts and repetitions: phrases of the same stems in any order. */
function sameWords(phrases: readonly Phrase[]): Finding[] {
  const byWords = new Map<string, Phrase[]>();
  for (const phrase of phrases) {
    const key = stemsOf(phrase.text).sort().join(' ');
    const found = byWords.get(key);
    if (found) found.push(phrase);
    else byWords.set(key, [phrase]);
  }
  const conflicts: Finding[] = [];
  const repeated: Finding[] = [];
  for (const [words, group] of byWords) {
    const text = group[0]?.text ?? '';
    const intents = [...new Set(group.map(({ label }) => label))];
    if (words !== '' && intents.length > 1) conflicts.push({ kind: 'conflict', text, intents });
    for (const intent of intents) {
      const times = group.filter(({ label }) => label === intent).length;
      if (times > 1) repeated.push({ kind: 'repeated', text, intent, times });
    }
  }
  return [...conflicts, ...repeated];
}

function nearDuplicates(phrases: readonly Phrase[], pairs: readonly SimilarPair[]): Finding[] {
  return pairs.flatMap(({ first: a, second: b, similarity }): Finding[] => {
    const [first, second] = [phrases[a], phrases[b]];
    // The same words are a conflict, told apart.
    const isTold = !first || !second || first.label === second.label || similarity === 1;
    return isTold ? [] : [{ kind: 'near-duplicate', first, second, similarity }];
  });
}

/** Intents with too few phrases, and those whose phrases are mostly one another. */
function counts(phrases: readonly Phrase[], pairs: readonly SimilarPair[], leastPhrases: number): Finding[] {
  const number = new Map<string, number>();
  for (const { label } of phrases) number.set(label, (number.get(label) ?? 0) + 1);
  const alike = new Map<string, Set<number>>();
  for (const { first, second } of pairs) {
    const intent = phrases[first]?.label ?? '';
    if (intent !== phrases[second]?.label) continue;
    // The earlier one stays; the later one adds little.
    alike.set(intent, (alike.get(intent) ?? new Set()).add(second));
  }
  const intents = [...number].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...intents
      .filter(([, n]) => n < leastPhrases)
      .map(([intent, n]): Finding => ({ kind: 'too-few', intent, phrases: n, least: leastPhrases })),
    ...intents
      .map(
        ([intent, n]): Finding => ({
          kind: 'too-similar',
          intent,
          share: (alike.get(intent)?.size ?? 0) / n,
        }),
      )
      .filter((finding) => finding.kind === 'too-similar' && finding.share > 0.5),
  ];
}
