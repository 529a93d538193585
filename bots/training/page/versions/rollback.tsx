import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../../../gateway/web/dialog.tsx';
import { problemText } from '../../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../../gateway/web/use-texts.tsx';
import { publication } from '../../api.ts';
import { trainingKey } from '../queries.ts';
import { trainingTexts } from '../texts/training.ts';
import styles from '../training.module.css';
import { useTraining } from '../training-context.ts';

export interface RollbackProps {
  /** The version that was in use before; null is the model that ships. */
  readonly to: number | null;
}

/** The way back to the model that was in use before, once it was said which one that is. */
export function Rollback({ to }: RollbackProps) {
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const { api } = useTraining();
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const rollback = useMutation({
    mutationFn: () => api.post('/api/v1/training/rollback', {}, publication),
    onSuccess: () => setAsked(false),
    onSettled: () => queries.invalidateQueries({ queryKey: trainingKey }),
  });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsked(true)}>
        {texts.t('rollback')}
      </Button>
      {isAsked && (
        <Dialog
          title={texts.t('rollback.title')}
          onClose={() => setAsked(false)}
          footer={
            <>
              <Button variant="default" onClick={() => setAsked(false)}>
                {kit.t('cancel')}
              </Button>
              <Button data-autofocus loading={rollback.isPending} onClick={() => rollback.mutate()}>
                {texts.t('rollback')}
              </Button>
            </>
          }
        >
          <div className={styles.dialogText}>
            <p>{to === null ? texts.t('rollback.toShipped') : texts.t('rollback.to', { version: to })}</p>
            {rollback.error && (
              <p role="alert" className={styles.failure}>
                {problemText(rollback.error, kit)}
              </p>
            )}
          </div>
        </Dialog>
      )}
    </>
  );
}
