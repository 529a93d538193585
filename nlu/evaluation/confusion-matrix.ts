import type { Answer } from './answers.ts';

/** How many texts of one intent got one answer. */
export type Cell = { readonly truth: string; readonly answer: string; readonly count: number };

/** The cells of the confusion matrix that hold anything, `none` among truths and answers. Pure. */
export function confusionMatrix(answers: readonly Pick<Answer, 'truth' | 'intent'>[]): readonly Cell[] {
  const cells = new Map<string, { truth: string; answer: string; count: number }>();
  for (const { truth, intent } of answers) {
    const key = `${truth}\t${intent}`;
    const cell = cells.get(key);
    if (cell) cell.count++;
    else cells.set(key, { truth, answer: intent, count: 1 });
  }
  return [...cells.values()];
}
