import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { ConversationRow } from '../../api.ts';

/** Height of a row, pixels; the same in list.module.css. */
const ROW_PX = 76;
const LOAD_AHEAD = 15;

export interface ListScroll {
  readonly visible: readonly VirtualItem[];
  readonly totalSize: number;
  /** Scrolls as little as is needed to show a row. */
  readonly reveal: (index: number) => void;
}

/**
 * Which rows are in the document. What comes in or goes above the rows in sight does not move them, unless the list
 * stands at its very top, where one waits for what is new.
 */
export function useListScroll(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly ConversationRow[],
  keptIndex: number,
  more: { readonly hasMore: boolean; readonly load: () => void },
): ListScroll {
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      const isKept = keptIndex < 0 || keptIndex >= range.count || indexes.includes(keptIndex);
      return isKept ? indexes : [...indexes, keptIndex].sort((one, two) => one - two);
    },
  });
  useSteadyPlace(scroller, rows);

  const last = virtualizer.range?.endIndex ?? 0;
  const { hasMore, load } = more;
  const isNearEnd = last >= rows.length - LOAD_AHEAD;
  useEffect(() => {
    if (hasMore && isNearEnd) load();
  }, [hasMore, load, isNearEnd]);

  return {
    visible: virtualizer.getVirtualItems(),
    totalSize: virtualizer.getTotalSize(),
    reveal: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}

function useSteadyPlace(scroller: RefObject<HTMLElement | null>, rows: readonly ConversationRow[]): void {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = rows;
    if (!element || old === rows || element.scrollTop === 0) return;
    const top = Math.floor(element.scrollTop / ROW_PX);
    const places = new Map(rows.map(({ id }, index) => [id, index]));
    // The first row in sight that is still there keeps its place.
    for (let index = top; index < old.length; index += 1) {
      const now = places.get(old[index]?.id ?? '');
      if (now === undefined) continue;
      if (now !== index) element.scrollTop += (now - index) * ROW_PX;
      return;
    }
  }, [scroller, rows]);
}
