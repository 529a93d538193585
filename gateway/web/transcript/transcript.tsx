import { UnstyledButton } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { EmptyState } from '../states.tsx';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import type { ActsOf } from './bubble.tsx';
import { LineView } from './line-view.tsx';
import { firstUnreadSeq, foldAround, isLineOf, transcriptLines } from './lines.ts';
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
  /** The number of the message that is looked for: it is brought into sight and marked once it is among the items. */
  readonly sought?: number | undefined;
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
  const { items, outgoing, older, me, sought } = props;
  const texts = useTexts(kitTexts);
  const [unfolded, toggleFold] = useUnfolded(items, sought);
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
  const scroll = useThreadScroll(scroller, lines, older, sought);

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
              const mark = isLineOf(line, sought) && ({ 'aria-current': 'location', tabIndex: -1 } as const);
              return (
                <div
                  key={key}
                  data-index={index}
                  ref={scroll.measure}
                  className={mark ? styles.sought : undefined}
                  {...mark}
                >
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

/** Folds that the reader has opened, and the one around what is looked for, which can be closed again. */
function useUnfolded(
  items: readonly ShownItem[],
  sought: number | undefined,
): readonly [ReadonlySet<number>, (fold: number) => void] {
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const [found, setFound] = useState<number | undefined>();
  if (sought !== undefined && sought !== found && items.some(({ seq }) => seq === sought)) {
    setFound(sought);
    const fold = foldAround(items, sought);
    if (fold !== undefined) setUnfolded(new Set([...unfolded, fold]));
  }
  const toggle = useCallback(
    (fold: number) =>
      setUnfolded((before) => {
        const after = new Set(before);
        if (!after.delete(fold)) after.add(fold);
        return after;
      }),
    [],
  );
  return [unfolded, toggle];
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
