/** Probabilities of scores: exp(score / temperature), scaled to sum 1. Written into `into`. */
export function softmax(scores: ArrayLike<number>, temperature: number, into: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < scores.length; c++) most = Math.max(most, scores[c] ?? 0);
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    const value = Math.exp(((scores[c] ?? 0) - most) / temperature);
    into[c] = value;
    sum += value;
  }
  for (let c = 0; c < scores.length; c++) into[c] = (into[c] ?? 0) / sum;
}

/** Scores of a text that the scoring model was not trained on, and its true class. */
export type HeldOut = { readonly scores: Float64Array; readonly label: number };

/**
 * The temperature under which held-out texts are likeliest, by golden-section search on its logarithm
 * (Guo et al., "On Calibration of Modern Neural Networks", 2017).
 */
export function fitTemperature(heldOut: readonly HeldOut[]): number {
  const known = heldOut.filter(({ label }) => label >= 0);
  if (known.length === 0) return 1;
  const loss = (logTemperature: number): number => {
    const temperature = Math.exp(logTemperature);
    let sum = 0;
    for (const { scores, label } of known) {
      let most = Number.NEGATIVE_INFINITY;
      for (const s of scores) if (s > most) most = s;
      let total = 0;
      for (const s of scores) total += Math.exp((s - most) / temperature);
      sum += Math.log(total) - ((scores[label] ?? 0) - most) / temperature;
    }
    return sum;
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.05);
  let high = Math.log(20);
  let a = high - ratio * (high - low);
  let b = low + ratio * (high - low);
  let lossA = loss(a);
  let lossB = loss(b);
  for (let i = 0; i < 24; i++) {
    if (lossA < lossB) {
      high = b;
      b = a;
      lossB = lossA;
      a = high - ratio * (high - low);
      lossA = loss(a);
    } else {
      low = a;
      a = b;
      lossA = lossB;
      b = low + ratio * (high - low);
      lossB = loss(b);
    }
  }
  return Math.exp((low + high) / 2);
}

/**
 * Expected calibration error in `bins` equal bins of confidence: the mean distance between how sure and how right we are
 * (Naeini et al., 2015). 0 is perfect.
 */
export function calibrationError(
  answers: readonly { readonly confidence: number; readonly right: boolean }[],
  bins = 10,
): number {
  const sums = Array.from({ length: bins }, () => ({ n: 0, confidence: 0, right: 0 }));
  for (const { confidence, right } of answers) {
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))];
    if (!bin) continue;
    bin.n++;
    bin.confidence += confidence;
    bin.right += right ? 1 : 0;
  }
  return (
    sums.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / Math.max(1, answers.length)
  );
}
