import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { problemText } from '../../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import { tried } from '../../api.ts';
import { pointsText, shareText } from '../shares.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';

type Tried = z.infer<typeof tried>;

/** A word that does less is not worth a figure. */
const TELLING = 0.005;

/** What the model in use makes of a phrase, and why. */
export function TryPhrase() {
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const { api } = useTraining();
  const [text, setText] = useState('');
  const trial = useMutation({
    mutationFn: async (phrase: string) => ({
      phrase,
      answer: await api.post('/api/v1/training/trial', { text: phrase }, tried),
    }),
  });
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) trial.mutate(text.trim());
  };
  return (
    <section className={styles.trial} aria-labelledby="trial-title">
      <h2 id="trial-title" className={styles.heading}>
        {texts.t('trial.title')}
      </h2>
      <form className={styles.line} onSubmit={ask}>
        <TextInput
          className={styles.grow}
          aria-label={texts.t('trial.label')}
          placeholder={texts.t('trial.hint')}
          value={text}
          maxLength={2000}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" loading={trial.isPending}>
          {texts.t('trial.ask')}
        </Button>
      </form>
      <div aria-live="polite">
        {trial.data ? (
          <Answer phrase={trial.data.phrase} answer={trial.data.answer} />
        ) : (
          !trial.error && <p className={styles.dim}>{texts.t('trial.empty')}</p>
        )}
      </div>
      {trial.error && (
        <p role="alert" className={styles.failure}>
          {problemText(trial.error, kit)}
        </p>
      )}
    </section>
  );
}

function Answer({ phrase, answer }: { readonly phrase: string; readonly answer: Tried }) {
  const texts = useTexts(trainingTexts);
  const { nameOf, askPlace } = useTraining();
  const { locale } = texts;
  const best = answer.alternatives[0]?.intent;
  return (
    <>
      <p className={styles.answer}>
        <strong>{nameOf(answer.intent)}</strong>
        {answer.intent === 'none' && best !== undefined && (
          <span className={styles.dim}> {texts.t('trial.nearest', { intent: nameOf(best) })}</span>
        )}
      </p>
      <ol className={styles.alternatives} aria-label={texts.t('trial.alternatives')}>
        {answer.alternatives.map(({ intent, confidence }) => (
          <li key={intent}>
            <meter min={0} max={1} value={confidence} aria-hidden />
            <span className={styles.number}>{shareText(confidence, locale)}</span>
            <span>{nameOf(intent)}</span>
          </li>
        ))}
      </ol>
      {answer.words.length > 0 && best !== undefined && (
        <>
          <h3 className={styles.part}>{texts.t('trial.words', { intent: nameOf(best) })}</h3>
          <p className={styles.words}>
            {answer.words.map(({ word, start, effect }) => (
              <span key={start} className={styles.word} data-effect={toneOf(effect)}>
                {word}
                {Math.abs(effect) >= TELLING && <small> {pointsText(effect, locale)}</small>}
              </span>
            ))}
          </p>
        </>
      )}
      <h3 className={styles.part}>{texts.t('trial.neighbours')}</h3>
      {answer.neighbours.length === 0 && <p className={styles.dim}>{texts.t('trial.noNeighbours')}</p>}
      <ul className={styles.neighbours}>
        {answer.neighbours.map((one) => (
          <li key={`${one.intent} ${one.text}`}>
            {one.text}{' '}
            <span className={styles.dim}>
              {nameOf(one.intent)}, {shareText(one.similarity, locale)}
            </span>
          </li>
        ))}
      </ul>
      <Button size="xs" variant="default" onClick={() => askPlace(phrase, answer.intent)}>
        {texts.t('trial.teach')}
      </Button>
    </>
  );
}

function toneOf(effect: number): 'for' | 'against' | undefined {
  if (Math.abs(effect) < TELLING) return undefined;
  return effect > 0 ? 'for' : 'against';
}
