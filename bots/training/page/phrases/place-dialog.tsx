import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../../../gateway/web/dialog.tsx';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import { phrasesQuery } from '../queries.ts';
import { type Place, placesOf, showPhrases } from '../shown-phrases.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';
import { keyOf, placeOf } from './place-key.ts';

export interface PlaceDialogProps {
  /** Empty: a new phrase is written here. */
  readonly text: string;
  readonly place: Place;
  /** Instead of a change of the phrase. */
  readonly save?: ((place: Place) => void) | undefined;
  readonly onClose: () => void;
}

/** Stands for an intent that is not there yet; no id of an intent has a plus. */
const NEW = '+';

/** Asks which intent a phrase belongs to; it may be a new one. */
export function PlaceDialog({ text, place, save, onClose }: PlaceDialogProps) {
  const texts = useTexts(trainingTexts);
  const { api, nameOf, change, openPlace } = useTraining();
  const { data } = useQuery(phrasesQuery(api));
  const [phrase, setPhrase] = useState(text);
  const [chosen, setChosen] = useState(keyOf(place));
  const [fresh, setFresh] = useState('');
  const places = data
    ? placesOf(showPhrases(data), nameOf)
        .map((one) => one.place)
        .filter((one) => !save || one !== null)
    : [place];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!phrase.trim()) return;
    const to = chosen === NEW ? fresh : placeOf(chosen);
    if (save) save(to);
    else {
      change({ text: phrase.trim(), to });
      openPlace(to);
    }
    onClose();
  };
  return (
    <Dialog title={texts.t(text ? 'place.move' : 'place.new')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        {text ? (
          <p className={styles.quote}>{text}</p>
        ) : (
          <TextInput
            data-autofocus
            label={texts.t('add.label')}
            value={phrase}
            maxLength={500}
            required
            onChange={(event) => setPhrase(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          {...(text && { 'data-autofocus': true })}
          label={texts.t('place.label')}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={[
            ...places.map((one) => ({ value: keyOf(one), label: nameOf(one) })),
            { value: NEW, label: texts.t('place.fresh') },
          ]}
        />
        {chosen === NEW && (
          <TextInput
            label={texts.t('place.id')}
            description={texts.t('place.id.hint')}
            value={fresh}
            required
            pattern="[a-z][a-z0-9_]{0,63}"
            onChange={(event) => setFresh(event.currentTarget.value)}
          />
        )}
        <Button type="submit">{texts.t('place.save')}</Button>
      </form>
    </Dialog>
  );
}
