import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { EmptyState } from '../../../gateway/web/states.tsx';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { candidateDecision, candidateList } from '../api.ts';
import { candidatesQuery, trainingKey } from './queries.ts';
import { trainingTexts } from './texts/training.ts';
import styles from './training.module.css';
import { useTraining } from './training-context.ts';
import { Unread } from './unread.tsx';

type Candidate = z.infer<typeof candidateList>['clusters'][number][number];
type Decision = z.infer<typeof candidateDecision>;

/** What the bot did not understand, what is alike together: taken for an intent, or rejected. */
export function CandidatesTab() {
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const { api } = useTraining();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(candidatesQuery(api));
  const decide = useMutation({
    mutationFn: ({ id, made }: { id: number; made: Decision }) =>
      api.send('POST', `/api/v1/training/candidates/${id}/decision`, made),
    onSettled: () => queries.invalidateQueries({ queryKey: trainingKey }),
  });
  if (!data) {
    return <Unread title={texts.t('candidates.failed')} error={error} onRetry={() => void refetch()} />;
  }
  if (data.clusters.length === 0) {
    return (
      <EmptyState title={texts.t('candidates.empty')}>
        <p>{texts.t('candidates.empty.hint')}</p>
      </EmptyState>
    );
  }
  return (
    <div className={styles.panel}>
      <p className={styles.dim}>{texts.t('candidates.hint')}</p>
      {decide.error && (
        <p role="alert" className={styles.failure}>
          {problemText(decide.error, kit)}
        </p>
      )}
      {data.clusters.map((cluster) => (
        <section key={cluster[0]?.id}>
          {cluster.length > 1 && (
            <h2 className={styles.part}>{texts.t('candidates.alike', { count: cluster.length })}</h2>
          )}
          <ul className={styles.rows} aria-label={cluster[0]?.text}>
            {cluster.map((candidate) => (
              <Row
                key={candidate.id}
                candidate={candidate}
                isBusy={decide.isPending}
                onDecide={(made) => decide.mutate({ id: candidate.id, made })}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface RowProps {
  readonly candidate: Candidate;
  readonly isBusy: boolean;
  readonly onDecide: (made: Decision) => void;
}

function Row({ candidate, isBusy, onDecide }: RowProps) {
  const texts = useTexts(trainingTexts);
  const { nameOf, askPlace } = useTraining();
  const { text, context, proposed, reasons, times } = candidate;
  const askOther = () =>
    askPlace(text, proposed ?? 'none', (intent) => {
      if (intent !== null) onDecide({ decision: 'accepted', intent });
    });
  return (
    <li className={styles.candidate}>
      <div className={styles.text}>
        {text}
        <p className={styles.dim}>
          {[
            ...reasons.map((reason) => texts.t(`reason.${reason}`)),
            ...(times > 1 ? [texts.t('candidates.times', { count: times })] : []),
          ].join(' · ')}
        </p>
        {context && <p className={styles.dim}>{texts.t('candidates.after', { text: context })}</p>}
      </div>
      <div className={styles.line}>
        {proposed !== null && (
          <Button
            size="xs"
            variant="default"
            disabled={isBusy}
            onClick={() => onDecide({ decision: 'accepted', intent: proposed })}
          >
            {texts.t('candidates.accept', { intent: nameOf(proposed) })}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          disabled={isBusy}
          aria-label={texts.t('candidates.other.of', { text })}
          onClick={askOther}
        >
          {texts.t('candidates.other')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={isBusy}
          aria-label={texts.t('candidates.reject.of', { text })}
          onClick={() => onDecide({ decision: 'rejected' })}
        >
          {texts.t('candidates.reject')}
        </Button>
      </div>
    </li>
  );
}
