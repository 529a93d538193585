/** Which directions of meaning are multiplied: `count` rows of as many numbers as a vector has, one after the other. */
export type Directions = Float32Array;

/** Passes of the power method for a direction; what is not exact then is a mixture of directions that tell as much. */
const rounds = 200;

/** How many products `count` directions give: each with each, and with itself. */
export const productsOf = (count: number): number => (count * (count + 1)) / 2;

/**
 * The directions in which texts of different intents differ most, for vectors that are whitened within intents: those of
 * Fisher's linear discriminants. Leading eigenvectors of the covariance between classes, by the power method.
 * @param vectors of length 1, all of `dimensions` numbers; undefined ones are left out
 */
export function fitDirections(
  vectors: readonly (Float32Array | undefined)[],
  classes: Int32Array,
  dimensions: number,
  count: number,
): Directions {
  const covariance = betweenClasses(vectors, classes, dimensions);
  const directions = new Float32Array(count * dimensions);
  for (let n = 0; n < count; n++) {
    let vector = Float64Array.from({ length: dimensions }, (_, i) => Math.sin(1 + i + 7 * n));
    for (let round = 0; round < rounds; round++) {
      vector = times(covariance, vector);
      for (let m = 0; m < n; m++) removeDirection(vector, directions, m * dimensions);
      if (!toLengthOne(vector)) return directions;
    }
    directions.set(vector, n * dimensions);
  }
  return directions;
}

function betweenClasses(
  vectors: readonly (Float32Array | undefined)[],
  classes: Int32Array,
  dimensions: number,
): Float64Array {
  const groups = new Map<number, { readonly sum: Float64Array; count: number }>();
  const all = { sum: new Float64Array(dimensions), count: 0 };
  vectors.forEach((vector, n) => {
    if (!vector) return;
    const label = classes[n] ?? 0;
    const group = groups.get(label) ?? { sum: new Float64Array(dimensions), count: 0 };
    groups.set(label, group);
    for (const each of [group, all]) {
      each.count++;
      for (let i = 0; i < dimensions; i++) each.sum[i] = (each.sum[i] as number) + (vector[i] as number);
    }
  });
  const covariance = new Float64Array(dimensions * dimensions);
  for (const { sum, count } of groups.values()) {
    const apart = sum.map((value, i) => value / count - (all.sum[i] as number) / all.count);
    for (let i = 0; i < dimensions; i++) {
      const factor = (count / all.count) * (apart[i] as number);
      for (let j = 0; j < dimensions; j++) {
        const at = i * dimensions + j;
        covariance[at] = (covariance[at] as number) + factor * (apart[j] as number);
      }
    }
  }
  return covariance;
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array<ArrayBuffer> {
  const size = vector.length;
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (matrix[i * size + j] as number) * (vector[j] as number);
    return sum;
  });
}

function removeDirection(vector: Float64Array, directions: Directions, from: number): void {
  let along = 0;
  for (let i = 0; i < vector.length; i++) along += (vector[i] as number) * (directions[from + i] as number);
  for (let i = 0; i < vector.length; i++)
    vector[i] = (vector[i] as number) - along * (directions[from + i] as number);
}

/** Whether there was any length to scale. */
function toLengthOne(vector: Float64Array): boolean {
  let square = 0;
  for (const value of vector) square += value * value;
  if (square < 1e-20) return false;
  const scale = 1 / Math.sqrt(square);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * scale;
  return true;
}

/** A vector's parts along the directions; those of a sum of vectors are the sums of theirs. */
export function partsAlong(directions: Directions, vector: Float32Array): Float64Array {
  const dimensions = vector.length;
  const parts = new Float64Array(directions.length / dimensions);
  for (let n = 0; n < parts.length; n++) {
    let part = 0;
    for (let i = 0; i < dimensions; i++) {
      part += (directions[n * dimensions + i] as number) * (vector[i] as number);
    }
    parts[n] = part;
  }
  return parts;
}

/**
 * Makes the function that multiplies a whitened vector's parts along `count` directions, each with each: what two features
 * of the meaning say together and neither alone. All products together have length 1, or are zero. The answer is written
 * over at the next call.
 */
export function createMultiply(count: number): (parts: Float64Array) => Float64Array {
  const products = new Float64Array(productsOf(count));
  return (parts) => {
    let square = 0;
    for (let n = 0; n < count; n++) square += (parts[n] as number) ** 2;
    const scale = square > 0 ? 1 / square : 0;
    for (let n = 0, at = 0; n < count; n++) {
      const once = scale * (parts[n] as number);
      for (let m = 0; m < n; m++) products[at++] = Math.SQRT2 * once * (parts[m] as number);
      products[at++] = once * (parts[n] as number);
    }
    return products;
  };
}
