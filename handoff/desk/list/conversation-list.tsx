import { Button } from '@mantine/core';
import { useCallback, useEffect, useRef } from 'react';
import { EmptyState, FailedState } from '../../../gateway/web/states.tsx';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow } from '../../api.ts';
import { useDesk } from '../desk-context.ts';
import { useList, useLoadMore, usePrefetch } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import { RowContent } from './conversation-row.tsx';
import styles from './list.module.css';
import { ListSkeleton } from './list-skeleton.tsx';
import { useListFocus } from './use-list-focus.ts';
import { useListScroll } from './use-list-scroll.ts';

/** Whoever stays on a conversation this long is reading it, milliseconds. */
const SETTLED_MS = 300;

/** The list of a view: any number of conversations, of which only those in sight are in the document. */
export function ConversationList() {
  const texts = useTexts(deskTexts);
  const { place } = useDesk();
  const list = useList(place.view);
  const label = texts.t('list.label', { view: texts.t(`view.${place.view}`) });
  return (
    <section className={styles.list} aria-label={label}>
      <h2 className={styles.heading}>{texts.t(`view.${place.view}`)}</h2>
      {list.data ? (
        <Rows key={place.view} label={label} />
      ) : list.isError ? (
        <FailedState title={texts.t('list.failed')} error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <ListSkeleton />
      )}
    </section>
  );
}

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
