import { blendBayes } from './bayes.ts';
import { fitTemperature, type HeldOut } from './calibrate.ts';
import { shippedConcepts } from './concepts.ts';
import { isPlainlyName } from './entities/names.ts';
import {
  createExtract,
  createReadWord,
  defaultFeatures,
  type FeatureSettings,
  type Features,
} from './features.ts';
import { randomBy, shuffle } from './hash.ts';
import { fitLogistic, score } from './logistic.ts';
import { type Model, nameModel, none } from './model.ts';
import { belonging, fitThreshold } from './none.ts';
import { createEncode, fitSpace, type Row, width } from './space.ts';
import { fitSvm } from './svm.ts';
import { shippedVectors } from './vectors.ts';
import { readWriting } from './writing.ts';

/** A training phrase and its intent. */
export type Phrase = { readonly text: string; readonly label: string };

export type TrainOptions = {
  readonly seed?: number;
  /** Texts that belong to no intent. */
  readonly outOfScope?: readonly string[];
  /** The share of out-of-scope texts to expect when it is used, 0..1. */
  readonly outOfScopeShare?: number;
  /** Whether an intent's name is one more phrase of it («block_card» → "block card"). */
  readonly useTitles?: boolean;
  /** Weights and extents of the features, where they should not be the defaults for the number of phrases. */
  readonly features?: Partial<FeatureSettings>;
  /** Folds for the temperature and the threshold of `none` (5); 0: neither is fitted. */
  readonly folds?: number;
};

/** Goes up whenever the same phrases would give another model: caches are keyed by it. */
export const trainingVersion = 2;

/** Above so many texts other settings are better, and one held-out part is enough. */
const manyTexts = 3000;

/** Features of a text, read as it was meant (layout, transliteration). */
function createRead(settings: FeatureSettings): (text: string) => Features {
  const vectors = shippedVectors();
  const readWord = createReadWord(settings, vectors, shippedConcepts(), isPlainlyName);
  const extract = createExtract(settings, vectors, readWord);
  return (text) => extract(readWriting(text, vectors));
}

/**
 * Trains a model. Deterministic: the same phrases, options and version give the same bytes.
 * @throws Error when there are fewer than two intents, or a phrase's label is `none`
 */
export function train(phrases: readonly Phrase[], options: TrainOptions = {}): Model {
  const { seed = 1, outOfScope = [], outOfScopeShare = 0.18, useTitles = true, folds = 5 } = options;
  const intents = [...new Set(phrases.map(({ label }) => label))].sort();
  if (intents.length < 2)
    throw new Error('the phrases name fewer than two intents; add phrases of another intent');
  if (intents.includes(none))
    throw new Error('"none" is no label for a phrase; give such texts as out of scope');
  const many = phrases.length > manyTexts;
  const features = { ...defaultFeatures, ...(many && { concepts: 0.5, vectors: 0.5 }), ...options.features };
  const labels = outOfScope.length > 0 ? [...intents, none] : intents;
  const foreignClass = labels.indexOf(none);

  const classOf = new Map(intents.map((label, i) => [label, i]));
  const texts = [...phrases.map(({ text }) => text), ...outOfScope];
  const classes = Int32Array.from(texts, (_, i) => classOf.get(phrases[i]?.label ?? '') ?? foreignClass);
  const titles = useTitles ? intents.map((label) => label.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()) : [];
  const known = [...texts, ...titles].map(createRead(features));
  const knownClasses = Int32Array.from([...classes, ...titles.map((_, i) => i)]);
  const space = fitSpace(known, knownClasses, many ? 2 : 1, shippedVectors().dimensions, features);
  const rows = known.map(createEncode(space));
  const learn = (chosen: readonly number[]): Float32Array =>
    fitWeights(
      chosen.map((i) => rows[i] as Row),
      Int32Array.from(chosen, (i) => knownClasses[i] ?? 0),
      { width: width(space), words: space.hashes.length, classes: labels.length, many, seed },
    );

  const places = [...rows.keys()];
  const fold = foldsOf(classes, folds, seed);
  const heldOut = Array.from({ length: many ? Math.min(1, folds) : folds }, (_, f) => f).flatMap((f) => {
    const weights = learn(places.filter((i) => fold[i] !== f));
    return places
      .filter((i) => fold[i] === f)
      .map((i) => scoreOf(weights, rows[i], knownClasses[i], labels.length));
  });
  const temperature = fitTemperature(heldOut);
  const judged = heldOut.map(({ scores, label }) => {
    const isOurs = label !== foreignClass;
    const best = Math.max(...scores.filter((_, c) => c !== foreignClass));
    return { belonging: belonging(scores, foreignClass), isOurs, isRight: isOurs && scores[label] === best };
  });
  return nameModel({
    labels,
    features,
    space,
    ...toBytes(learn(places), labels.length),
    temperature,
    threshold: fitThreshold(judged, outOfScopeShare),
    vectors: shippedVectors().id,
    trained: { texts: texts.length, seed },
  });
}

type FitOptions = {
  readonly width: number;
  readonly words: number;
  readonly classes: number;
  readonly many: boolean;
  readonly seed: number;
};

/** Logistic regression for few phrases; for many, support vectors with a little naive Bayes. */
function fitWeights(rows: readonly Row[], labels: Int32Array, options: FitOptions): Float32Array {
  const { width, words, classes, many, seed } = options;
  if (!many) return fitLogistic(rows, labels, width, classes, { cost: 10, passes: 4, seed });
  const weights = fitSvm(rows, labels, width, classes, { cost: 1, passes: 6, seed });
  blendBayes(weights, rows, labels, words, classes, 0.05);
  return weights;
}

function scoreOf(
  weights: Float32Array,
  row: Row | undefined,
  label: number | undefined,
  classes: number,
): HeldOut {
  const scores = new Float64Array(classes);
  if (row) score(weights, row, classes, scores);
  return { scores, label: label ?? -1 };
}

/** A fold 0..folds-1 for each text, each class spread evenly, by seed. */
export function foldsOf(classes: Int32Array, folds: number, seed: number): Int32Array {
  const order = Int32Array.from(classes, (_, i) => i);
  shuffle(order, randomBy(seed + 7));
  const next = new Map<number, number>();
  const fold = new Int32Array(classes.length);
  for (const i of order) {
    const label = classes[i] ?? 0;
    const n = next.get(label) ?? label;
    fold[i] = n % Math.max(1, folds);
    next.set(label, n + 1);
  }
  return fold;
}

/** Weights as signed bytes, scaled row by row. */
function toBytes(weights: Float32Array, classes: number): { weights: Int8Array; scales: Float32Array } {
  const bytes = new Int8Array(weights.length);
  const scales = new Float32Array(weights.length / classes);
  for (let row = 0; row < scales.length; row++) {
    let most = 0;
    for (let c = 0; c < classes; c++) most = Math.max(most, Math.abs(weights[row * classes + c] ?? 0));
    const scale = most / 127;
    scales[row] = scale;
    if (scale === 0) continue;
    for (let c = 0; c < classes; c++) {
      bytes[row * classes + c] = Math.round((weights[row * classes + c] ?? 0) / scale);
    }
  }
  return { weights: bytes, scales };
}
