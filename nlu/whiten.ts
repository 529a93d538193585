/** Lower triangle of a square matrix, row by row. */
export type Triangle = Float32Array;

/** How much of the mean variance every direction is given beside its own. */
const shrinkage = 0.3;

/**
 * Learns what varies between texts that mean the same, so that it counts less: within-class covariance normalisation
 * (Hatch, Kajarekar, Stolcke, 2006). With S = G Gᵀ the shrunk covariance within classes, the answer is G⁻¹; distances
 * behind it are those of S⁻¹.
 * @param vectors centred vectors, all of `dimensions` numbers; undefined ones are left out
 */
export function fitWhitening(
  vectors: readonly (Float32Array | undefined)[],
  classes: Int32Array,
  dimensions: number,
): Triangle {
  const covariance = withinClasses(vectors, classes, dimensions);
  let trace = 0;
  for (let i = 0; i < dimensions; i++) trace += covariance[i * dimensions + i] as number;
  const mean = trace / dimensions;
  if (!(mean > 0)) return identity(dimensions);
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < dimensions; j++) {
      const at = i * dimensions + j;
      covariance[at] = ((1 - shrinkage) * (covariance[at] as number)) / mean + (i === j ? shrinkage : 0);
    }
  }
  return invertLower(cholesky(covariance, dimensions), dimensions);
}

function withinClasses(
  vectors: readonly (Float32Array | undefined)[],
  classes: Int32Array,
  dimensions: number,
): Float64Array {
  let count = 1;
  for (const c of classes) count = Math.max(count, c + 1);
  const means = new Float64Array(count * dimensions);
  const counts = new Float64Array(count);
  vectors.forEach((vector, n) => {
    if (!vector) return;
    const c = classes[n] ?? 0;
    counts[c] = (counts[c] ?? 0) + 1;
    for (let i = 0; i < dimensions; i++) {
      means[c * dimensions + i] = (means[c * dimensions + i] as number) + (vector[i] as number);
    }
  });
  const covariance = new Float64Array(dimensions * dimensions);
  const difference = new Float64Array(dimensions);
  vectors.forEach((vector, n) => {
    if (!vector) return;
    const c = classes[n] ?? 0;
    for (let i = 0; i < dimensions; i++) {
      difference[i] = (vector[i] as number) - (means[c * dimensions + i] as number) / (counts[c] as number);
    }
    for (let i = 0; i < dimensions; i++) {
      const d = difference[i] as number;
      const row = i * dimensions;
      for (let j = 0; j <= i; j++)
        covariance[row + j] = (covariance[row + j] as number) + d * (difference[j] as number);
    }
  });
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < i; j++) covariance[j * dimensions + i] = covariance[i * dimensions + j] as number;
  }
  return covariance;
}

/** The lower G with G Gᵀ = the matrix, which must be positive definite. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number);
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / (lower[j * size + j] as number);
    }
  }
  return lower;
}

function invertLower(lower: Float64Array, size: number): Triangle {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    inverse[j * size + j] = 1 / (lower[j * size + j] as number);
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += (lower[i * size + k] as number) * (inverse[k * size + j] as number);
      inverse[i * size + j] = -sum / (lower[i * size + i] as number);
    }
  }
  return packed(size, (i, j) => inverse[i * size + j] as number);
}

/** The triangle that changes nothing. */
export const identity = (size: number): Triangle => packed(size, (i, j) => (i === j ? 1 : 0));

function packed(size: number, at: (i: number, j: number) => number): Triangle {
  const triangle = new Float32Array((size * (size + 1)) / 2);
  for (let i = 0, k = 0; i < size; i++) for (let j = 0; j <= i; j++, k++) triangle[k] = at(i, j);
  return triangle;
}

/** Multiplies a vector by the triangle, in place. */
export function applyTriangle(triangle: Triangle, vector: Float32Array): void {
  // From the last row up: each row needs only the numbers at and before its own place.
  for (let i = vector.length - 1; i >= 0; i--) {
    const row = (i * (i + 1)) / 2;
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += (triangle[row + j] as number) * (vector[j] as number);
    vector[i] = sum;
  }
}
