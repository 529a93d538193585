import { softmax } from './calibrate.ts';
import { shippedConcepts } from './concepts.ts';
import { allKinds, findEntities } from './entities/index.ts';
import { isPlainlyName } from './entities/names.ts';
import { read } from './entities/reading.ts';
import { createReadWord } from './features.ts';
import { type Model, none } from './model.ts';
import { belonging, saysEnough } from './none.ts';
import { createScorer } from './scorer.ts';
import type { Alternative, Locale, Understanding, UnderstandOptions } from './types.ts';
import { shippedVectors } from './vectors.ts';
import { readWriting } from './writing.ts';

/** What a text weighs, before anything is decided: a score for each label of the model, and whether enough of it is known. */
export type Weighed = { readonly scores: Float64Array; readonly isKnown: boolean };

/** What turns texts into understandings by one model. Synchronous and pure: the same text gives the same answer. */
export type Understand = {
  /** The model's version id. */
  readonly model: string;
  /** What the model tells apart. */
  readonly labels: readonly string[];
  understand(text: string, options?: UnderstandOptions): Understanding;
  /** The scores alone, for evaluation. */
  weigh(text: string, locale?: Locale): Weighed;
};

const maxAlternatives = 5;

/** Prepares a model for use. Throws when it was trained with other word vectors than this installation has. */
export function createUnderstanding(model: Model): Understand {
  const vectors = shippedVectors();
  if (model.vectors !== vectors.id) {
    throw new Error(
      `model ${model.id} was trained with word vectors ${model.vectors}, here are ${vectors.id}; train it again`,
    );
  }
  const score = createScorer(
    model,
    vectors,
    createReadWord(model.features, vectors, shippedConcepts(), isPlainlyName),
  );
  const foreignClass = model.labels.indexOf(none);
  const scores = new Float64Array(model.labels.length);
  const probabilities = new Float64Array(model.labels.length);
  const isKnownWord = (word: string) => vectors.find(word) >= 0;

  return {
    model: model.id,
    labels: model.labels,
    weigh(text, locale) {
      const isKnown = saysEnough(score(readWriting(text, vectors, locale), scores), scores);
      return { scores: scores.slice(), isKnown };
    },
    understand(text, options = {}) {
      const writing = readWriting(text, vectors, options.locale);
      const isKnown = saysEnough(score(writing, scores), scores);
      softmax(scores, model.temperature, probabilities);
      const isOurs = isKnown && belonging(scores, foreignClass) >= model.threshold;
      const alternatives = bestOf(model.labels, probabilities, foreignClass);
      const best = alternatives[0];
      const kinds = options.kinds ?? allKinds;
      return {
        text,
        language: writing.language,
        intent: isOurs && best ? best.intent : none,
        confidence: best?.confidence ?? 0,
        alternatives,
        entities: kinds.length > 0 ? findEntities(read(text, writing, isKnownWord, options), kinds) : [],
        model: model.id,
      };
    },
  };
}

/** The likeliest intents, the likeliest first. */
function bestOf(labels: readonly string[], probabilities: Float64Array, foreignClass: number): Alternative[] {
  const best: number[] = [];
  for (let c = 0; c < labels.length; c++) {
    if (c === foreignClass) continue;
    const confidence = probabilities[c] as number;
    let at = best.length;
    while (at > 0 && (probabilities[best[at - 1] as number] as number) < confidence) at--;
    if (at === maxAlternatives) continue;
    for (let i = Math.min(best.length, maxAlternatives - 1); i > at; i--) best[i] = best[i - 1] as number;
    best[at] = c;
  }
  return best.map((c) => ({ intent: labels[c] ?? '', confidence: probabilities[c] ?? 0 }));
}
