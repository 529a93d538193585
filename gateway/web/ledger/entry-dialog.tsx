import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type QuarantineView, replayed } from '../../ledger/api.ts';
import { Dialog } from '../dialog.tsx';
import { problemText } from '../problem-text.ts';
import { FailedState } from '../states.tsx';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './ledger.module.css';
import type { DecideDialogProps } from './letter-dialog.tsx';
import { quarantineReason } from './quarantine-reason.ts';
import { entryQuery } from './queries.ts';
import { ledgerTexts } from './texts/ledger.ts';
import { useAct } from './use-act.ts';

/** One entry of the quarantine, and what may be done about it. */
export function EntryDialog({ api, id, rights, onClose }: DecideDialogProps) {
  const texts = useTexts(ledgerTexts);
  const kit = useTexts(kitTexts);
  const [kept, setKept] = useState<string | undefined>();
  const { data, error, refetch } = useQuery(entryQuery(api, id, rights.mayReadRaw));
  const replay = useAct(
    () => api.post(`/api/v1/quarantine/${id}/replay`, {}, replayed),
    (done) => (done.outcome === 'kept' ? setKept(done.reason) : onClose()),
  );
  const discard = useAct(() => api.send('POST', `/api/v1/quarantine/${id}/discard`), onClose);
  const failure = replay.error ?? discard.error;
  const isBusy = replay.isPending || discard.isPending;
  return (
    <Dialog
      title={texts.t('entry.title')}
      onClose={onClose}
      footer={
        rights.mayDecide &&
        !data?.decision && (
          <>
            <Button variant="default" disabled={isBusy} onClick={() => discard.mutate()}>
              {texts.t('discard')}
            </Button>
            <Button loading={replay.isPending} disabled={isBusy} onClick={() => replay.mutate()}>
              {texts.t('entry.replay')}
            </Button>
          </>
        )
      }
    >
      <div className={styles.dialog}>
        {!rights.mayReadRaw && <p className={styles.hint}>{texts.t('entry.notAllowed')}</p>}
        {data && <Raw entry={data} />}
        {rights.mayReadRaw && !data && !error && <Skeleton height={96} />}
        {!data && error && (
          <FailedState title={texts.t('viewFailed')} error={error} onRetry={() => void refetch()} />
        )}
        {kept !== undefined && (
          <p role="alert" className={styles.failure}>
            {texts.t('entry.kept', { reason: quarantineReason(kept, texts) })}
          </p>
        )}
        {failure && (
          <p role="alert" className={styles.failure}>
            {problemText(failure, kit)}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Raw({ entry }: { readonly entry: QuarantineView }) {
  const texts = useTexts(ledgerTexts);
  if (entry.raw === undefined) return <p className={styles.hint}>{texts.t('entry.gone')}</p>;
  const isPart = entry.rawLength > entry.raw.length;
  return (
    <>
      <h3 className={styles.part}>{texts.t('entry.raw')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre className={styles.raw} tabIndex={0}>
        {entry.raw}
      </pre>
      {isPart && (
        <p className={styles.hint}>
          {texts.t('entry.part', { shown: entry.raw.length, all: entry.rawLength })}
        </p>
      )}
      <p className={styles.hint}>{texts.t('entry.recorded')}</p>
    </>
  );
}
