import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import styles from './dialog.module.css';
import { kitTexts } from './texts/kit.ts';
import { useTexts } from './use-texts.tsx';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

/**
 * A modal dialog of the browser's own: it holds the focus, closes by Esc, by its button or by a press outside, and
 * gives the focus back. It is open while it is rendered; the focus begins at what is marked `data-autofocus`.
 */
export function Dialog({ title, onClose, children, footer }: DialogProps) {
  const texts = useTexts(kitTexts);
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // In the layout phase: a dialog that is already out of the document would not give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it, by the browser
    <dialog
      ref={ref}
      className={styles.dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={styles.content}>
        <header className={styles.head}>
          <h2 id={titleId} className={styles.title}>
            {title}
          </h2>
          <ActionIcon variant="subtle" color="gray" aria-label={texts.t('close')} onClick={onClose}>
            <IconX size={18} />
          </ActionIcon>
        </header>
        {children}
        {footer && <footer className={styles.foot}>{footer}</footer>}
      </div>
    </dialog>
  );
}
