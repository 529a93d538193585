/**
 * True for text that the store can keep: well-formed Unicode without the null character. PostgreSQL takes neither
 * U+0000 nor half of a surrogate pair in `text` and `jsonb`.
 */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
}
