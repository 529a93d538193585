import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { numberText } from '../../../../gateway/web/dates.ts';
import { Dialog } from '../../../../gateway/web/dialog.tsx';
import { problemText } from '../../../../gateway/web/problem-text.ts';
import { FailedState } from '../../../../gateway/web/states.tsx';
import { kitTexts } from '../../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import { type compared, publication } from '../../api.ts';
import { comparisonQuery, trainingKey } from '../queries.ts';
import { intervalText, pointsText } from '../shares.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';

export interface ComparisonDialogProps {
  readonly version: number;
  readonly onClose: () => void;
}

/** What a version gains or loses beside the one in use; from here it is published. */
export function ComparisonDialog({ version, onClose }: ComparisonDialogProps) {
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const { api } = useTraining();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(comparisonQuery(api, version));
  const publish = useMutation({
    mutationFn: () => api.post('/api/v1/training/publication', { version }, publication),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: trainingKey }),
  });
  return (
    <Dialog
      title={texts.t('compare.title', { version })}
      onClose={onClose}
      footer={
        <Button data-autofocus disabled={!data} loading={publish.isPending} onClick={() => publish.mutate()}>
          {texts.t('publish')}
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={styles.form} tabIndex={0} aria-label={texts.t('compare.gain')}>
        {data ? (
          <Gain compared={data} />
        ) : error ? (
          <FailedState title={texts.t('compare.failed')} error={error} onRetry={() => void refetch()} />
        ) : (
          <div role="status" aria-label={texts.t('compare.measuring')} className={styles.wide}>
            <Skeleton height={96} />
            <p className={styles.dim}>{texts.t('compare.measuring')}</p>
          </div>
        )}
        {publish.error && (
          <p role="alert" className={styles.failure}>
            {problemText(publish.error, kit)}
          </p>
        )}
      </section>
    </Dialog>
  );
}

function Gain({ compared: { gain } }: { readonly compared: z.infer<typeof compared> }) {
  const texts = useTexts(trainingTexts);
  const { locale } = texts;
  if (!gain) return <p>{texts.t('compare.nothing')}</p>;
  const outcome = !gain.isSignificant ? 'same' : gain.gain > 0 ? 'better' : 'worse';
  return (
    <>
      <p className={styles.outcome} data-outcome={outcome}>
        {texts.t(`compare.${outcome}`)}
      </p>
      <dl className={styles.facts}>
        <div>
          <dt className={styles.dim}>{texts.t('compare.gain')}</dt>
          <dd>
            {pointsText(gain.gain, locale)}{' '}
            <span className={styles.dim}>{intervalText(gain.interval, locale)}</span>
          </dd>
        </div>
        <div>
          <dt className={styles.dim}>{texts.t('compare.p')}</dt>
          <dd>{new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(gain.p)}</dd>
        </div>
        <div>
          <dt className={styles.dim}>{texts.t('texts')}</dt>
          <dd>{numberText(gain.texts, locale)}</dd>
        </div>
      </dl>
      <Phrases title={texts.t('compare.won')} phrases={gain.won} />
      <Phrases title={texts.t('compare.lost')} phrases={gain.lost} />
    </>
  );
}

/** Phrases of a comparison that are drawn. */
const MOST = 30;

function Phrases({ title, phrases }: { readonly title: string; readonly phrases: readonly string[] }) {
  if (phrases.length === 0) return null;
  return (
    <section>
      <h3 className={styles.part}>
        {title} ({phrases.length})
      </h3>
      <ul className={styles.neighbours}>
        {phrases.slice(0, MOST).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}
