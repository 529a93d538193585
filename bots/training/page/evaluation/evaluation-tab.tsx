import { NativeSelect, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { z } from 'zod';
import { numberText } from '../../../../gateway/web/dates.ts';
import { FailedState } from '../../../../gateway/web/states.tsx';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import type { evaluated } from '../../api.ts';
import { evaluationQuery, versionsQuery } from '../queries.ts';
import { intervalText, shareText } from '../shares.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';

type Evaluated = z.infer<typeof evaluated>;

/** The library of charts is large: it comes with the first chart. */
const ConfusionChart = lazy(async () => ({
  default: (await import('./confusion-chart.tsx')).ConfusionChart,
}));

/** How good a model is, by cross-validation: figures, each intent, what is taken for what. */
export function EvaluationTab() {
  const texts = useTexts(trainingTexts);
  const { api } = useTraining();
  const versions = useQuery(versionsQuery(api));
  const [chosen, setChosen] = useState<number | null | undefined>();
  if (!versions.data) {
    return versions.error ? (
      <FailedState
        title={texts.t('versions.failed')}
        error={versions.error}
        onRetry={() => void versions.refetch()}
      />
    ) : (
      <div className={styles.panel}>
        <Skeleton height={36} />
      </div>
    );
  }
  const { published } = versions.data;
  const version = chosen === undefined ? published.version : chosen;
  return (
    <div className={styles.panel}>
      <NativeSelect
        className={styles.choice}
        label={texts.t('evaluation.of')}
        value={version === null ? '' : String(version)}
        onChange={({ currentTarget: { value } }) => setChosen(value === '' ? null : Number(value))}
        data={[
          { value: '', label: texts.t('version.shipped') },
          ...versions.data.versions.map((one) => ({
            value: String(one.version),
            label: texts.t('version.number', { version: one.version }),
          })),
        ]}
      />
      <Measured key={version} version={version} />
    </div>
  );
}

function Measured({ version }: { readonly version: number | null }) {
  const texts = useTexts(trainingTexts);
  const { api } = useTraining();
  const { data, error, refetch } = useQuery(evaluationQuery(api, version));
  if (!data) {
    return error ? (
      <FailedState title={texts.t('evaluation.failed')} error={error} onRetry={() => void refetch()} />
    ) : (
      <div role="status" aria-label={texts.t('compare.measuring')}>
        <Skeleton height={64} mb={16} />
        <Skeleton height={320} />
      </div>
    );
  }
  return (
    <>
      <Figures data={data} />
      <h2 className={styles.heading}>{texts.t('matrix')}</h2>
      <p className={styles.dim}>{texts.t('matrix.hint')}</p>
      <Suspense fallback={<Skeleton height={480} />}>
        <ConfusionChart cells={data.matrix} />
      </Suspense>
      <Confusions data={data} />
      <Intents data={data} />
    </>
  );
}

function Figures({ data }: { readonly data: Evaluated }) {
  const texts = useTexts(trainingTexts);
  const { locale } = texts;
  const figures = [
    ['accuracy', shareText(data.accuracy, locale), intervalText(data.interval, locale)],
    ['macroF1', shareText(data.macroF1, locale)],
    ['outOfScope', data.outOfScope && shareText(data.outOfScope.f1, locale)],
    ['calibration', shareText(data.calibrationError, locale)],
    ['texts', numberText(data.texts, locale)],
  ] as const;
  return (
    <dl className={styles.facts}>
      {figures.map(
        ([name, value, interval]) =>
          value && (
            <div key={name}>
              <dt className={styles.dim}>{texts.t(name)}</dt>
              <dd>
                {value} <span className={styles.dim}>{interval}</span>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Confusions({ data }: { readonly data: Evaluated }) {
  const texts = useTexts(trainingTexts);
  const { nameOf } = useTraining();
  if (data.confusions.length === 0) return null;
  return (
    <section>
      <h2 className={styles.heading}>{texts.t('confusions')}</h2>
      <ul className={styles.rows}>
        {data.confusions.map(({ truth, answer, count, texts: said }) => (
          <li key={`${truth} ${answer}`} className={styles.row}>
            <span className={styles.text}>
              {nameOf(truth)} → {nameOf(answer)} × {count}
              <span className={styles.dim}> {said.map((text) => `«${text}»`).join(', ')}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The weakest intent first: that is where a phrase helps most. */
function Intents({ data }: { readonly data: Evaluated }) {
  const texts = useTexts(trainingTexts);
  const { nameOf } = useTraining();
  const { locale } = texts;
  const intents = [...data.intents].sort((a, b) => a.f1 - b.f1);
  return (
    <section>
      <h2 className={styles.heading}>{texts.t('intents')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a phone, so the keyboard must reach it */}
      <section className={styles.scroll} tabIndex={0} aria-label={texts.t('intents')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{texts.t('intent')}</th>
              <th scope="col">F1</th>
              <th scope="col">{texts.t('precision')}</th>
              <th scope="col">{texts.t('recall')}</th>
              <th scope="col">{texts.t('texts')}</th>
            </tr>
          </thead>
          <tbody>
            {intents.map((one) => (
              <tr key={one.intent}>
                <th scope="row">{nameOf(one.intent)}</th>
                <td>{shareText(one.f1, locale)}</td>
                <td>{shareText(one.precision, locale)}</td>
                <td>
                  {shareText(one.recall, locale)}{' '}
                  <span className={styles.dim}>{intervalText(one.interval, locale)}</span>
                </td>
                <td>{numberText(one.texts, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
