import type { Database } from '../../gateway/store/database.ts';
import { createNearest, type Neighbour } from '../../nlu/nearest.ts';
import { labelled, type TrainingSet } from './phrases.ts';
import { readAnswers, readPublished } from './versions.ts';

/** Makes the function from a text to the phrases most like it that the published model was trained on. */
export function createNeighbours({ db, shipped }: { db: Database; shipped: TrainingSet }) {
  // Of the model in use alone: an index takes as much memory as its phrases.
  let kept:
    | { readonly version: number | null; readonly nearest: (text: string) => readonly Neighbour[] }
    | undefined;

  return async (text: string): Promise<readonly Neighbour[]> => {
    const version = await readPublished(db);
    if (kept?.version !== version) {
      const phrases =
        version === null
          ? labelled(shipped)
          : ((await readAnswers(db, version)) ?? []).map((one) => ({ text: one.text, label: one.truth }));
      kept = { version, nearest: createNearest(phrases) };
    }
    return kept.nearest(text);
  };
}
