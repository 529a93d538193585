import { Button, NativeSelect, Skeleton, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { numberText } from '../../../../gateway/web/dates.ts';
import { FailedState } from '../../../../gateway/web/states.tsx';
import { kitTexts } from '../../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import { phrasesQuery } from '../queries.ts';
import { type Place, placesOf, type ShownPlace, showPhrases } from '../shown-phrases.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';
import { PhraseList } from './phrase-list.tsx';
import { keyOf, placeOf } from './place-key.ts';
import { TryPhrase } from './try-phrase.tsx';

export interface PhrasesTabProps {
  readonly place: Place | undefined;
  readonly onPlace: (place: Place) => void;
}

/** The intents, the phrases of one of them, and a phrase to try. */
export function PhrasesTab({ place, onPlace }: PhrasesTabProps) {
  const { api, nameOf } = useTraining();
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const { data, error, refetch } = useQuery(phrasesQuery(api));
  const phrases = useMemo(() => data && showPhrases(data), [data]);
  const places = useMemo(() => phrases && placesOf(phrases, nameOf), [phrases, nameOf]);
  if (error && !data) {
    return <FailedState title={texts.t('phrases.failed')} error={error} onRetry={() => void refetch()} />;
  }
  const current = place === undefined ? places?.[0]?.place : place;
  return (
    <div className={styles.columns}>
      {places && phrases && current !== undefined ? (
        <>
          <Places places={places} current={current} onPlace={onPlace} />
          <div className={styles.column}>
            <h2 className={styles.heading}>{nameOf(current)}</h2>
            {current !== null && <AddPhrase place={current} />}
            <PhraseList key={keyOf(current)} phrases={phrases.filter((one) => one.place === current)} />
          </div>
        </>
      ) : (
        <div role="status" aria-label={kit.t('loading')} className={styles.wide}>
          {[1, 2, 3, 4, 5, 6].map((number) => (
            <Skeleton key={number} height={28} mb={8} />
          ))}
        </div>
      )}
      <TryPhrase />
    </div>
  );
}

interface PlacesProps {
  readonly places: readonly ShownPlace[];
  readonly current: Place;
  readonly onPlace: (place: Place) => void;
}

function Places({ places, current, onPlace }: PlacesProps) {
  const texts = useTexts(trainingTexts);
  const { nameOf, askPlace } = useTraining();
  return (
    <div className={styles.places}>
      <nav aria-label={texts.t('places')}>
        <ul className={styles.placeList}>
          {places.map(({ place, phrases }) => (
            <li key={keyOf(place)}>
              <UnstyledButton
                className={styles.place}
                aria-current={place === current ? 'true' : undefined}
                onClick={() => onPlace(place)}
              >
                <span>{nameOf(place)}</span>
                <span className={styles.dim}>{numberText(phrases, texts.locale)}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </nav>
      <NativeSelect
        className={styles.placeSelect}
        aria-label={texts.t('places')}
        value={keyOf(current)}
        onChange={(event) => onPlace(placeOf(event.currentTarget.value))}
        data={places.map(({ place, phrases }) => ({
          value: keyOf(place),
          label: `${nameOf(place)} (${phrases})`,
        }))}
      />
      <Button size="xs" variant="default" onClick={() => askPlace('', current)}>
        {texts.t('newPhrase')}
      </Button>
    </div>
  );
}

function AddPhrase({ place }: { readonly place: string }) {
  const texts = useTexts(trainingTexts);
  const { change } = useTraining();
  const [text, setText] = useState('');
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    change({ text: text.trim(), to: place });
    setText('');
  };
  return (
    <form className={styles.line} onSubmit={add}>
      <TextInput
        className={styles.grow}
        aria-label={texts.t('add.label')}
        placeholder={texts.t('add.hint')}
        value={text}
        maxLength={500}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {texts.t('add')}
      </Button>
    </form>
  );
}
