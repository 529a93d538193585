import { Skeleton } from '@mantine/core';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import styles from './thread.module.css';

/** The thread while nothing of its conversation is known. */
export function ThreadSkeleton() {
  return (
    <section className={styles.thread} aria-busy>
      <div className={styles.header}>
        <div className={styles.who}>
          <Skeleton height={16} width={180} my={2} />
          <Skeleton height={12} width={120} mt={6} />
        </div>
      </div>
      <MessagesSkeleton />
    </section>
  );
}

const BUBBLES = [
  { key: 'a', width: '46%', ours: false },
  { key: 'b', width: '58%', ours: true },
  { key: 'c', width: '34%', ours: false },
  { key: 'd', width: '50%', ours: true },
];

/** The messages of a conversation whose name is known already. */
export function MessagesSkeleton() {
  const texts = useTexts(kitTexts);
  return (
    <div className={styles.bubbles} role="status" aria-busy>
      <span className="unseen">{texts.t('loading')}</span>
      {BUBBLES.map(({ key, width, ours }) => (
        <Skeleton key={key} height={48} width={width} radius={8} ms={ours ? 'auto' : 0} />
      ))}
    </div>
  );
}
