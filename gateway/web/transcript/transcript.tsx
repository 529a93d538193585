import { UnstyledButton } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { EmptyState } from '../states.tsx';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import type { ActsOf } from './bubble.tsx';
import { LineView } from './line-view.tsx';
import { firstUnreadSeq, transcriptLines } from './lines.ts';
import { NewsAnnouncer } from './news-announcer.tsx';
import type { Outgoing, ShownItem } from './shown.ts';
import styles from './transcript.module.css';
import { useThreadScroll } from './use-thread-scroll.ts';

export interface TranscriptProps {
  /** Oldest first, gapless up to the newest. */
  readonly items: readonly ShownItem[];
  /** Replies and notes of this page that the hub has not shown back. */
  readonly outgoing: readonly Outgoing[];
  readonly clientName: string;
  /** Name of who is at this page. */
  readonly me: string;
  /** The name of an action or an intent for people. */
  readonly nameOf: (id: string) => string | undefined;
  /** Give it the same function while nothing changes. */
  readonly actsOf?: ActsOf;
  /** The client's messages without an answer when the transcript was opened. */
  readonly unread: number;
  readonly older: OlderPages;
  readonly onRetry: (id: string) => void;
  readonly onDiscard: (id: string) => void;
}

/** What lies before the first item. */
export interface OlderPages {
  readonly state: 'none' | 'more' | 'loading' | 'failed';
  readonly load: () => void;
}

/**
 * The readable conversation: only the lines in sight are in the document, the place in it is kept whatever comes,
 * and only what is new is announced. Give it a key per conversation.
 */
export function Transcript(props: TranscriptProps) {
  const { items, outgoing, older, me } = props;
  const texts = useTexts(kitTexts);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const [firstUnread] = useState(() => firstUnreadSeq(items, props.unread));
  const pageStarts = usePageStarts(items);
  const hasOlder = older.state !== 'none';
  const lines = useMemo(
    () =>
      transcriptLines(items, {
        unfolded,
        outgoing,
        me,
        hasOlder,
        pageStarts,
        ...(firstUnread ? { firstUnread } : {}),
      }),
    [items, unfolded, outgoing, me, hasOlder, pageStarts, firstUnread],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const scroll = useThreadScroll(scroller, lines, older);
  const toggleFold = useCallback(
    (fold: number) =>
      setUnfolded((before) => {
        const after = new Set(before);
        if (!after.delete(fold)) after.add(fold);
        return after;
      }),
    [],
  );

  return (
    <div className={styles.transcript}>
      <div
        className={styles.scroller}
        ref={scroller}
        role="log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached and read by keyboard
        tabIndex={0}
        aria-label={texts.t('transcript.label')}
      >
        {lines.length === 0 && <EmptyState title={texts.t('transcript.empty')} />}
        <OlderMark older={older} />
        <div className={styles.sizer} style={{ height: scroll.totalSize }}>
          <div className={styles.window} style={{ transform: `translateY(${scroll.start}px)` }}>
            {scroll.visible.map(({ index, key }) => {
              const line = lines[index];
              if (!line) return null;
              return (
                <div key={key} data-index={index} ref={scroll.measure}>
                  <LineView
                    line={line}
                    clientName={props.clientName}
                    me={me}
                    nameOf={props.nameOf}
                    actsOf={props.actsOf}
                    onFold={toggleFold}
                    onRetry={props.onRetry}
                    onDiscard={props.onDiscard}
                  />
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {!scroll.atEnd && (
        <UnstyledButton className={styles.newest} onClick={scroll.toEnd}>
          <IconArrowDown size={16} aria-hidden />
          <span className={scroll.newBelow > 0 ? undefined : 'unseen'}>
            {scroll.newBelow > 0
              ? texts.t('transcript.newCount', { count: scroll.newBelow })
              : texts.t('transcript.newest')}
          </span>
        </UnstyledButton>
      )}
      <NewsAnnouncer items={items} clientName={props.clientName} />
    </div>
  );
}

/** The items that were first when their page was loaded. */
function usePageStarts(items: readonly ShownItem[]): ReadonlySet<number> {
  const first = items[0]?.seq;
  const [starts, setStarts] = useState<ReadonlySet<number>>(new Set());
  if (first !== undefined && !starts.has(first)) setStarts(new Set([...starts, first]));
  return starts;
}

function OlderMark({ older }: { readonly older: OlderPages }) {
  const texts = useTexts(kitTexts);
  if (older.state === 'none') return null;
  return (
    <div className={styles.older}>
      {older.state === 'failed' ? (
        <>
          <span>{texts.t('transcript.olderFailed')}</span>
          <UnstyledButton className={styles.more} onClick={older.load}>
            {texts.t('retry')}
          </UnstyledButton>
        </>
      ) : (
        <span>{texts.t('transcript.older')}</span>
      )}
    </div>
  );
}
