import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { fullTime, numberText } from '../../../../gateway/web/dates.ts';
import { EmptyState, FailedState } from '../../../../gateway/web/states.tsx';
import { kitTexts } from '../../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import type { versionList } from '../../api.ts';
import { versionsQuery } from '../queries.ts';
import { intervalText, shareText } from '../shares.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';
import { ComparisonDialog } from './comparison-dialog.tsx';
import { Rollback } from './rollback.tsx';
import { RunPanel } from './run-panel.tsx';

type VersionList = z.infer<typeof versionList>;

/** Training, the models that came of it, and which is in use. */
export function VersionsTab() {
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const { api } = useTraining();
  const [compared, setCompared] = useState<number | undefined>();
  const { data, error, refetch } = useQuery(versionsQuery(api));
  return (
    <div className={styles.panel}>
      <RunPanel />
      <h2 className={styles.heading}>{texts.t('versions')}</h2>
      {data ? (
        <>
          <InUse data={data} />
          <Versions data={data} onCompare={setCompared} />
        </>
      ) : error ? (
        <FailedState title={texts.t('versions.failed')} error={error} onRetry={() => void refetch()} />
      ) : (
        <div role="status" aria-label={kit.t('loading')}>
          <Skeleton height={120} />
        </div>
      )}
      {compared !== undefined && (
        <ComparisonDialog version={compared} onClose={() => setCompared(undefined)} />
      )}
    </div>
  );
}

/** Which model answers now, and the way back to the one before. */
function InUse({ data }: { readonly data: VersionList }) {
  const texts = useTexts(trainingTexts);
  const { trouble } = data;
  const { version } = data.published;
  return (
    <div className={styles.line}>
      {trouble && (
        <div role="alert" className={styles.trouble}>
          <p className={styles.failure}>{texts.t('inUse.trouble', { version: trouble.version })}</p>
          <p>{texts.t('inUse.trouble.do')}</p>
          <p className={styles.dim}>{trouble.reason}</p>
        </div>
      )}
      <span>
        {texts.t(inUseKey(data), { version: version ?? '' })} <span className={styles.dim}>{data.model}</span>
      </span>
      {data.before && <Rollback to={data.before.version} />}
    </div>
  );
}

function inUseKey({ trouble, published }: VersionList) {
  if (trouble) return 'inUse.other';
  return published.version === null ? 'inUse.shipped' : 'inUse';
}

interface VersionsProps {
  readonly data: VersionList;
  readonly onCompare: (version: number) => void;
}

function Versions({ data, onCompare }: VersionsProps) {
  const texts = useTexts(trainingTexts);
  const { locale } = texts;
  if (data.versions.length === 0) {
    return (
      <EmptyState title={texts.t('versions.empty')}>
        <p>{texts.t('versions.empty.hint')}</p>
      </EmptyState>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a phone, so the keyboard must reach it
    <section className={styles.scroll} tabIndex={0} aria-label={texts.t('versions')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{texts.t('version')}</th>
            <th scope="col">{texts.t('trainedAt')}</th>
            <th scope="col">{texts.t('texts')}</th>
            <th scope="col">{texts.t('accuracy')}</th>
            <th scope="col">{texts.t('macroF1')}</th>
            <th scope="col">
              <span className="unseen">{texts.t('acts')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.versions.map(({ version, trainedAt, figures }) => (
            <tr key={version}>
              <th scope="row">
                {version}
                {data.published.version === version && (
                  <span className={styles.mark}> {texts.t('published')}</span>
                )}
              </th>
              <td>
                <time dateTime={trainedAt}>{fullTime(trainedAt, locale)}</time>
              </td>
              <td>{numberText(figures.texts, locale)}</td>
              <td>
                {shareText(figures.accuracy, locale)}{' '}
                <span className={styles.dim}>{intervalText(figures.interval, locale)}</span>
              </td>
              <td>{shareText(figures.macroF1, locale)}</td>
              <td>
                {data.published.version !== version && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={texts.t('compare.of', { version })}
                    onClick={() => onCompare(version)}
                  >
                    {texts.t('compare')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
