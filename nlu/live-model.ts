import type { Model } from './model.ts';
import { createUnderstanding, type Understand } from './understand.ts';

/** The model in use. It can be replaced while the hub answers: each text is understood wholly by one model. */
export type LiveModel = {
  /** By the model of the moment; its id comes with the answer. */
  readonly understand: Understand['understand'];
  /** The id of the model in use. */
  current(): string;
  /** What it tells apart. */
  labels(): readonly string[];
  /**
   * Takes another model from the next text on. A turn is one synchronous call, so none is lost and none sees two models.
   * @throws Error when it was trained with other word vectors; then the old one stays
   */
  replace(model: Model): void;
};

/** Begins with a model. */
export function createLiveModel(first: Model): LiveModel {
  let live = createUnderstanding(first);
  return {
    understand: (text, options) => live.understand(text, options),
    current: () => live.model,
    labels: () => live.labels,
    replace(model) {
      live = createUnderstanding(model);
    },
  };
}
