import { Skeleton } from '@mantine/core';
import { FailedState } from '../../../gateway/web/states.tsx';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import styles from './training.module.css';

interface UnreadProps {
  /** What could not be read. */
  readonly title: string;
  /** Null while it is being read. */
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** In the place of a tab whose contents have not come, or will not. */
export function Unread({ title, error, onRetry }: UnreadProps) {
  const kit = useTexts(kitTexts);
  if (error) return <FailedState title={title} error={error} onRetry={onRetry} />;
  return (
    <div role="status" aria-label={kit.t('loading')} className={styles.panel}>
      <Skeleton height={160} />
    </div>
  );
}
