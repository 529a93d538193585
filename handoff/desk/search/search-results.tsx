import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { EmptyState, FailedState } from '../../../gateway/web/states.tsx';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { SearchHit } from '../../api.ts';
import { useDesk } from '../desk-context.ts';
import { ListSkeleton } from '../list/list-skeleton.tsx';
import { useListFocus } from '../list/use-list-focus.ts';
import { usePrefetch, useSearch } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './search.module.css';
import { SearchHitContent } from './search-hit.tsx';

/** The messages and notes with these words, the newest first. Escape leaves. */
export function SearchResults({ words, onLeave }: { readonly words: string; readonly onLeave: () => void }) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const found = useSearch(words);
  const hits = useMemo(() => found.data?.pages.flatMap((page) => page.hits) ?? [], [found.data]);
  if (!found.data) {
    if (!found.isError) return <ListSkeleton />;
    return (
      <FailedState
        title={texts.t('search.failed')}
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    );
  }
  if (hits.length === 0) {
    return (
      <div role="status">
        <EmptyState title={texts.t('search.empty')}>{texts.t('search.empty.hint')}</EmptyState>
      </div>
    );
  }
  return (
    <div className={styles.results} aria-busy={found.isPlaceholderData}>
      <p className="unseen" role="status">
        {texts.t('search.shown', { shown: hits.length })}
      </p>
      <Hits hits={hits} isWhole={!found.hasNextPage} onLeave={onLeave} />
      {found.isFetchNextPageError && (
        <p className={styles.failed} role="alert">
          {texts.t('list.moreFailed')}
        </p>
      )}
      {found.hasNextPage && (
        <div className={styles.more}>
          <Button
            variant="default"
            size="xs"
            loading={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
          >
            {found.isFetchNextPageError ? kit.t('retry') : texts.t('search.more')}
          </Button>
        </div>
      )}
    </div>
  );
}

interface HitsProps {
  readonly hits: readonly SearchHit[];
  readonly isWhole: boolean;
  readonly onLeave: () => void;
}

function Hits({ hits, isWhole, onLeave }: HitsProps) {
  const texts = useTexts(deskTexts);
  const { place, go } = useDesk();
  const prefetch = usePrefetch();
  const rows = useMemo(() => hits.map((hit) => ({ id: `${hit.conversation.id}-${hit.seq}`, hit })), [hits]);
  const opened = place.message === undefined ? undefined : `${place.conversation}-${place.message}`;
  const open = (id: string) => {
    const hit = rows.find((row) => row.id === id)?.hit;
    if (hit) go({ view: place.view, conversation: hit.conversation.id, message: hit.seq });
  };
  const focus = useListFocus(rows, opened, open);
  const reveal = (index: number) =>
    document.getElementById(`row-${rows[index]?.id}`)?.scrollIntoView({ block: 'nearest' });
  return (
    <div
      role="listbox"
      aria-label={texts.t('search.results')}
      onKeyDown={(event) => (event.key === 'Escape' ? onLeave() : focus.onKeyDown(event, { reveal }))}
    >
      {rows.map(({ id, hit }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
        <div
          key={id}
          id={`row-${id}`}
          role="option"
          className={styles.hit}
          tabIndex={focus.tabIndexOf(id)}
          aria-selected={id === opened}
          aria-setsize={isWhole ? rows.length : -1}
          aria-posinset={index + 1}
          onClick={() => open(id)}
          onFocus={() => focus.onFocus(id)}
          onPointerEnter={() => prefetch(hit.conversation.id)}
        >
          <SearchHitContent hit={hit} />
        </div>
      ))}
    </div>
  );
}
