import { IconHandFinger, IconPaperclip } from '@tabler/icons-react';
import type { Content } from '../../model/content.ts';
import { clockTime, fullTime } from '../dates.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { DeliveryMark, DeliveryTrouble } from './delivery-mark.tsx';
import { MessageText } from './message-text.tsx';
import type { ShownMessage } from './shown.ts';
import styles from './transcript.module.css';

export interface BubbleProps {
  readonly item: ShownMessage;
  /** First and last of messages by the same author that stand together. */
  readonly first: boolean;
  readonly last: boolean;
  readonly clientName: string;
}

/** A message: the client's at the start of the line, ours at its end; the author stands over the first of a group. */
export function Bubble({ item, first, last, clientName }: BubbleProps) {
  const texts = useTexts(kitTexts);
  const { locale } = texts;
  const author = item.from === 'client' ? clientName : (item.by ?? texts.t(`author.${item.from}`));
  return (
    <div className={styles.row} data-from={item.from} data-first={first} data-last={last}>
      {first && (
        <div className={styles.author}>
          <bdi>{author}</bdi>
        </div>
      )}
      <div className={styles.bubble}>
        {item.erased ? (
          <em className={styles.quiet}>{texts.t('transcript.erased')}</em>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a message never move
          item.content.map((part, index) => <ContentView key={index} part={part} />)
        )}
        <span className={styles.meta}>
          <time dateTime={item.at} title={fullTime(item.at, locale)}>
            {clockTime(item.at, locale)}
          </time>
          {item.delivery && <DeliveryMark delivery={item.delivery} />}
        </span>
      </div>
      {item.delivery && <DeliveryTrouble delivery={item.delivery} />}
    </div>
  );
}

function ContentView({ part }: { readonly part: Content }) {
  const texts = useTexts(kitTexts);
  switch (part.kind) {
    case 'text':
      return <MessageText text={part.text} />;
    case 'choices':
      return (
        <ul className={styles.choices} aria-label={texts.t('transcript.choices')}>
          {part.choices.map((choice) => (
            <li key={choice.id}>
              <bdi>{choice.text}</bdi>
            </li>
          ))}
        </ul>
      );
    case 'choice':
      return (
        <span className={styles.choice}>
          <IconHandFinger size={14} aria-hidden />
          <span className="unseen">{texts.t('transcript.choice')}</span>
          <MessageText text={part.text ?? part.id} />
        </span>
      );
    case 'unsupported':
      return (
        <span className={styles.quiet}>
          <IconPaperclip size={14} aria-hidden /> {texts.t('transcript.unsupported', { what: part.what })}
        </span>
      );
  }
}
