import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useEffect, useRef, useState } from 'react';
import { EmptyState, FailedState } from '../../../gateway/web/states.tsx';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow } from '../../api.ts';
import type { DeskView } from '../desk-api.ts';
import { useDesk } from '../desk-context.ts';
import { useList, useLoadMore, usePrefetch } from '../queries.ts';
import { SearchBox } from '../search/search-box.tsx';
import { SearchResults } from '../search/search-results.tsx';
import { deskTexts } from '../texts/desk.ts';
import { RowContent } from './conversation-row.tsx';
import styles from './list.module.css';
import { ListSkeleton } from './list-skeleton.tsx';
import { useListFocus } from './use-list-focus.ts';
import { useListScroll } from './use-list-scroll.ts';

/** Whoever stays on a conversation this long is reading it, milliseconds. */
const SETTLED_MS = 300;

/** Whoever is still writing is not answered yet, milliseconds. */
const WRITTEN_MS = 250;
/** Fewer letters would find too much. */
const LEAST_SOUGHT = 2;

/** The list of a view, or what was found while something is sought. */
export function ConversationList() {
  const { view } = useDesk().place;
  // Another view begins with its list.
  return <ListOrFound key={view} view={view} />;
}

function ListOrFound({ view }: { readonly view: DeskView }) {
  const texts = useTexts(deskTexts);
  const box = useRef<HTMLInputElement>(null);
  const [written, setWritten] = useState('');
  const [settled] = useDebouncedValue(written.trim(), WRITTEN_MS);
  // What was cleared gives the list back at once.
  const isSearching = written.trim().length >= LEAST_SOUGHT && settled.length >= LEAST_SOUGHT;
  const name = texts.t(`view.${view}`);
  const clear = () => {
    setWritten('');
    box.current?.focus();
  };
  return (
    <section className={styles.list} aria-label={texts.t('list.label', { view: name })}>
      <div className={styles.head}>
        <h2 className={styles.heading}>{isSearching ? texts.t('search.heading') : name}</h2>
        <SearchBox ref={box} text={written} onChange={setWritten} onClear={clear} />
      </div>
      {isSearching ? <SearchResults words={settled} onLeave={clear} /> : <List view={view} />}
    </section>
  );
}

function List({ view }: { readonly view: DeskView }) {
  const texts = useTexts(deskTexts);
  const list = useList(view);
  if (list.data) return <Rows label={texts.t('list.label', { view: texts.t(`view.${view}`) })} />;
  if (!list.isError) return <ListSkeleton />;
  return (
    <FailedState title={texts.t('list.failed')} error={list.error} onRetry={() => void list.refetch()} />
  );
}

/** Any number of conversations, of which only those in sight are in the document. */
function Rows({ label }: { readonly label: string }) {
  const texts = useTexts(deskTexts);
  const { client, place, go } = useDesk();
  const { view } = place;
  const list = useList(view).data;
  const rows = list?.rows ?? [];
  const hasMore = list?.next !== undefined;
  const scroller = useRef<HTMLDivElement>(null);
  const more = useLoadMore(useCallback(() => client.cache.loadMore(view), [client, view]));
  const open = (conversation: string) => go({ view, conversation });
  const focus = useListFocus(rows, place.conversation, open);
  const scroll = useListScroll(scroller, rows, focus.keptIndex, {
    hasMore: hasMore && more.state === 'idle',
    load: more.load,
  });
  const prefetch = usePrefetch();
  useNeighbours(rows, place.conversation, prefetch);

  if (rows.length === 0) {
    return (
      <EmptyState title={texts.t(`list.empty.${view}`)}>{texts.t(`list.empty.${view}.hint`)}</EmptyState>
    );
  }
  return (
    <div className={styles.scroller} ref={scroller}>
      <div
        className={styles.rows}
        role="listbox"
        aria-label={label}
        style={{ height: scroll.totalSize }}
        onKeyDown={(event) => focus.onKeyDown(event, scroll)}
      >
        {scroll.visible.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
            <div
              key={row.id}
              id={`row-${row.id}`}
              role="option"
              className={styles.row}
              style={{ transform: `translateY(${start}px)` }}
              tabIndex={focus.tabIndexOf(row.id)}
              aria-selected={row.id === place.conversation}
              aria-setsize={hasMore ? -1 : rows.length}
              aria-posinset={index + 1}
              onClick={() => open(row.id)}
              onFocus={() => focus.onFocus(row.id)}
              onPointerEnter={() => prefetch(row.id)}
            >
              <RowContent row={row} />
            </div>
          );
        })}
      </div>
      {hasMore && <MoreRows state={more.state} load={more.load} />}
    </div>
  );
}

/** Reads what stands above and below the open conversation, so that going on with the keys paints at once. */
function useNeighbours(
  rows: readonly ConversationRow[],
  open: string | undefined,
  prefetch: (id: string) => void,
): void {
  const index = rows.findIndex(({ id }) => id === open);
  const before = rows[index - 1]?.id;
  const after = index < 0 ? undefined : rows[index + 1]?.id;
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const id of [after, before]) if (id !== undefined) prefetch(id);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [before, after, prefetch]);
}

function MoreRows({
  state,
  load,
}: {
  readonly state: 'idle' | 'loading' | 'failed';
  readonly load: () => void;
}) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  if (state !== 'failed') return <div className={styles.more}>{kit.t('loading')}</div>;
  return (
    <div className={styles.more} role="alert">
      {texts.t('list.moreFailed')}
      <Button variant="default" size="compact-xs" onClick={load}>
        {kit.t('retry')}
      </Button>
    </div>
  );
}
