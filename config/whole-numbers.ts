import { findCardNumbers } from '../gateway/card-number.ts';
import { createWholeNumbers } from '../nlu/class-of-text.ts';

/** What counts as a whole number in all that goes out: its cards are those that are hidden in all that comes in. */
export const { classOfText, hideNumbers } = createWholeNumbers({
  findCards: (text) => findCardNumbers(text, 'sure'),
});
