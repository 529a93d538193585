import type { Place } from '../shown-phrases.ts';

/** A place as the value of a choice. */
export const keyOf = (place: Place): string => place ?? '';

/** The place that a choice stands for. */
export const placeOf = (key: string): Place => (key === '' ? null : key);
