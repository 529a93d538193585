import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dataFile } from './data-folder.ts';
import { hashText, indexHashes } from './hash.ts';
import { keep } from './kept.ts';
import { stemRussian } from './stem.ts';
import { isCyrillic } from './text.ts';

/** Word vectors of Russian and English in one space. The format is described in nlu/data/vectors/README.md. */
export type WordVectors = {
  /** First digits of the SHA-256 of the file: a model is only good with the table it was trained with. */
  readonly id: string;
  readonly dimensions: number;
  /** How many rows there are, and how many of them are English (the first ones). */
  readonly size: number;
  readonly english: number;
  /** The row of a folded word (a Russian one is stemmed here), or -1. */
  find(word: string): number;
  /** Adds the row, weighted by how much the word tells, times `factor`. */
  add(row: number, into: Float32Array, factor?: number): void;
};

const keptWords = 8000;

/** Reads the table. Throws when the bytes are not one. */
function readVectors(bytes: Uint8Array): WordVectors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 20 || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'HVT1') {
    throw new Error(
      'the word vectors are not a HVT1 table; take nlu/data/vectors/ru-en-100d.bin from a release',
    );
  }
  const dimensions = view.getUint32(4, true);
  const size = view.getUint32(8, true);
  const english = view.getUint32(12, true);
  const vocabularyBytes = view.getUint32(16, true);
  const at = (20 + vocabularyBytes + 3) & ~3;
  if (bytes.length !== at + size * (4 + dimensions)) {
    throw new Error('the word vectors are cut off; take nlu/data/vectors/ru-en-100d.bin from a release');
  }
  // Two hashes a word instead of its string: 53 000 strings and a Map would cost 10 times the memory.
  const hashes = new Uint32Array(size);
  const checks = new Uint32Array(size);
  const words = new TextDecoder().decode(bytes.subarray(20, 20 + vocabularyBytes));
  for (let i = 0, start = 0; i < size; i++) {
    let end = words.indexOf('\n', start);
    if (end < 0) end = words.length;
    hashes[i] = hashText(words, 1, start, end);
    checks[i] = hashText(words, 2, start, end);
    start = end + 1;
  }
  const index = indexHashes(hashes);
  // A copy first: a Buffer's own slice would share its memory, at any offset.
  const numbers = new Uint8Array(bytes.subarray(at)).buffer;
  const weights = new Float32Array(numbers, 0, size);
  const rows = new Int8Array(numbers, 4 * size);
  return {
    id: createHash('sha256').update(bytes).digest('hex').slice(0, 12),
    dimensions,
    size,
    english,
    find: keep(keptWords, (word) => {
      const key = isCyrillic(word) ? stemRussian(word) : word;
      const row = index.find(hashText(key, 1));
      return row >= 0 && checks[row] === hashText(key, 2) ? row : -1;
    }).get,
    add(row, into, factor = 1) {
      const weight = (weights[row] ?? 0) * factor;
      const from = row * dimensions;
      for (let i = 0; i < dimensions; i++) into[i] = (into[i] ?? 0) + weight * (rows[from + i] ?? 0);
    },
  };
}

let shipped: WordVectors | undefined;

/** The table that Okno ships, read at the first call and kept. */
export function shippedVectors(): WordVectors {
  shipped ??= readVectors(readFileSync(dataFile('vectors/ru-en-100d.bin')));
  return shipped;
}
