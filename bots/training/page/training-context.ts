import { createContext, useContext } from 'react';
import type { ApiClient } from '../../../gateway/web/api-client.ts';
import type { Change, Place } from './shown-phrases.ts';

/** What every part of the training page has at hand. */
export interface TrainingAtHand {
  readonly api: ApiClient;
  /** The name of an intent for people. */
  readonly nameOf: (place: Place) => string;
  /** Changes a phrase, and remembers how to undo it. */
  readonly change: (change: Change) => void;
  /** Shows the phrases of an intent. */
  readonly openPlace: (place: Place) => void;
  /** Asks where a phrase belongs, and puts it there, or hands it to `save`. */
  readonly askPlace: (text: string, place: Place, save?: (place: Place) => void) => void;
}

const AtHand = createContext<TrainingAtHand | undefined>(undefined);

export const TrainingProvider = AtHand.Provider;

export function useTraining(): TrainingAtHand {
  const training = useContext(AtHand);
  if (!training) throw new Error('a part of the training page is used outside of it');
  return training;
}
