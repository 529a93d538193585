import { UnstyledButton } from '@mantine/core';
import { IconLock, IconMessage } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { KeyCaps } from '../../../gateway/web/commands/key-caps.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow, ConversationView } from '../../api.ts';
import { useDesk, useDraft } from '../desk-context.ts';
import type { DraftMode } from '../drafts.ts';
import { deskTexts } from '../texts/desk.ts';
import type { AllowedActs } from '../thread/owner-acts.ts';
import { ChannelOff } from './channel-off.tsx';
import styles from './composer.module.css';
import { onFocusComposer } from './focus-composer.ts';
import { NoteBox } from './note-box.tsx';
import { ReplyBox } from './reply-box.tsx';
import { ReplyWindow } from './reply-window.tsx';

export interface ComposerProps {
  readonly row: ConversationRow;
  readonly maxText: number | undefined;
  readonly textUnit: ConversationView['textUnit'];
  readonly segmentPrice: ConversationView['segmentPrice'];
  readonly dataClass: ConversationView['dataClass'];
  readonly files: ConversationView['files'] | undefined;
  readonly replyUntil: string | undefined;
  readonly templates: ConversationView['templates'];
  readonly channelOff: ConversationView['channelOff'];
  readonly allowed: AllowedActs;
}

const INPUT_ID = { reply: 'composer-reply', note: 'composer-note' } as const;

/**
 * The two places to write, each always where it is: the note above, in its own colour, and the reply below it.
 * One of them is open; the other shows what is in it as one line.
 */
export function Composer({ row, replyUntil, templates, channelOff, allowed, ...limits }: ComposerProps) {
  const texts = useTexts(deskTexts);
  const [open, setOpen] = useState<DraftMode | undefined>(allowed.own ? 'reply' : undefined);
  const [owned, setOwned] = useState(allowed.own);
  if (owned !== allowed.own) {
    setOwned(allowed.own);
    setOpen(allowed.own ? 'reply' : open === 'reply' ? undefined : open);
  }
  useEffect(
    () =>
      onFocusComposer((mode) => {
        flushSync(() => setOpen(mode));
        document.getElementById(INPUT_ID[mode])?.focus();
      }),
    [],
  );
  const choose = (mode: DraftMode) => {
    flushSync(() => setOpen(mode));
    document.getElementById(INPUT_ID[mode])?.focus();
  };
  const leaveNote = () => (allowed.own ? choose('reply') : setOpen(undefined));
  return (
    <section className={styles.composer} aria-label={texts.t('composer.label')}>
      {open === 'note' ? (
        <NoteBox conversation={row.id} inputId={INPUT_ID.note} onLeave={leaveNote} />
      ) : (
        <ClosedBox mode="note" conversation={row.id} onOpen={() => choose('note')} />
      )}
      {allowed.own && replyUntil !== undefined && (
        <ReplyWindow conversation={row.id} until={replyUntil} templates={templates} />
      )}
      {channelOff && row.status === 'open' && <ChannelOff channel={row.channel} off={channelOff} />}
      {!allowed.own ? (
        <CannotReply row={row} allowed={allowed} />
      ) : channelOff && channelOff.repliesGoTo === undefined ? null : open === 'reply' ? (
        <ReplyBox
          row={row}
          channel={channelOff?.repliesGoTo ?? row.channel}
          inputId={INPUT_ID.reply}
          {...limits}
        />
      ) : (
        <ClosedBox mode="reply" conversation={row.id} onOpen={() => choose('reply')} />
      )}
    </section>
  );
}

interface ClosedBoxProps {
  readonly mode: DraftMode;
  readonly conversation: string;
  readonly onOpen: () => void;
}

function ClosedBox({ mode, conversation, onOpen }: ClosedBoxProps) {
  const texts = useTexts(deskTexts);
  const [draft] = useDraft(conversation, mode);
  const Icon = mode === 'note' ? IconLock : IconMessage;
  return (
    <UnstyledButton className={styles.closed} data-mode={mode} onClick={onOpen}>
      <Icon size={16} stroke={1.6} aria-hidden />
      <span className={styles.closedName}>
        {texts.t(mode === 'note' ? 'composer.noteFull' : 'composer.reply')}
      </span>
      {draft && (
        <span className={styles.closedDraft}>
          {texts.t('row.draft')}: <bdi>{draft.slice(0, 120)}</bdi>
        </span>
      )}
      <KeyCaps keys={mode === 'note' ? 'Alt+KeyP' : 'Alt+KeyL'} />
    </UnstyledButton>
  );
}

function CannotReply({ row, allowed }: { readonly row: ConversationRow; readonly allowed: AllowedActs }) {
  const texts = useTexts(deskTexts);
  const { mayAnswer } = useDesk().client;
  const text = (() => {
    if (row.status === 'closed') return texts.t('composer.closed');
    if (!mayAnswer) return texts.t('composer.readOnly');
    if (allowed.take) return texts.t('composer.takeFirst');
    return row.owner.kind === 'operator'
      ? texts.t('composer.others', { name: row.owner.name })
      : texts.t('composer.readOnly');
  })();
  return <p className={styles.cannot}>{text}</p>;
}
