/**
 * How much is said of a person, from least to most: `public` nothing; `personal` who they are (152-FZ, article 3);
 * `bank-secret` what they have at the bank (395-1, article 26).
 */
export const DATA_CLASSES = ['public', 'personal', 'bank-secret'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** True where a channel that carries so much may carry what holds so much. */
export function isWithin(holds: DataClass, carries: DataClass): boolean {
  return DATA_CLASSES.indexOf(holds) <= DATA_CLASSES.indexOf(carries);
}
