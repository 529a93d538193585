import { UnstyledButton } from '@mantine/core';
import { IconAlertCircle, IconClock, IconLock, IconPaperclip } from '@tabler/icons-react';
import { clockTime } from '../dates.ts';
import { Problem } from '../problem.ts';
import { problemText } from '../problem-text.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { MessageText } from './message-text.tsx';
import type { Outgoing } from './shown.ts';
import styles from './transcript.module.css';

export interface OutgoingViewProps {
  readonly outgoing: Outgoing;
  /** Stands over the first of a group. */
  readonly author: string | undefined;
  readonly onRetry: (id: string) => void;
  readonly onDiscard: (id: string) => void;
}

/** A reply or note that is on its way, waits for the connection, or was refused and can be sent again. */
export function OutgoingView({ outgoing, author, onRetry, onDiscard }: OutgoingViewProps) {
  const texts = useTexts(kitTexts);
  const isNote = outgoing.mode === 'note';
  return (
    <div
      className={isNote ? styles.note : styles.row}
      data-from="operator"
      data-first={author !== undefined}
      data-state={outgoing.state}
    >
      {!isNote && author !== undefined && (
        <div className={styles.author}>
          <bdi>{author}</bdi>
        </div>
      )}
      {isNote && (
        <div className={styles.noteHead}>
          <IconLock size={14} aria-hidden />
          <b>{texts.t('transcript.note')}</b>
          <span>{texts.t('transcript.noteHint')}</span>
        </div>
      )}
      <div className={isNote ? undefined : styles.bubble}>
        <MessageText text={outgoing.text} />
        {outgoing.files?.map(({ id, name }) => (
          <span key={id} className={styles.file}>
            <IconPaperclip size={18} stroke={1.6} aria-hidden />
            <bdi className={styles.fileName}>{name}</bdi>
          </span>
        ))}
        {outgoing.state !== 'failed' && (
          <span className={styles.meta}>
            <time dateTime={outgoing.at}>{clockTime(outgoing.at, texts.locale)}</time>
            <IconClock size={14} stroke={1.8} aria-hidden />
            <span className={outgoing.state === 'waiting' ? undefined : 'unseen'}>
              {texts.t(outgoing.state === 'waiting' ? 'outgoing.waiting' : 'outgoing.sending')}
            </span>
          </span>
        )}
      </div>
      {outgoing.state === 'failed' && (
        <span className={styles.trouble} data-serious role="alert">
          <IconAlertCircle size={14} stroke={1.8} aria-hidden />
          <span>
            {texts.t('outgoing.failed')} · {problemText(new Problem(outgoing.code ?? 'other', 0), texts)}
          </span>
          <UnstyledButton className={styles.more} onClick={() => onRetry(outgoing.id)}>
            {texts.t('outgoing.retry')}
          </UnstyledButton>
          <UnstyledButton className={styles.more} onClick={() => onDiscard(outgoing.id)}>
            {texts.t('outgoing.discard')}
          </UnstyledButton>
        </span>
      )}
    </div>
  );
}
