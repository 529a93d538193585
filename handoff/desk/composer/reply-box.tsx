import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useRef } from 'react';
import { useChannelName } from '../../../gateway/web/channel-mark.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow } from '../../api.ts';
import { useDesk, useDraft } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';
import { MAX_TEXT, TextLimit } from './text-limit.tsx';
import { WriteBox } from './write-box.tsx';

/** A typing signal is repeated at most this often, milliseconds. */
const TYPING_EVERY_MS = 4000;

export interface ReplyBoxProps {
  readonly row: ConversationRow;
  /** Longest text of one message on the channel; undefined until it is known. */
  readonly maxText: number | undefined;
  readonly inputId: string;
}

/** Where the client is answered. */
export function ReplyBox({ row, maxText, inputId }: ReplyBoxProps) {
  const texts = useTexts(deskTexts);
  const channelName = useChannelName();
  const { client } = useDesk();
  const [text, setText] = useDraft(row.id, 'reply');
  const signalled = useRef(0);
  const canSend = text.trim() !== '' && text.length <= MAX_TEXT;
  const send = () => {
    if (!canSend) return;
    client.outgoing.send(row.id, 'reply', text.trim());
    setText('');
    signalled.current = 0;
  };
  const write = (changed: string) => {
    setText(changed);
    const now = performance.now();
    if (changed === '' || now - signalled.current < TYPING_EVERY_MS) return;
    signalled.current = now;
    // A signal: where it is lost nothing is.
    client.api.typing(row.id).catch(() => undefined);
  };
  return (
    <WriteBox
      mode="reply"
      inputId={inputId}
      title={texts.t('composer.replyOn', { channel: channelName(row.channel) })}
      placeholder={texts.t('composer.replyPlaceholder')}
      text={text}
      onText={write}
      onSend={send}
      onLeave={(input) => input.blur()}
      hint={maxText !== undefined && <TextLimit used={text.length} limit={maxText} />}
      button={
        <Button
          size="xs"
          variant="filled"
          leftSection={<IconSend size={16} aria-hidden />}
          disabled={!canSend}
          onClick={send}
        >
          {texts.t('composer.send')}
        </Button>
      }
    />
  );
}
