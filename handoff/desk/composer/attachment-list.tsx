import { ActionIcon, Loader } from '@mantine/core';
import { IconAlertCircle, IconFile, IconX } from '@tabler/icons-react';
import { sizeText } from '../../../gateway/web/dates.ts';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { deskTexts } from '../texts/desk.ts';
import type { Attachment } from './attachments.ts';
import styles from './composer.module.css';

export interface AttachmentListProps {
  readonly files: readonly Attachment[];
  readonly onRemove: (key: string) => void;
}

/** The files that go with the reply, each with what became of its upload. */
export function AttachmentList({ files, onRemove }: AttachmentListProps) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  if (files.length === 0) return null;
  return (
    <ul className={styles.files} aria-label={texts.t('composer.files')}>
      {files.map(({ key, name, size, state, problem }) => (
        <li key={key} className={styles.attached} data-state={state}>
          {state === 'uploading' ? (
            <Loader size={16} aria-label={texts.t('composer.uploading')} />
          ) : state === 'failed' ? (
            <IconAlertCircle size={16} aria-hidden />
          ) : (
            <IconFile size={16} aria-hidden />
          )}
          <bdi className={styles.attachedName}>{name}</bdi>
          <span className={styles.hint}>
            {state === 'failed' ? (
              <span role="alert">{problemText(problem, kit)}</span>
            ) : (
              sizeText(size, texts.locale)
            )}
          </span>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={texts.t('composer.removeFile', { name })}
            onClick={() => onRemove(key)}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
