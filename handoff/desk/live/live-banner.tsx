import { UnstyledButton } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import styles from '../desk.module.css';
import { useDesk, useLiveState } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';

/** A connection that comes back sooner than this was not worth a word, milliseconds. */
const QUIET_MS = 1500;

/** Says that the connection is lost and being restored; over the page, so that nothing moves. */
export function LiveBanner() {
  const texts = useTexts(deskTexts);
  const { live } = useDesk().client;
  const isLost = useLiveState() === 'lost';
  const [isSaid, setSaid] = useState(false);
  useEffect(() => {
    if (!isLost) return setSaid(false);
    const timer = setTimeout(() => setSaid(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [isLost]);
  return (
    <div className={styles.bannerPlace} role="status">
      {isSaid && (
        <div className={styles.banner}>
          <IconPlugConnectedX size={16} aria-hidden />
          <span>{texts.t('live.lost')}</span>
          <UnstyledButton className={styles.bannerButton} onClick={live.retryNow}>
            {texts.t('live.retry')}
          </UnstyledButton>
        </div>
      )}
    </div>
  );
}
