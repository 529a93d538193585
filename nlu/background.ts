import { Worker } from 'node:worker_threads';
import type { CrossValidation, CrossValidationOptions } from './evaluation/cross-validate.ts';
import type { Finding, LintOptions } from './evaluation/lint.ts';
import { decodeModel, type Model } from './model.ts';
import type { Phrase, TrainOptions } from './train.ts';

/** What the worker is asked for. */
export type Job =
  | { readonly job: 'train'; readonly phrases: readonly Phrase[]; readonly options: Options<TrainOptions> }
  | {
      readonly job: 'cross-validate';
      readonly phrases: readonly Phrase[];
      readonly options: Options<CrossValidationOptions>;
    }
  | { readonly job: 'lint'; readonly phrases: readonly Phrase[]; readonly options: LintOptions };
/** Functions do not cross over to a worker. */
type Options<All> = Omit<All, 'onProgress'>;

/** What the worker says: how far it is, 0..1, or its result. */
export type Report =
  | { readonly progress: number }
  | { readonly model: Uint8Array }
  | { readonly crossValidation: CrossValidation }
  | { readonly findings: readonly Finding[] };

export type BackgroundOptions = {
  /** Called with the share that is done, 0..1, rising. */
  readonly onProgress?: (share: number) => void;
  /** Stops the work: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
};

/**
 * Trains in a thread of its own, as `train` does, while this one goes on answering.
 * @returns the model, and the bytes of its file
 */
export async function trainInWorker(
  phrases: readonly Phrase[],
  options: Options<TrainOptions> & BackgroundOptions = {},
): Promise<{ readonly model: Model; readonly bytes: Uint8Array }> {
  const { onProgress, signal, ...rest } = options;
  const report = await run({ job: 'train', phrases, options: rest }, onProgress, signal);
  if (!('model' in report)) throw new Error('the training worker gave no model');
  return { model: decodeModel(report.model), bytes: report.model };
}

/** Cross-validates in a thread of its own, as `crossValidate` does. */
export async function crossValidateInWorker(
  phrases: readonly Phrase[],
  options: Options<CrossValidationOptions> & BackgroundOptions = {},
): Promise<CrossValidation> {
  const { onProgress, signal, ...rest } = options;
  const report = await run({ job: 'cross-validate', phrases, options: rest }, onProgress, signal);
  if (!('crossValidation' in report)) throw new Error('the worker gave no cross-validation');
  return report.crossValidation;
}

/** Looks through training phrases in a thread of its own, as `lint` does. */
export async function lintInWorker(
  phrases: readonly Phrase[],
  options: LintOptions & Pick<BackgroundOptions, 'signal'> = {},
): Promise<readonly Finding[]> {
  const { signal, ...rest } = options;
  const report = await run({ job: 'lint', phrases, options: rest }, undefined, signal);
  if (!('findings' in report)) throw new Error('the worker gave no findings');
  return report.findings;
}

function run(
  job: Job,
  onProgress: ((share: number) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<Report> {
  signal?.throwIfAborted();
  const worker = startWorker(job);
  return new Promise<Report>((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (report: Report) => {
      if ('progress' in report) onProgress?.(report.progress);
      else resolve(report);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the worker ended with code ${code} and no result`)));
    worker.once('exit', () => signal?.removeEventListener('abort', stop));
  }).finally(() => worker.terminate());
}

function startWorker(workerData: Job): Worker {
  if (import.meta.url.endsWith('.js')) {
    return new Worker(new URL('./background-worker.js', import.meta.url), { workerData });
  }
  // From the sources, in tests: a thread must be taught TypeScript anew.
  const source = new URL('./background-worker.ts', import.meta.url).href;
  const program = `import('tsx/esm/api').then((tsx) => (tsx.register(), import('${source}')))`;
  return new Worker(program, { eval: true, workerData });
}
