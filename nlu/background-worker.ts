import { parentPort, workerData } from 'node:worker_threads';
import type { Job, Report } from './background.ts';
import { crossValidate } from './evaluation/cross-validate.ts';
import { lint } from './evaluation/lint.ts';
import { encodeModel } from './model.ts';
import { train } from './train.ts';

// The program of the worker that `background.ts` starts: one job, then it ends.
const job: Job = workerData;
const say = (report: Report): void => parentPort?.postMessage(report);
const onProgress = (progress: number): void => say({ progress });
if (job.job === 'train') {
  say({ model: encodeModel(train(job.phrases, { ...job.options, onProgress })) });
} else if (job.job === 'lint') {
  say({ findings: lint(job.phrases, job.options) });
} else {
  say({ crossValidation: crossValidate(job.phrases, { ...job.options, onProgress }) });
}
