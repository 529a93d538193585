import { softmax } from './calibrate.ts';
import { shippedConcepts } from './concepts.ts';
import { allKinds, findEntities } from './entities/index.ts';
import { isPlainlyName } from './entities/names.ts';
import { read } from './entities/reading.ts';
import { createExtract } from './features.ts';
import { indexHashes } from './hash.ts';
import { type Model, none } from './model.ts';
import { belonging } from './none.ts';
import { createEncode, type Row } from './space.ts';
import type { Alternative, Understanding, UnderstandOptions } from './types.ts';
import { shippedVectors } from './vectors.ts';
import { readWriting } from './writing.ts';

/** What turns texts into understandings by one model. Synchronous and pure: the same text gives the same answer. */
export type Understand = {
  /** The model's version id. */
  readonly model: string;
  understand(text: string, options?: UnderstandOptions): Understanding;
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
  const extract = createExtract(model.features, vectors, shippedConcepts(), isPlainlyName);
  const encode = createEncode(model.space, indexHashes(model.space.hashes));
  const classes = model.labels.length;
  const foreignClass = model.labels.indexOf(none);
  const scores = new Float64Array(classes);
  const probabilities = new Float64Array(classes);
  const isKnown = (word: string) => vectors.find(word) >= 0;

  return {
    model: model.id,
    understand(text, options = {}) {
      const writing = readWriting(text, vectors, options.locale);
      const row = encode(extract(writing));
      scoreBytes(model, row, scores);
      softmax(scores, model.temperature, probabilities);
      const isOurs = row.places.length > 0 && belonging(scores, foreignClass) >= model.threshold;
      const alternatives = bestOf(model.labels, probabilities, foreignClass);
      const best = alternatives[0];
      const kinds = options.kinds ?? allKinds;
      return {
        text,
        language: writing.language,
        intent: isOurs && best ? best.intent : none,
        confidence: best?.confidence ?? 0,
        alternatives,
        entities: kinds.length > 0 ? findEntities(read(text, writing, isKnown, options), kinds) : [],
        model: model.id,
      };
    },
  };
}

function scoreBytes(model: Model, row: Row, into: Float64Array): void {
  const classes = into.length;
  const { weights, scales } = model;
  const { places, values } = row;
  into.fill(0);
  for (let k = 0; k < places.length; k++) {
    const place = places[k] as number;
    const factor = (values[k] as number) * (scales[place] as number);
    const from = place * classes;
    for (let c = 0; c < classes; c++) into[c] = (into[c] as number) + factor * (weights[from + c] as number);
  }
}

function bestOf(labels: readonly string[], probabilities: Float64Array, foreignClass: number): Alternative[] {
  const best: Alternative[] = [];
  for (let c = 0; c < labels.length; c++) {
    if (c === foreignClass) continue;
    const confidence = probabilities[c] ?? 0;
    if (best.length === maxAlternatives && confidence <= (best.at(-1)?.confidence ?? 0)) continue;
    let at = best.length;
    while (at > 0 && (best[at - 1]?.confidence ?? 0) < confidence) at--;
    best.splice(at, 0, { intent: labels[c] ?? '', confidence });
    best.length = Math.min(best.length, maxAlternatives);
  }
  return best;
}
