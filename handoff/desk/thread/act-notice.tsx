import { ActionIcon } from '@mantine/core';
import { IconInfoCircle, IconX } from '@tabler/icons-react';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { deskTexts } from '../texts/desk.ts';
import type { ActNotice } from './owner-acts.ts';
import styles from './thread.module.css';

/** Why a press did not do what was wanted, said calmly, over the end of the messages so that nothing moves. */
export function ActNoticeLine({
  notice,
  onDismiss,
}: {
  readonly notice: ActNotice | undefined;
  readonly onDismiss: () => void;
}) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const text = (() => {
    if (!notice) return undefined;
    if (notice.kind === 'failed')
      return `${texts.t(`act.failed.${notice.act}`)} ${problemText(notice.error, kit)}`;
    return notice.by === undefined ? texts.t('act.takenUnknown') : texts.t('act.taken', { name: notice.by });
  })();
  return (
    <div className={styles.noticePlace} role="status">
      {text && (
        <div className={styles.notice}>
          <IconInfoCircle size={16} aria-hidden />
          <span>{text}</span>
          <ActionIcon variant="subtle" color="gray" size={24} aria-label={kit.t('close')} onClick={onDismiss}>
            <IconX size={16} />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}
