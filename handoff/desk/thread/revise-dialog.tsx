import { Button, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../../gateway/web/dialog.tsx';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import type { ShownMessage } from '../../../gateway/web/transcript/shown.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { REACTIONS } from '../../act-api.ts';
import type { Wish } from '../desk-api.ts';
import { useDesk } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';
import type { Revising } from './revising.tsx';
import styles from './thread.module.css';

export interface ReviseDialogProps {
  readonly conversation: string;
  readonly message: ShownMessage;
  readonly what: Revising;
  readonly onClose: () => void;
}

/** Edits, deletes or reacts; it closes once the hub has it, and says why where it has not. */
export function ReviseDialog({ conversation, message, what, onClose }: ReviseDialogProps) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const { client } = useDesk();
  const [failure, setFailure] = useState<unknown>();
  const [isPending, setPending] = useState(false);
  // The same press, sent again after a lost answer, counts once.
  const [id] = useState(() => client.newId());
  const [text, setText] = useState(() => wordsOf(message));
  const send = (wish: Wish) => {
    setFailure(undefined);
    setPending(true);
    client.api.revise(conversation, message.seq, id, wish).then(onClose, (error: unknown) => {
      setPending(false);
      setFailure(error);
    });
  };
  const body: Readonly<Record<Revising, () => ReactNode>> = {
    edit: () => (
      <Textarea
        data-autofocus
        className={styles.reviseField ?? ''}
        label={texts.t('revise.text')}
        autosize
        minRows={3}
        maxRows={12}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    ),
    delete: () => <p className={styles.dialogText}>{texts.t('revise.delete.ask')}</p>,
    react: () => <Reactions isPending={isPending} onChoose={(emoji) => send({ what: 'react', emoji })} />,
  };
  return (
    <Dialog
      title={texts.t(`revise.${what}`)}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" {...(what === 'delete' && { 'data-autofocus': true })} onClick={onClose}>
            {texts.t('revise.keep')}
          </Button>
          {what === 'edit' && (
            <Button
              disabled={isPending || text.trim() === '' || text === wordsOf(message)}
              onClick={() => send({ what: 'edit', text })}
            >
              {texts.t('revise.save')}
            </Button>
          )}
          {what === 'delete' && (
            <Button disabled={isPending} onClick={() => send({ what: 'delete' })}>
              {texts.t('revise.delete')}
            </Button>
          )}
        </>
      }
    >
      {body[what]()}
      {failure !== undefined && (
        <p role="alert" className={styles.labelFailed}>
          {texts.t('revise.failed')} {problemText(failure, kit)}
        </p>
      )}
    </Dialog>
  );
}

function Reactions({
  isPending,
  onChoose,
}: {
  readonly isPending: boolean;
  readonly onChoose: (emoji: (typeof REACTIONS)[number] | null) => void;
}) {
  const texts = useTexts(deskTexts);
  return (
    <div className={styles.reactions}>
      {REACTIONS.map((emoji) => (
        <Button key={emoji} variant="default" disabled={isPending} onClick={() => onChoose(emoji)}>
          {emoji}
        </Button>
      ))}
      <Button variant="default" disabled={isPending} onClick={() => onChoose(null)}>
        {texts.t('revise.react.none')}
      </Button>
    </div>
  );
}

function wordsOf({ content }: ShownMessage): string {
  return content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}
