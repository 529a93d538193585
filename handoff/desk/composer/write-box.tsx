import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useId } from 'react';
import { isComposing } from '../../../gateway/web/keyboard.ts';
import type { DraftMode } from '../drafts.ts';
import styles from './composer.module.css';

export interface WriteBoxProps {
  readonly mode: DraftMode;
  readonly inputId: string;
  readonly title: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  /** Esc: leaves the box. What was typed stays. */
  readonly onLeave: (input: HTMLTextAreaElement) => void;
  /** Files that were pasted or dropped here. */
  readonly onFiles?: (files: readonly File[]) => void;
  /** Between the text and the button. */
  readonly above?: ReactNode;
  readonly hint?: ReactNode;
  readonly button: ReactNode;
}

/** A place to write: Enter and Ctrl/⌘+Enter send, Shift+Enter begins a line, Esc leaves and loses nothing. */
export function WriteBox(props: WriteBoxProps) {
  const hintId = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      props.onSend();
    } else if (event.key === 'Escape') {
      props.onLeave(event.currentTarget);
    }
  };
  const { onFiles } = props;
  const take = (event: SyntheticEvent, data: DataTransfer | null) => {
    const files = [...(data?.files ?? [])];
    if (!onFiles || files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has a button beside it that does the same
    <div
      className={styles.box}
      data-mode={props.mode}
      onDragOver={(event) => onFiles && event.preventDefault()}
      onDrop={(event) => take(event, event.dataTransfer)}
      onPaste={(event) => take(event, event.clipboardData)}
    >
      <label className={styles.title} htmlFor={props.inputId}>
        {props.title}
      </label>
      <textarea
        id={props.inputId}
        className={styles.input}
        dir="auto"
        rows={2}
        value={props.text}
        placeholder={props.placeholder}
        aria-describedby={hintId}
        onChange={(event) => props.onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {props.above}
      <div className={styles.foot}>
        <span id={hintId} className={styles.hint}>
          {props.hint}
        </span>
        {props.button}
      </div>
    </div>
  );
}
