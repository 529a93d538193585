import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { numberText } from '../dates.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { shorten } from './shorten.ts';
import styles from './transcript.module.css';

/** What somebody wrote, as a text node: never markup. A very long text shows its beginning and opens on demand. */
export function MessageText({ text }: { readonly text: string }) {
  const texts = useTexts(kitTexts);
  const [whole, setWhole] = useState(false);
  const short = shorten(text);
  const isCut = short.length < text.length;
  return (
    <>
      <span className={styles.text} dir="auto">
        {whole ? text : short}
        {isCut && !whole && '…'}
      </span>
      {isCut && (
        <UnstyledButton className={styles.more} onClick={() => setWhole(!whole)}>
          {whole
            ? texts.t('transcript.showLess')
            : texts.t('transcript.showAll', { size: numberText(text.length, texts.locale) })}
        </UnstyledButton>
      )}
    </>
  );
}
