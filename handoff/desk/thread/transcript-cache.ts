import type { TranscriptItem } from '../../api.ts';
import type { TranscriptPage } from '../desk-api.ts';

/** The loaded part of a transcript: without gaps from its first item to the newest. */
export interface TranscriptCache {
  readonly items: readonly TranscriptItem[];
  /** The newest position that we know everything up to. */
  readonly head: number;
  readonly hasOlder: boolean;
}

type ShownDelivery = NonNullable<Extract<TranscriptItem, { type: 'message' }>['delivery']>;

/**
 * The newest page, joined to what was loaded before. Where something in between is missing, the older part is let go:
 * it can be loaded again, and a hole could not be seen.
 */
export function withNewest(cache: TranscriptCache | undefined, page: TranscriptPage): TranscriptCache {
  if (!cache) return page;
  const first = page.items[0];
  if (!first) return { ...cache, head: Math.max(cache.head, page.head) };
  const joins = first.seq <= cache.head || !page.hasOlder;
  const older = joins ? cache.items.filter(({ seq }) => seq < first.seq) : [];
  const newer = cache.items.filter(({ seq }) => seq > page.head);
  const known = new Map(cache.items.map((item) => [item.seq, item]));
  return {
    items: [...older, ...page.items.map((item) => newerOf(known.get(item.seq), item)), ...newer],
    head: Math.max(cache.head, page.head),
    hasOlder: older.length > 0 ? cache.hasOlder : page.hasOlder,
  };
}

/** An older page before what was loaded. */
export function withOlder(cache: TranscriptCache, page: TranscriptPage): TranscriptCache {
  const firstSeq = cache.items[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = page.items.filter(({ seq }) => seq < firstSeq);
  return { ...cache, items: [...older, ...cache.items], hasOlder: page.hasOlder };
}

/** New items after what was loaded; what is known already is passed over. */
export function withItems(
  cache: TranscriptCache,
  items: readonly TranscriptItem[],
  head: number,
): TranscriptCache {
  const lastSeq = cache.items.at(-1)?.seq ?? 0;
  const fresh = items.filter(({ seq }) => seq > lastSeq);
  if (fresh.length === 0 && head <= cache.head) return cache;
  return { ...cache, items: [...cache.items, ...fresh], head: Math.max(cache.head, head) };
}

/** The delivery state of one message moved on; an older revision changes nothing. */
export function withDelivery(cache: TranscriptCache, seq: number, delivery: ShownDelivery): TranscriptCache {
  const index = cache.items.findLastIndex((item) => item.seq === seq);
  const item = cache.items[index];
  if (item?.type !== 'message' && item?.type !== 'revision') return cache;
  if (item.delivery && item.delivery.revision >= delivery.revision) return cache;
  return { ...cache, items: cache.items.with(index, { ...item, delivery }) };
}

/** Of two states of one item: the fetched one, but with the delivery that is further on. */
function newerOf(known: TranscriptItem | undefined, fetched: TranscriptItem): TranscriptItem {
  if (known?.type !== 'message' || fetched.type !== 'message' || !known.delivery) return fetched;
  const isAhead = known.delivery.revision > (fetched.delivery?.revision ?? -1);
  return isAhead ? { ...fetched, delivery: known.delivery } : fetched;
}
