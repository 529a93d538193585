import { UnstyledButton } from '@mantine/core';
import { useCallback, useEffect } from 'react';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { useDesk } from '../desk-context.ts';
import { useLoadMore } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './thread.module.css';
import type { TranscriptCache } from './transcript-cache.ts';

/** How far the messages back to the one that is looked for are loaded; `none`: nothing of them is missing. */
export interface WayBack {
  readonly state: 'none' | 'loading' | 'failed';
  readonly load: () => void;
}

/** Loads everything back to the message with the number `sought`. */
export function useWayBack(id: string, data: TranscriptCache, sought: number | undefined): WayBack {
  const { cache } = useDesk().client;
  const { state, load } = useLoadMore(
    useCallback(() => cache.loadBackTo(id, sought ?? 0), [cache, id, sought]),
  );
  const isMissing = sought !== undefined && data.hasOlder && (data.items[0]?.seq ?? 0) > sought;
  useEffect(() => {
    if (isMissing) load();
  }, [isMissing, load]);
  if (!isMissing) return { state: 'none', load };
  return { state: state === 'failed' ? 'failed' : 'loading', load };
}

/** Says over the end of the messages that what is looked for is on its way, or did not come. */
export function WayBackLine({ state, load }: WayBack) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  return (
    <div className={styles.noticePlace} role="status">
      {state !== 'none' && (
        <div className={styles.notice}>
          <span>{texts.t(`found.${state}`)}</span>
          {state === 'failed' && (
            <UnstyledButton className={styles.again} onClick={load}>
              {kit.t('retry')}
            </UnstyledButton>
          )}
        </div>
      )}
    </div>
  );
}
