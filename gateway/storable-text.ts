import { wants } from './wants.ts';

/**
 * True for text that the store can keep: well-formed Unicode without the null character. PostgreSQL takes neither
 * U+0000 nor half of a surrogate pair in `text` and `jsonb`.
 */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
}

/** For a schema: what `isStorable` wants of a text. */
export const STORABLE = wants({
  ru: 'половину символа или нулевой символ сохранить нельзя',
  en: 'half a character or the null character cannot be kept',
});
