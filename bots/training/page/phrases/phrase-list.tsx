import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconArrowBackUp, IconArrowsExchange, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../../../gateway/web/states.tsx';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import { removalOf, type ShownPhrase } from '../shown-phrases.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';

/** Phrases that are drawn at once. */
const PAGE = 100;

/** The phrases of one intent, with what may be done to each. */
export function PhraseList({ phrases }: { readonly phrases: readonly ShownPhrase[] }) {
  const texts = useTexts(trainingTexts);
  const [wanted, setWanted] = useState('');
  const [shown, setShown] = useState(PAGE);
  if (phrases.length === 0) {
    return (
      <EmptyState title={texts.t('phrases.empty')}>
        <p className={styles.dim}>{texts.t('phrases.empty.hint')}</p>
      </EmptyState>
    );
  }
  const sought = wanted.trim().toLocaleLowerCase();
  const found = phrases.filter(({ text }) => text.toLocaleLowerCase().includes(sought));
  return (
    <>
      <TextInput
        size="xs"
        aria-label={texts.t('filter')}
        placeholder={texts.t('filter')}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <ul className={styles.rows} aria-label={texts.t('phrases')}>
        {found.slice(0, shown).map((phrase) => (
          <Row key={phrase.text} phrase={phrase} />
        ))}
      </ul>
      {found.length === 0 && <p className={styles.dim}>{texts.t('filter.nothing')}</p>}
      {found.length > shown && (
        <Button size="xs" variant="default" onClick={() => setShown(shown + PAGE)}>
          {texts.t('more')}
        </Button>
      )}
    </>
  );
}

function Row({ phrase }: { readonly phrase: ShownPhrase }) {
  const texts = useTexts(trainingTexts);
  const { change, askPlace } = useTraining();
  const { text, locale, isDecided, shipped } = phrase;
  const mark = !isDecided ? undefined : shipped === undefined ? 'mark.added' : 'mark.changed';
  return (
    <li className={styles.row}>
      <span className={styles.locale}>{locale}</span>
      <span className={styles.text} lang={locale}>
        {text}
        {mark && <span className={styles.mark}> {texts.t(mark)}</span>}
      </span>
      {isDecided && shipped !== undefined && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={texts.t('restore', { text })}
          title={texts.t('restore.short')}
          onClick={() => change({ text, to: 'as-shipped' })}
        >
          <IconArrowBackUp size={18} stroke={1.6} />
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={texts.t('move', { text })}
        title={texts.t('move.short')}
        onClick={() => askPlace(text, phrase.place)}
      >
        <IconArrowsExchange size={18} stroke={1.6} />
      </ActionIcon>
      {phrase.place !== null && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={texts.t('remove', { text })}
          title={texts.t('remove.short')}
          onClick={() => change(removalOf(phrase))}
        >
          <IconTrash size={18} stroke={1.6} />
        </ActionIcon>
      )}
    </li>
  );
}
