import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { problemText } from './problem-text.ts';
import styles from './states.module.css';
import { kitTexts } from './texts/kit.ts';
import { useTexts } from './use-texts.tsx';

/** A list or panel with nothing in it: what will be here, and what to do. */
export function EmptyState({ title, children, icon }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      {icon && (
        <span className={styles.icon} aria-hidden>
          {icon}
        </span>
      )}
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.body}>{children}</div>}
    </div>
  );
}

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
}

/** A list or panel that could not be loaded: what happened, and a way to try again. */
export function FailedState({ title, error, onRetry }: FailedStateProps) {
  const texts = useTexts(kitTexts);
  return (
    <div className={styles.state} role="alert">
      <span className={styles.warning} aria-hidden>
        <IconAlertTriangle size={20} />
      </span>
      <p className={styles.title}>{title}</p>
      <p className={styles.body}>{problemText(error, texts)}</p>
      <Button variant="default" size="xs" onClick={onRetry}>
        {texts.t('retry')}
      </Button>
    </div>
  );
}

interface FailedStateProps {
  readonly title: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}
