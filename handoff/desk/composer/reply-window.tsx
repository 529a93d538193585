import { shortTime } from '../../../gateway/web/dates.ts';
import { useNow } from '../../../gateway/web/now.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { deskTexts } from '../texts/desk.ts';
import styles from './composer.module.css';

/** Before its end nobody needs to think of it. */
const SOON_MS = 2 * 3_600_000;

/** Says before an operator writes that the network takes no free words any more, or soon will not. */
export function ReplyWindow({ until }: { readonly until: string }) {
  const texts = useTexts(deskTexts);
  const now = useNow();
  const leftMs = Date.parse(until) - now;
  if (leftMs > SOON_MS) return null;
  const text =
    leftMs <= 0
      ? texts.t('composer.windowClosed')
      : texts.t('composer.windowUntil', { time: shortTime(until, now, texts.locale) });
  return (
    <p className={styles.window} role="status">
      {text}
    </p>
  );
}
