import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type TestStep, testResult } from '../../health/api.ts';
import type { ApiClient } from '../api-client.ts';
import { useChannelName } from '../channel-mark.tsx';
import { Dialog } from '../dialog.tsx';
import { problemText } from '../problem-text.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './channels.module.css';
import { Findings } from './findings.tsx';
import { channelTexts } from './texts/channels.ts';

export interface TestDialogProps {
  readonly api: ApiClient;
  readonly channel: string;
  readonly onClose: () => void;
}

/** Tries a channel step by step and shows what came of each. */
export function TestDialog({ api, channel, onClose }: TestDialogProps) {
  const texts = useTexts(channelTexts);
  const kit = useTexts(kitTexts);
  const nameOf = useChannelName();
  const [thread, setThread] = useState('');
  const test = useMutation({
    mutationFn: () =>
      api.post(
        `/api/v1/channels/${channel}/test`,
        thread.trim() ? { thread: thread.trim() } : {},
        testResult,
      ),
  });
  const start = (event: FormEvent) => {
    event.preventDefault();
    test.mutate();
  };
  return (
    <Dialog title={texts.t('test.title', { channel: nameOf(channel) })} onClose={onClose}>
      <form className={styles.form} onSubmit={start}>
        <TextInput
          data-autofocus
          label={texts.t('test.thread')}
          description={texts.t('test.threadHint')}
          value={thread}
          maxLength={200}
          onChange={(event) => setThread(event.currentTarget.value)}
        />
        <Button type="submit" loading={test.isPending}>
          {texts.t(test.data ? 'test.again' : 'test.run')}
        </Button>
        {test.error && (
          <p role="alert" className={styles.failure}>
            {problemText(test.error, kit)}
          </p>
        )}
        <div aria-live="polite">{test.data && <Steps steps={test.data.steps} />}</div>
      </form>
    </Dialog>
  );
}

function Steps({ steps }: { readonly steps: readonly TestStep[] }) {
  const texts = useTexts(channelTexts);
  return (
    <ol className={styles.steps} aria-label={texts.t('test.steps')}>
      {steps.map(({ step, outcome, findings, detail }) => (
        <li key={step}>
          <span className={styles.step}>{texts.t(`step.${step}`)}</span>{' '}
          <span className={styles.outcome} data-outcome={outcome}>
            {texts.t(`outcome.${outcome}`)}
          </span>
          {detail && <span className={styles.dim}> ({detail})</span>}
          <Findings findings={findings} />
        </li>
      ))}
    </ol>
  );
}
