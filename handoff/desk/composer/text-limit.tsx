import { numberText } from '../../../gateway/web/dates.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { deskTexts } from '../texts/desk.ts';
import styles from './composer.module.css';

/** Longest text that the API takes, characters. */
export const MAX_TEXT = 100_000;

/** How much of the channel's limit is used; a longer text goes out in parts, up to what the API takes. */
export function TextLimit({ used, limit }: { readonly used: number; readonly limit: number }) {
  const texts = useTexts(deskTexts);
  const figure = (value: number) => numberText(value, texts.locale);
  if (used > MAX_TEXT) {
    return <span className={styles.over}>{texts.t('composer.tooLong', { limit: figure(MAX_TEXT) })}</span>;
  }
  const parts = Math.ceil(used / limit);
  return (
    <>
      {texts.t('composer.limit', { used: figure(used), limit: figure(limit) })}
      {parts > 1 && `, ${texts.t('composer.parts', { count: parts })}`}
    </>
  );
}
