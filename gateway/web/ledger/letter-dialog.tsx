import { Anchor, Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type LetterView, retried } from '../../ledger/api.ts';
import type { ApiClient } from '../api-client.ts';
import { fullTime } from '../dates.ts';
import { Dialog } from '../dialog.tsx';
import { problemText } from '../problem-text.ts';
import { FailedState } from '../states.tsx';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './ledger.module.css';
import type { LedgerRights } from './ledger-page.tsx';
import { letterQuery } from './queries.ts';
import { ledgerTexts } from './texts/ledger.ts';
import { useAct } from './use-act.ts';

export interface DecideDialogProps {
  readonly api: ApiClient;
  readonly id: string;
  readonly rights: LedgerRights;
  readonly onClose: () => void;
}

/** One message that nobody knows to have arrived, and what may be done about it. */
export function LetterDialog({ api, id, rights, onClose }: DecideDialogProps) {
  const texts = useTexts(ledgerTexts);
  const kit = useTexts(kitTexts);
  const { data, error, refetch } = useQuery(letterQuery(api, id));
  const retry = useAct(
    () => api.post(`/api/v1/dead-letters/${id}/retry`, {}, retried),
    // What the policy refused stays open, with the reason.
    ({ notSent }) => notSent === undefined && onClose(),
  );
  const notSent = retry.data?.notSent;
  const discard = useAct(() => api.send('POST', `/api/v1/dead-letters/${id}/discard`), onClose);
  const failure = retry.error ?? discard.error;
  const isBusy = retry.isPending || discard.isPending;
  const mayDecide = rights.mayDecide && data && !data.decision;
  return (
    <Dialog
      title={texts.t('letter.title')}
      onClose={onClose}
      footer={
        mayDecide && (
          <>
            <Button variant="default" disabled={isBusy} onClick={() => discard.mutate()}>
              {texts.t('discard')}
            </Button>
            <Button loading={retry.isPending} disabled={isBusy} onClick={() => retry.mutate()}>
              {texts.t('letter.retry')}
            </Button>
          </>
        )
      }
    >
      <div className={styles.dialog}>
        {data && <Letter letter={data} />}
        {!data && !error && <Skeleton height={96} />}
        {!data && error && (
          <FailedState title={texts.t('viewFailed')} error={error} onRetry={() => void refetch()} />
        )}
        {mayDecide && <p className={styles.hint}>{texts.t('letter.retryHint')}</p>}
        {notSent !== undefined && (
          <p role="alert" className={styles.failure}>
            {texts.t('letter.notSent', { reason: kit.find(`delivery.reason.${notSent}`) ?? notSent })}
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

function Letter({ letter }: { readonly letter: LetterView }) {
  const texts = useTexts(ledgerTexts);
  return (
    <>
      <h3 className={styles.part}>{texts.t('letter.text')}</h3>
      <p className={styles.text}>{letter.text ?? texts.t(letter.once ? 'letter.hidden' : 'letter.erased')}</p>
      <Anchor href={`/window/desk/${letter.conversation}?view=all`}>{texts.t('letter.open')}</Anchor>
      <h3 className={styles.part}>{texts.t('letter.tries')}</h3>
      <ol className={styles.tries}>
        {letter.tries.map((one) => (
          <li key={one.number}>
            <time dateTime={one.at}>{fullTime(one.at, texts.locale)}</time>{' '}
            {texts.find(`outcome.${one.outcome ?? 'open'}`)}
            {one.reason && <span className={styles.dim}> ({one.reason})</span>}
          </li>
        ))}
      </ol>
    </>
  );
}
