import { createHash } from 'node:crypto';
import type { FeatureSettings } from './features.ts';
import { meaningWidth, type Space } from './space.ts';

/** The label of what is none of our business. */
export const none = 'none';

/** All that predicting needs, beside the shipped word vectors and concepts. Immutable. */
export type Model = {
  /** First digits of the SHA-256 of the encoded model. */
  readonly id: string;
  /** The intents; the out-of-scope class, where it was trained, is called `none`. */
  readonly labels: readonly string[];
  readonly features: FeatureSettings;
  readonly space: Space;
  /** Weights as bytes, a row of `labels.length` for each place of the space; weight = byte × scale of the row. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  /** The words that a typo may have been meant for, the commonest first. */
  readonly vocabulary: readonly string[];
  readonly temperature: number;
  /** Below this `belonging` the intent is `none`. */
  readonly threshold: number;
  /** The id of the word vectors that it was trained with. */
  readonly vectors: string;
  /** What it was trained from. */
  readonly trained: { readonly texts: number; readonly seed: number };
};

const magic = 'OKNONLU\n';
const version = 3;
/** Version 2 knew neither runs of words nor products of the meaning. */
const oldestVersion = 2;
const checksumLength = 32;

type Header = Omit<Model, 'id' | 'space' | 'weights' | 'scales'> & {
  readonly known: number;
  readonly dimensions: number;
  readonly conceptWeight: number;
  readonly vectorWeight: number;
  readonly multiplied: number;
  readonly productWeight: number;
};

/** Little-endian bytes of a model: magic, version, JSON header, arrays, SHA-256 of all before. */
export function encodeModel(model: Model): Uint8Array {
  const { space } = model;
  const header: Header = {
    labels: model.labels,
    features: model.features,
    vocabulary: model.vocabulary,
    temperature: model.temperature,
    threshold: model.threshold,
    vectors: model.vectors,
    trained: model.trained,
    known: space.hashes.length,
    dimensions: space.dimensions,
    conceptWeight: space.conceptWeight,
    vectorWeight: space.vectorWeight,
    multiplied: space.directions.length / space.dimensions,
    productWeight: space.productWeight,
  };
  const json = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(version, 0);
  lengths.writeUInt32LE(json.length, 4);
  const { hashes, idf, means, whitening, directions } = space;
  const arrays = [hashes, idf, means, whitening, directions, model.scales, model.weights].map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength),
  );
  const padding = Buffer.alloc(-(magic.length + 8 + json.length) & 3);
  const body = Buffer.concat([Buffer.from(magic), lengths, json, padding, ...arrays]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/** Gives a model its id: the first digits of its checksum. */
export function nameModel(model: Omit<Model, 'id'>): Model {
  const bytes = encodeModel({ ...model, id: '' });
  return { ...model, id: Buffer.from(bytes.subarray(-checksumLength)).toString('hex').slice(0, 12) };
}

/**
 * Reads a model; its arrays are views of the bytes, which must not be written to any more.
 * @param name the file, for the error text
 * @param fix what to do about a file that cannot be read, for the error text
 * @throws Error that names the file, the problem and the fix
 */
export function decodeModel(
  bytes: Uint8Array,
  name = 'the model',
  fix = `train it again: okno nlu train --data FILE.tsv --out ${name}`,
): Model {
  const refuse = (problem: string): Error => new Error(`${name} ${problem}; ${fix}`);
  const start = magic.length + 8;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < start + checksumLength || data.toString('latin1', 0, magic.length) !== magic) {
    throw refuse('is not a model of Okno');
  }
  const found = data.readUInt32LE(magic.length);
  if (found < oldestVersion || found > version)
    throw refuse(`has format version ${found}, this Okno reads versions ${oldestVersion} to ${version}`);
  const body = data.subarray(0, -checksumLength);
  const checksum = createHash('sha256').update(body).digest();
  if (!checksum.equals(data.subarray(-checksumLength)))
    throw refuse('is damaged (its checksum does not fit)');
  // The checksum has vouched for the header.
  const jsonLength = data.readUInt32LE(magic.length + 4);
  const header: Header = JSON.parse(data.toString('utf8', start, start + jsonLength));
  let at = start + jsonLength + (-(start + jsonLength) & 3);
  // Views of the bytes, without copies, where they lie as numbers must; else of one copy.
  const aligned = data.byteOffset % 4 === 0 ? data : new Uint8Array(data);
  const take = (length: number): number => {
    at += length;
    return aligned.byteOffset + at - length;
  };
  const {
    known,
    dimensions,
    conceptWeight,
    vectorWeight,
    multiplied = 0,
    productWeight = 0,
    ...rest
  } = header;
  const floats = (n: number) => new Float32Array(aligned.buffer, take(4 * n), n);
  const hashes = new Uint32Array(aligned.buffer, take(4 * known), known);
  const idf = floats(known);
  const means = floats(2 * dimensions);
  const whitening = floats((dimensions * (dimensions + 1)) / 2);
  const directions = floats(multiplied * dimensions);
  const width = known + meaningWidth(dimensions, multiplied);
  const scales = floats(width);
  const weightCount = width * header.labels.length;
  const weights = new Int8Array(aligned.buffer, take(weightCount), weightCount);
  return {
    ...rest,
    features: { ...rest.features, runLength: rest.features.runLength ?? 0, products: productWeight },
    id: checksum.toString('hex').slice(0, 12),
    space: {
      hashes,
      idf,
      dimensions,
      means,
      whitening,
      directions,
      conceptWeight,
      vectorWeight,
      productWeight,
    },
    scales,
    weights,
  };
}
