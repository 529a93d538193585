import { UnstyledButton } from '@mantine/core';
import { IconTag, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Content } from '../../model/content.ts';
import { clockTime, fullTime } from '../dates.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { ContentView } from './content-view.tsx';
import { DeliveryMark, DeliveryTrouble } from './delivery-mark.tsx';
import type { Revised } from './revisions.ts';
import type { ShownMessage } from './shown.ts';
import styles from './transcript.module.css';

export interface BubbleProps {
  readonly item: ShownMessage;
  /** First and last of messages by the same author that stand together. */
  readonly first: boolean;
  readonly last: boolean;
  readonly clientName: string;
  readonly nameOf: (id: string) => string | undefined;
  readonly actsOf?: ActsOf | undefined;
}

/** What the reader can do with a message, beside its time; it takes no more height than that. */
export type ActsOf = (item: ShownMessage) => ReactNode;

/** A message: the client's at the start of the line, ours at its end; the author stands over the first of a group. */
export function Bubble({ item, first, last, clientName, nameOf, actsOf }: BubbleProps) {
  const texts = useTexts(kitTexts);
  const { locale } = texts;
  const { revised } = item;
  const author = item.from === 'client' ? clientName : (item.by ?? texts.t(`author.${item.from}`));
  return (
    <div className={styles.row} data-from={item.from} data-first={first} data-last={last}>
      {first && (
        <div className={styles.author}>
          <bdi>{author}</bdi>
        </div>
      )}
      <div className={styles.bubble} data-deleted={revised?.deletedAt !== undefined}>
        {revised?.deletedAt !== undefined && (
          <span className={styles.revision}>
            <IconTrash size={14} aria-hidden />
            {texts.t('transcript.deleted', { time: clockTime(revised.deletedAt, locale) })}
          </span>
        )}
        {item.erased ? (
          <em className={styles.quiet}>{texts.t('transcript.erased')}</em>
        ) : (
          <Parts content={item.content} />
        )}
        {revised && revised.former.length > 0 && <Former former={revised.former} />}
        {revised && revised.reactions.length > 0 && (
          <span
            className={styles.reactions}
            role="img"
            aria-label={`${texts.t('transcript.reactions')}: ${revised.reactions.join(' ')}`}
          >
            {revised.reactions.join(' ')}
          </span>
        )}
        {revised?.label !== undefined && (
          <span className={styles.label}>
            <IconTag size={14} aria-hidden />
            {texts.t('transcript.label.about', { intent: nameOf(revised.label) ?? revised.label })}
          </span>
        )}
        <span className={styles.meta}>
          {actsOf?.(item)}
          <time dateTime={item.at} title={fullTime(item.at, locale)}>
            {clockTime(item.at, locale)}
          </time>
          {item.edited && <span>{texts.t('transcript.edited')}</span>}
          {item.delivery && <DeliveryMark delivery={item.delivery} />}
        </span>
      </div>
      {item.delivery && <DeliveryTrouble delivery={item.delivery} />}
      {revised?.delivery && <DeliveryTrouble delivery={revised.delivery} isRevision />}
    </div>
  );
}

function Parts({ content }: { readonly content: readonly Content[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a message never move
  return content.map((part, index) => <ContentView key={index} part={part} />);
}

/** That it was edited, and on demand what stood there before. */
function Former({ former }: { readonly former: Revised['former'] }) {
  const texts = useTexts(kitTexts);
  const [open, setOpen] = useState(false);
  return (
    <>
      <UnstyledButton className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>
        {texts.t('transcript.edited')}
      </UnstyledButton>
      {open &&
        former.map(({ content, until }) => (
          <div className={styles.former} key={until}>
            <span className={styles.quiet}>
              {texts.t('transcript.until', { time: clockTime(until, texts.locale) })}
            </span>
            <Parts content={content} />
          </div>
        ))}
    </>
  );
}
