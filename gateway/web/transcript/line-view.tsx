import { UnstyledButton } from '@mantine/core';
import { IconArrowsExchange, IconChevronDown, IconChevronRight, IconLock } from '@tabler/icons-react';
import { memo } from 'react';
import { useChannelName } from '../channel-mark.tsx';
import { clockTime, dayTitle, fullTime } from '../dates.ts';
import { useNow } from '../now.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { type ActsOf, Bubble } from './bubble.tsx';
import { eventText, ownerText } from './event-text.ts';
import type { Line } from './lines.ts';
import { MessageText } from './message-text.tsx';
import { OutgoingView } from './outgoing-view.tsx';
import type { ShownNote } from './shown.ts';
import styles from './transcript.module.css';

export interface LineViewProps {
  readonly line: Line;
  readonly clientName: string;
  readonly me: string;
  /** The name of an action or an intent for people. */
  readonly nameOf: (id: string) => string | undefined;
  readonly actsOf?: ActsOf | undefined;
  readonly onFold: (fold: number) => void;
  readonly onRetry: (id: string) => void;
  readonly onDiscard: (id: string) => void;
}

/** One line of a transcript. */
export const LineView = memo(function LineView({
  line,
  clientName,
  me,
  nameOf,
  actsOf,
  onFold,
  onRetry,
  onDiscard,
}: LineViewProps) {
  const texts = useTexts(kitTexts);
  switch (line.kind) {
    case 'day':
      return <DayLine at={line.at} />;
    case 'fold':
      return <FoldLine line={line} onFold={onFold} />;
    case 'unread':
      return <div className={styles.unread}>{texts.t('transcript.unread')}</div>;
    case 'message':
      return (
        <Bubble
          item={line.item}
          first={line.first}
          last={line.last}
          clientName={clientName}
          nameOf={nameOf}
          actsOf={actsOf}
        />
      );
    case 'note':
      return <NoteView note={line.item} />;
    case 'owner':
      return <ThinLine at={line.item.at} text={ownerText(line.item, texts)} />;
    case 'event':
      return <ThinLine at={line.item.at} text={eventText(line.item, texts, nameOf)} />;
    case 'channel':
      return <ChannelLine from={line.from} to={line.to} />;
    case 'outgoing':
      return (
        <OutgoingView
          outgoing={line.outgoing}
          author={line.first ? me : undefined}
          onRetry={onRetry}
          onDiscard={onDiscard}
        />
      );
  }
});

function DayLine({ at }: { readonly at: string }) {
  const texts = useTexts(kitTexts);
  return <div className={styles.day}>{dayTitle(at, useNow(), texts.locale)}</div>;
}

function FoldLine({
  line,
  onFold,
}: {
  readonly line: Extract<Line, { kind: 'fold' }>;
  readonly onFold: LineViewProps['onFold'];
}) {
  const texts = useTexts(kitTexts);
  const Icon = line.open ? IconChevronDown : IconChevronRight;
  return (
    <UnstyledButton className={styles.fold} aria-expanded={line.open} onClick={() => onFold(line.fold)}>
      <Icon size={16} aria-hidden />
      <span>
        {line.open ? texts.t('transcript.unfold') : texts.t('transcript.fold', { count: line.count })}
      </span>
    </UnstyledButton>
  );
}

function ThinLine({ at, text }: { readonly at: string; readonly text: string }) {
  const { locale } = useTexts(kitTexts);
  return (
    <div className={styles.thin}>
      <span className={styles.thinText} dir="auto">
        {text}
      </span>
      <time dateTime={at} title={fullTime(at, locale)}>
        {clockTime(at, locale)}
      </time>
    </div>
  );
}

function ChannelLine({ from, to }: { readonly from: string; readonly to: string }) {
  const texts = useTexts(kitTexts);
  const name = useChannelName();
  return (
    <div className={styles.thin}>
      <IconArrowsExchange size={14} aria-hidden />
      <span className={styles.thinText}>{texts.t('event.channel', { from: name(from), to: name(to) })}</span>
    </div>
  );
}

function NoteView({ note }: { readonly note: ShownNote }) {
  const texts = useTexts(kitTexts);
  return (
    <div className={styles.note}>
      <div className={styles.noteHead}>
        <IconLock size={14} aria-hidden />
        <b>{texts.t('transcript.note')}</b>
        <bdi>{note.by}</bdi>
        <span>{texts.t('transcript.noteHint')}</span>
        <time dateTime={note.at} title={fullTime(note.at, texts.locale)}>
          {clockTime(note.at, texts.locale)}
        </time>
      </div>
      <MessageText text={note.text} />
    </div>
  );
}
