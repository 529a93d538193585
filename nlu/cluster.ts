import { shippedConcepts } from './concepts.ts';
import { isPlainlyName } from './entities/names.ts';
import { stemsOf } from './evaluation/similar.ts';
import { createExtract, createReadWord, defaultFeatures } from './features.ts';
import { shippedVectors } from './vectors.ts';
import { readWriting } from './writing.ts';

/** The cosine of their meanings from which two texts are about the same. */
const alikeMeaning = 0.91;
/** The share of common stems from which they are, where a meaning is not known. */
const alikeStems = 0.5;

/**
 * Puts texts together that are about the same: by the meaning of their words, else by the words. Pure; the same texts in
 * the same order give the same clusters. Takes the square of their number.
 * @returns places in the list, the largest cluster first, each in the order of the list
 */
export function clusterTexts(texts: readonly string[]): readonly (readonly number[])[] {
  const vectors = shippedVectors();
  const readWord = createReadWord(defaultFeatures, vectors, shippedConcepts(), isPlainlyName);
  const extract = createExtract(defaultFeatures, vectors, readWord);
  const read = texts.map((text) => ({
    stems: new Set(stemsOf(text)),
    meaning: extract(readWriting(text, vectors)).vector,
  }));
  // Each text joins the first cluster that begins with a text like it: chains would put everything together.
  const clusters: number[][] = [];
  read.forEach((one, place) => {
    const cluster = clusters.find(([head]) => {
      const other = head === undefined ? undefined : read[head];
      return other !== undefined && isAlike(one, other);
    });
    if (cluster) cluster.push(place);
    else clusters.push([place]);
  });
  return clusters.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
}

type Read = { readonly stems: ReadonlySet<string>; readonly meaning: Float32Array | undefined };

function isAlike(one: Read, other: Read): boolean {
  const shared = [...one.stems].filter((stem) => other.stems.has(stem)).length;
  if (shared > 0 && shared >= alikeStems * (one.stems.size + other.stems.size - shared)) return true;
  if (!one.meaning || !other.meaning) return false;
  let cosine = 0;
  for (let i = 0; i < one.meaning.length; i++) cosine += (one.meaning[i] ?? 0) * (other.meaning[i] ?? 0);
  return cosine >= alikeMeaning;
}
