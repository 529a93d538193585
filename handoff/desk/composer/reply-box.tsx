import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useRef } from 'react';
import { useChannelName } from '../../../gateway/web/channel-mark.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow, ConversationView } from '../../api.ts';
import { useDesk, useDraft } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';
import { AttachButton } from './attach-button.tsx';
import { AttachmentList } from './attachment-list.tsx';
import { useAttachments } from './attachments.ts';
import styles from './composer.module.css';
import { MAX_TEXT, TextLimit } from './text-limit.tsx';
import { WholeNumberHint } from './whole-number-hint.tsx';
import { WriteBox } from './write-box.tsx';

/** A typing signal is repeated at most this often, milliseconds. */
const TYPING_EVERY_MS = 4000;

export interface ReplyBoxProps {
  readonly row: ConversationRow;
  /** Where the reply goes. */
  readonly channel: string;
  /** Longest text of one message on the channel; undefined until it is known. */
  readonly maxText: number | undefined;
  readonly textUnit: ConversationView['textUnit'];
  readonly segmentPrice: ConversationView['segmentPrice'];
  readonly dataClass: ConversationView['dataClass'];
  /** How files reach the client on the channel. */
  readonly files: ConversationView['files'] | undefined;
  readonly inputId: string;
}

/** Where the client is answered. */
export function ReplyBox({ row, channel, dataClass, files, inputId, ...limits }: ReplyBoxProps) {
  const { maxText, textUnit, segmentPrice } = limits;
  const texts = useTexts(deskTexts);
  const channelName = useChannelName();
  const { client } = useDesk();
  const [text, setText] = useDraft(row.id, 'reply');
  const signalled = useRef(0);
  const attachments = useAttachments(client.api);
  const isUploading = attachments.files.some(({ state }) => state === 'uploading');
  const hasFiles = attachments.files.some(({ state }) => state === 'ready');
  const canSend = (text.trim() !== '' || hasFiles) && text.length <= MAX_TEXT && !isUploading;
  const send = () => {
    if (!canSend) return;
    client.outgoing.send(row.id, 'reply', text.trim(), attachments.take());
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
      title={texts.t('composer.replyOn', { channel: channelName(channel) })}
      placeholder={texts.t('composer.replyPlaceholder')}
      text={text}
      onText={write}
      onSend={send}
      onLeave={(input) => input.blur()}
      onFiles={attachments.add}
      above={
        <>
          <WholeNumberHint text={text} dataClass={dataClass} />
          <AttachmentList files={attachments.files} onRemove={attachments.remove} />
        </>
      }
      hint={
        <>
          {maxText !== undefined && (
            <TextLimit text={text} limit={maxText} unit={textUnit} price={segmentPrice} />
          )}
          {attachments.files.length > 0 && files === 'link' && `, ${texts.t('composer.filesAsLinks')}`}
        </>
      }
      button={
        <span className={styles.buttons}>
          <AttachButton onFiles={attachments.add} />
          <Button
            size="xs"
            variant="filled"
            leftSection={<IconSend size={16} aria-hidden />}
            disabled={!canSend}
            onClick={send}
          >
            {texts.t('composer.send')}
          </Button>
        </span>
      }
    />
  );
}
