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
  readWords,
} from './features.ts';
import { randomBy, shuffle } from './hash.ts';
import { fitLogistic, score } from './logistic.ts';
import { type Model, nameModel, none } from './model.ts';
import { belonging, fitThreshold } from './none.ts';
import { createEncode, fitSpace, type Row, type Space, width } from './space.ts';
import { fitSvm } from './svm.ts';
import { vocabularyOf } from './typos.ts';
import { shippedVectors } from './vectors.ts';
import { readWriting, type Writing } from './writing.ts';

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
  /** Called with the share of the work that is done, 0..1, rising. */
  readonly onProgress?: (share: number) => void;
};

/** Goes up whenever the same phrases would give another model: caches are keyed by it. */
export const trainingVersion = 6;

/** Above so many texts other settings are better, and one held-out part is enough. */
export const manyTexts = 3000;

/** What is looked at otherwise in many texts. */
const featuresOfMany = { concepts: 0.5, vectors: 0.5, products: 0.6, pairDistance: 6, runLength: 3 };

/** Passes over the texts, of few and of many. */
const passes = { few: 4, many: 6 };

/** Features of writings. */
function createRead(settings: FeatureSettings): (writing: Writing) => Features {
  const vectors = shippedVectors();
  return createExtract(
    settings,
    vectors,
    createReadWord(settings, vectors, shippedConcepts(), isPlainlyName),
  );
}

/**
 * Trains a model. Deterministic: the same phrases, options and version give the same bytes.
 * @throws Error when there are fewer than two intents, or a phrase's label is `none`
 */
export function train(phrases: readonly Phrase[], options: TrainOptions = {}): Model {
  const { seed = 1, outOfScope = [], outOfScopeShare = 0.18, folds = 5, onProgress } = options;
  const set = prepare(phrases, outOfScope, options);
  const tried = set.many ? Math.min(1, folds) : folds;
  const work = (tried + 1) * (set.many ? passes.many : passes.few);
  let done = 0;
  const onPass = () => onProgress?.(++done / work);

  const places = [...set.rows.keys()];
  const fold = foldsOf(set.classes, folds, seed);
  const heldOut = Array.from({ length: tried }, (_, f) => f).flatMap((f) => {
    const weights = learn(
      set,
      places.filter((i) => fold[i] !== f),
      seed,
      onPass,
    );
    return places.filter((i) => fold[i] === f).map((i) => scoreOf(weights, set, i));
  });
  return nameModel({
    labels: set.labels,
    features: set.features,
    space: set.space,
    vocabulary: set.vocabulary,
    ...toBytes(learn(set, places, seed, onPass), set.labels.length),
    ...fitConfidence(heldOut, set.labels.indexOf(none), outOfScopeShare),
    vectors: shippedVectors().id,
    trained: { texts: set.classes.length, seed },
  });
}

/** All that learning needs: the texts and titles as rows of a space, with their classes. */
type TrainingSet = {
  readonly labels: readonly string[];
  readonly many: boolean;
  readonly features: FeatureSettings;
  readonly space: Space;
  readonly vocabulary: readonly string[];
  /** The class of each text; titles, which come behind the texts, are not among them. */
  readonly classes: Int32Array;
  readonly rows: readonly Row[];
  readonly rowClasses: Int32Array;
};

function prepare(
  phrases: readonly Phrase[],
  outOfScope: readonly string[],
  { useTitles = true, features: wished }: TrainOptions,
): TrainingSet {
  const intents = [...new Set(phrases.map(({ label }) => label))].sort();
  if (intents.length < 2)
    throw new Error('the phrases name fewer than two intents; add phrases of another intent');
  if (intents.includes(none))
    throw new Error('"none" is no label for a phrase; give such texts as out of scope');
  const many = phrases.length > manyTexts;
  const features = { ...defaultFeatures, ...(many && featuresOfMany), ...wished };
  const labels = outOfScope.length > 0 ? [...intents, none] : intents;
  const classOf = new Map(labels.map((label, i) => [label, i]));
  const texts = [...phrases.map(({ text }) => text), ...outOfScope];
  const classes = Int32Array.from(texts, (_, i) => classOf.get(phrases[i]?.label ?? none) ?? 0);
  const titles = useTitles ? intents.map((label) => label.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()) : [];
  const vectors = shippedVectors();
  const writings = [...texts, ...titles].map((text) => readWriting(text, vectors));
  const known = writings.map(createRead(features));
  const rowClasses = Int32Array.from([...classes, ...titles.map((_, i) => i)]);
  const space = fitSpace(known, rowClasses, many ? 2 : 1, vectors.dimensions, features);
  return {
    labels,
    many,
    features,
    space,
    vocabulary: vocabularyOf(writings.map(readWords), (word) => vectors.find(word) >= 0),
    classes,
    rows: known.map(createEncode(space)),
    rowClasses,
  };
}

/**
 * The temperature, and the threshold of `none`, that fit scores of texts held out of training.
 * @param foreignClass the index of the out-of-scope class, or -1
 */
export function fitConfidence(
  heldOut: readonly HeldOut[],
  foreignClass: number,
  outOfScopeShare: number,
): { temperature: number; threshold: number } {
  const judged = heldOut.map(({ scores, label }) => {
    const isOurs = label !== foreignClass;
    const best = Math.max(...scores.filter((_, c) => c !== foreignClass));
    return { belonging: belonging(scores, foreignClass), isOurs, isRight: isOurs && scores[label] === best };
  });
  return { temperature: fitTemperature(heldOut), threshold: fitThreshold(judged, outOfScopeShare) };
}

/** Weights from the chosen rows: logistic regression for few phrases; for many, support vectors with a little naive Bayes. */
function learn(set: TrainingSet, chosen: readonly number[], seed: number, onPass: () => void): Float32Array {
  const rows = chosen.flatMap((i) => set.rows[i] ?? []);
  const labels = Int32Array.from(chosen, (i) => set.rowClasses[i] ?? 0);
  const size = width(set.space);
  const classes = set.labels.length;
  if (!set.many) {
    return fitLogistic(rows, labels, size, classes, { cost: 14, passes: passes.few, seed, onPass });
  }
  const weights = fitSvm(rows, labels, size, classes, { cost: 2, passes: passes.many, seed, onPass });
  blendBayes(weights, rows, labels, set.space.hashes.length, classes, 0.05);
  return weights;
}

function scoreOf(weights: Float32Array, set: TrainingSet, at: number): HeldOut {
  const scores = new Float64Array(set.labels.length);
  const row = set.rows[at];
  if (row) score(weights, row, scores.length, scores);
  return { scores, label: set.rowClasses[at] ?? -1 };
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
