import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { problemText } from '../../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import { type Run, run } from '../../api.ts';
import { runQuery, versionsQuery } from '../queries.ts';
import { shareText } from '../shares.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';

const RUN = '/api/v1/training/run';

/** Begins a training, shows how far it is, and cancels it. */
export function RunPanel() {
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const { api } = useTraining();
  const queries = useQueryClient();
  const query = useQuery(runQuery(api));
  const options = { onSettled: () => queries.invalidateQueries({ queryKey: runQuery(api).queryKey }) };
  const begin = useMutation({ ...options, mutationFn: () => api.post(RUN, {}, run) });
  const cancel = useMutation({ ...options, mutationFn: () => api.send('DELETE', RUN) });
  const made = query.data?.state === 'done' ? query.data.version : undefined;
  useEffect(() => {
    if (made !== undefined) void queries.invalidateQueries({ queryKey: versionsQuery(api).queryKey });
  }, [made, queries, api]);
  const isRunning = query.data?.state === 'running';
  const error = begin.error ?? cancel.error ?? query.error;
  return (
    <section aria-labelledby="run-title">
      <h2 id="run-title" className={styles.heading}>
        {texts.t('run.title')}
      </h2>
      <p className={styles.dim}>{texts.t('run.hint')}</p>
      <div className={styles.line}>
        {isRunning ? (
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {texts.t('run.cancel')}
          </Button>
        ) : (
          <Button loading={begin.isPending} onClick={() => begin.mutate()}>
            {texts.t('run.begin')}
          </Button>
        )}
        {query.data && <RunState state={query.data} />}
        {error && (
          <span role="alert" className={styles.failure}>
            {problemText(error, kit)}
          </span>
        )}
      </div>
    </section>
  );
}

function RunState({ state }: { readonly state: Run }) {
  const texts = useTexts(trainingTexts);
  if (state.state === 'running') {
    return (
      <label className={styles.progress}>
        <progress max={1} value={state.share} aria-label={texts.t('run.progress')} />
        <span className={styles.number}>{shareText(Math.floor(state.share * 100) / 100, texts.locale)}</span>
      </label>
    );
  }
  return (
    <span role="status" className={state.state === 'failed' ? styles.failure : styles.dim}>
      {state.state === 'done' && texts.t('run.done', { version: state.version })}
      {state.state === 'cancelled' && texts.t('run.cancelled')}
      {state.state === 'failed' && texts.t('run.failed', { reason: state.reason })}
    </span>
  );
}
