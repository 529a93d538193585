import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { useDesk, useDraft } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';
import { MAX_TEXT, TextLimit } from './text-limit.tsx';
import { WriteBox } from './write-box.tsx';

export interface NoteBoxProps {
  readonly conversation: string;
  readonly inputId: string;
  readonly onLeave: () => void;
}

/** Where a note for staff is written. */
export function NoteBox({ conversation, inputId, onLeave }: NoteBoxProps) {
  const texts = useTexts(deskTexts);
  const { client } = useDesk();
  const [text, setText] = useDraft(conversation, 'note');
  const canSend = text.trim() !== '' && text.length <= MAX_TEXT;
  const send = () => {
    if (!canSend) return;
    client.outgoing.send(conversation, 'note', text.trim());
    setText('');
  };
  return (
    <WriteBox
      mode="note"
      inputId={inputId}
      title={texts.t('composer.noteFull')}
      placeholder={texts.t('composer.notePlaceholder')}
      text={text}
      onText={setText}
      onSend={send}
      onLeave={onLeave}
      hint={text.length > MAX_TEXT && <TextLimit text={text} limit={MAX_TEXT} />}
      button={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconLock size={14} aria-hidden />}
          disabled={!canSend}
          onClick={send}
        >
          {texts.t('composer.addNote')}
        </Button>
      }
    />
  );
}
