import { type FeatureSettings, type Features, normalise } from './features.ts';
import { type HashIndex, indexHashes } from './hash.ts';
import { createMultiply, type Directions, fitDirections, partsAlong, productsOf } from './products.ts';
import { applyTriangle, fitWhitening, identity, type Triangle } from './whiten.ts';

/** A text as numbers: places and values, both blocks, the vector and its products side by side. */
export type Row = { readonly places: Int32Array; readonly values: Float32Array };

/** Which features count, and how much: inverse document frequencies, and the mean vector of each script. */
export type Space = {
  /** Known features, in the order of their places. Places after them are the vector's dimensions, then its products. */
  readonly hashes: Uint32Array;
  readonly idf: Float32Array;
  readonly dimensions: number;
  /** Mean vectors of the training lines in Latin and in Cyrillic script, one after the other. */
  readonly means: Float32Array;
  /** Makes directions count less in which texts of one intent differ. */
  readonly whitening: Triangle;
  /** Along these the whitened vector's parts are multiplied with each other. */
  readonly directions: Directions;
  /** Weights of the blocks: concepts, vector and products, beside 1 for words. */
  readonly conceptWeight: number;
  readonly vectorWeight: number;
  readonly productWeight: number;
};

/** More occurrences of a feature in a text count as so many. */
export const maxCount = 63;
/** 1 + log of a count. */
export const sublinear = Float32Array.from({ length: maxCount + 1 }, (_, n) =>
  n === 0 ? 0 : 1 + Math.log(n),
);

/** How many numbers of a row say its meaning: the vector, then its products. */
export const meaningWidth = (dimensions: number, directions: number): number =>
  dimensions + productsOf(directions);

/** Along how many directions of meaning its parts are multiplied; fewer intents than that differ in fewer. */
const multiplied = 16;

/** How long a row is: known features, then the meaning. */
export const width = ({ hashes, dimensions, directions }: Space): number =>
  hashes.length + meaningWidth(dimensions, directions.length / dimensions);

/**
 * Learns the space from training features.
 * @param classes the class of each text
 * @param leastTexts a feature is kept when at least so many texts have it
 * @param dimensions of the word vectors
 */
export function fitSpace(
  all: readonly Features[],
  classes: Int32Array,
  leastTexts: number,
  dimensions: number,
  settings: FeatureSettings,
): Space {
  const kept = [...countTexts(all)].filter(([, n]) => n >= leastTexts).sort((a, b) => a[0] - b[0]);
  const means = meansOf(all, dimensions);
  const centred = all.map((features) => centre(features, means));
  const whitening = settings.whitening ? fitWhitening(centred, classes, dimensions) : identity(dimensions);
  for (const vector of centred) if (vector) whiten(whitening, vector);
  const isMultiplied = settings.products > 0 && new Set(classes).size > multiplied;
  return {
    hashes: Uint32Array.from(kept, ([hash]) => hash),
    idf: Float32Array.from(kept, ([, n]) => Math.log((1 + all.length) / (1 + n)) + 1),
    dimensions,
    means,
    whitening,
    directions: fitDirections(centred, classes, dimensions, isMultiplied ? multiplied : 0),
    conceptWeight: settings.concepts,
    vectorWeight: settings.vectors,
    productWeight: settings.products,
  };
}

/** In how many texts each feature occurs. */
function countTexts(all: readonly Features[]): Map<number, number> {
  const texts = new Map<number, number>();
  for (const { words, concepts } of all) {
    for (const hash of new Set(words)) texts.set(hash, (texts.get(hash) ?? 0) + 1);
    for (const hash of new Set(concepts)) texts.set(hash, (texts.get(hash) ?? 0) + 1);
  }
  return texts;
}

function meansOf(all: readonly Features[], dimensions: number): Float32Array {
  const means = new Float32Array(2 * dimensions);
  const counts = [0, 0];
  for (const { vector, cyrillic } of all) {
    if (!vector) continue;
    const script = cyrillic ? 1 : 0;
    counts[script] = (counts[script] ?? 0) + 1;
    for (let i = 0; i < dimensions; i++) {
      const at = script * dimensions + i;
      means[at] = (means[at] ?? 0) + (vector[i] ?? 0);
    }
  }
  for (let at = 0; at < means.length; at++) {
    means[at] = (means[at] ?? 0) / Math.max(1, counts[at < dimensions ? 0 : 1] ?? 1);
  }
  return means;
}

/** The vector of a text less the mean of its script, of length 1. */
function centre({ vector, cyrillic }: Features, means: Float32Array): Float32Array | undefined {
  if (!vector) return undefined;
  const offset = cyrillic ? vector.length : 0;
  const centred = vector.map((value, i) => value - (means[offset + i] ?? 0));
  normalise(centred);
  return centred;
}

function whiten(whitening: Triangle, vector: Float32Array): void {
  applyTriangle(whitening, vector);
  normalise(vector);
}

/** Makes the pure function from features to a row: sublinear TF-IDF per block, each block of length 1 times its weight. */
export function createEncode(
  space: Space,
  index: HashIndex = indexHashes(space.hashes),
): (f: Features) => Row {
  // How often a place has occurred in the block at hand; all zero between blocks.
  const counts = new Uint16Array(space.hashes.length);
  const words = space.hashes.length;
  const multiply = createMultiply(space.directions.length / space.dimensions);
  return (features) => {
    const size =
      features.words.length + features.concepts.length + (features.vector ? width(space) - words : 0);
    const places = new Int32Array(size);
    const values = new Float32Array(size);
    let filled = 0;
    const block = (hashes: Uint32Array, weight: number) => {
      const from = filled;
      for (let i = 0; i < hashes.length; i++) {
        const place = index.find(hashes[i] as number);
        if (place < 0) continue;
        const count = counts[place] as number;
        if (count === 0) places[filled++] = place;
        if (count < maxCount) counts[place] = count + 1;
      }
      let square = 0;
      for (let i = from; i < filled; i++) {
        const place = places[i] as number;
        const value = (sublinear[counts[place] as number] as number) * (space.idf[place] as number);
        counts[place] = 0;
        values[i] = value;
        square += value * value;
      }
      const scale = square > 0 ? weight / Math.sqrt(square) : 0;
      for (let i = from; i < filled; i++) values[i] = (values[i] as number) * scale;
    };
    block(features.words, 1);
    if (space.conceptWeight > 0) block(features.concepts, space.conceptWeight);
    const centred = space.vectorWeight > 0 ? centre(features, space.means) : undefined;
    if (centred) {
      whiten(space.whitening, centred);
      for (let i = 0; i < centred.length; i++) {
        places[filled] = words + i;
        values[filled++] = (centred[i] ?? 0) * space.vectorWeight;
      }
      multiply(partsAlong(space.directions, centred)).forEach((product, at) => {
        places[filled] = words + space.dimensions + at;
        values[filled++] = product * space.productWeight;
      });
    }
    return { places: places.subarray(0, filled), values: values.subarray(0, filled) };
  };
}
