import { Skeleton } from '@mantine/core';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import styles from './list.module.css';

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Rows of the size of those that will come. */
export function ListSkeleton() {
  const texts = useTexts(kitTexts);
  return (
    <div role="status" aria-busy>
      <span className="unseen">{texts.t('loading')}</span>
      {ROWS.map((row) => (
        <div key={row} className={styles.skeleton}>
          <Skeleton height={14} width="60%" />
          <Skeleton height={12} width="90%" />
          <Skeleton height={12} width="40%" />
        </div>
      ))}
    </div>
  );
}
