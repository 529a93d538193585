import { Button } from '@mantine/core';
import { Dialog } from '../../../gateway/web/dialog.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { deskTexts } from '../texts/desk.ts';
import styles from './thread.module.css';

/** What would be lost by closing. */
export type CloseWarning = 'draft' | 'outgoing';

/** Asks before a conversation is closed over something that was not sent. */
export function CloseDialog({ warning, onKeep, onClose }: CloseDialogProps) {
  const texts = useTexts(deskTexts);
  return (
    <Dialog
      title={texts.t('close.title')}
      onClose={onKeep}
      footer={
        <>
          <Button variant="default" data-autofocus onClick={onKeep}>
            {texts.t('close.keep')}
          </Button>
          <Button variant="filled" onClick={onClose}>
            {texts.t('close.confirm')}
          </Button>
        </>
      }
    >
      <p className={styles.dialogText}>{texts.t(`close.${warning}`)}</p>
    </Dialog>
  );
}

interface CloseDialogProps {
  readonly warning: CloseWarning;
  readonly onKeep: () => void;
  readonly onClose: () => void;
}
