import type { QueryClient } from '@tanstack/react-query';
import type { ConversationRow, ConversationView, TranscriptItem } from '../../api.ts';
import { type Counts, type DeskApi, type DeskView, VIEWS } from '../desk-api.ts';
import { type ListRows, withPage, withRow } from '../list/list-rows.ts';
import { queryKeys } from '../query-keys.ts';
import {
  type TranscriptCache,
  withDelivery,
  withItems,
  withNewest,
  withOlder,
} from '../thread/transcript-cache.ts';

type ShownDelivery = Parameters<typeof withDelivery>[2];

/** What this page knows of the desk: snapshots from the API with everything that came live on top. */
export interface DeskCache {
  /** Loads a view anew, as far as it was loaded before. */
  loadList(view: DeskView, signal: AbortSignal): Promise<ListRows>;
  loadMore(view: DeskView): Promise<void>;
  loadConversation(id: string, signal: AbortSignal): Promise<ConversationView>;
  loadNewest(id: string, signal: AbortSignal): Promise<TranscriptCache>;
  loadOlder(id: string): Promise<void>;
  /** Loads older pages until the message with this number is among them, or nothing older is left. */
  loadBackTo(id: string, seq: number): Promise<void>;
  /** Reads what a conversation got after the newest item that is loaded. */
  catchUp(id: string): Promise<void>;
  applyRow(row: ConversationRow, counts: Counts): void;
  applyItems(id: string, items: readonly TranscriptItem[], head: number): void;
  applyDelivery(id: string, seq: number, delivery: ShownDelivery): void;
  transcript(id: string): TranscriptCache | undefined;
  /** The row of a conversation, from whichever view has it. */
  row(id: string): ConversationRow | undefined;
  /** After a lost connection: everything is asked for again, what is on the screen first. */
  refetch(): void;
}

/** The desk's cache over a query client. `me` is the id of the operator. */
export function createDeskCache(client: QueryClient, api: DeskApi, me: string): DeskCache {
  // Rows that come while a snapshot is on its way are applied to it again: it may be older than they are.
  const underway = new Set<ConversationRow[]>();
  const setCounts = (counts: Counts) => client.setQueryData<Counts>(queryKeys.counts, counts);
  const listOf = (view: DeskView) => client.getQueryData<ListRows>(queryKeys.list(view));
  const editTranscript = (id: string, edit: (cache: TranscriptCache) => TranscriptCache) =>
    client.setQueryData<TranscriptCache>(queryKeys.transcript(id), (cache) => cache && edit(cache));
  const transcript = (id: string) => client.getQueryData<TranscriptCache>(queryKeys.transcript(id));

  return {
    async loadList(view, signal) {
      const wanted = listOf(view)?.rows.length ?? 0;
      const since: ConversationRow[] = [];
      underway.add(since);
      try {
        const first = await api.list(view, undefined, signal);
        setCounts(first.counts);
        let list = withPage({ rows: [] }, first);
        while (list.next !== undefined && list.rows.length < wanted) {
          list = withPage(list, await api.list(view, list.next, signal));
        }
        return since.reduce((rows, row) => withRow(rows, row, view, me), list);
      } finally {
        underway.delete(since);
      }
    },
    async loadMore(view) {
      const next = listOf(view)?.next;
      if (next === undefined) return;
      const page = await api.list(view, next);
      client.setQueryData<ListRows>(queryKeys.list(view), (list) =>
        // A refetch may have moved the end meanwhile; then this page is no longer the next one.
        list && list.next === next ? withPage(list, page) : list,
      );
    },
    loadConversation: (id, signal) => api.conversation(id, signal),
    async loadNewest(id, signal) {
      const page = await api.newest(id, signal);
      return withNewest(transcript(id), page);
    },
    async loadOlder(id) {
      const first = transcript(id)?.items[0];
      if (!first) return;
      const page = await api.olderThan(id, first.seq);
      editTranscript(id, (cache) => withOlder(cache, page));
    },
    async loadBackTo(id, seq) {
      for (let known = transcript(id); known?.hasOlder; known = transcript(id)) {
        const first = known.items[0]?.seq;
        if (first === undefined || first <= seq) return;
        const page = await api.olderThan(id, first, true);
        editTranscript(id, (cache) => withOlder(cache, page));
      }
    },
    async catchUp(id) {
      let after = transcript(id)?.head;
      while (after !== undefined) {
        const page = await api.newerThan(id, after);
        editTranscript(id, (cache) => withItems(cache, page.items, page.items.at(-1)?.seq ?? page.head));
        const last = page.items.at(-1)?.seq;
        after = last !== undefined && last < page.head ? last : undefined;
      }
    },
    applyRow(row, counts) {
      setCounts(counts);
      for (const rows of underway) rows.push(row);
      for (const view of VIEWS) {
        client.setQueryData<ListRows>(queryKeys.list(view), (list) => list && withRow(list, row, view, me));
      }
      applyToView(client, row);
    },
    applyItems: (id, items, head) => void editTranscript(id, (cache) => withItems(cache, items, head)),
    applyDelivery: (id, seq, delivery) =>
      void editTranscript(id, (cache) => withDelivery(cache, seq, delivery)),
    transcript,
    row(id) {
      for (const view of VIEWS) {
        const row = listOf(view)?.rows.find((each) => each.id === id);
        if (row) return row;
      }
      return undefined;
    },
    refetch() {
      void client.invalidateQueries({ queryKey: ['desk'] });
    },
  };
}

/** The open conversation follows its row; who owns it decides more than the row shows, so that is asked for. */
function applyToView(client: QueryClient, row: ConversationRow): void {
  const key = queryKeys.conversation(row.id);
  const shown = client.getQueryData<ConversationView>(key);
  if (!shown || shown.revision >= row.revision) return;
  client.setQueryData<ConversationView>(key, { ...shown, ...row });
  // What a client writes opens the time for answers anew.
  const hasWritten = row.last?.from === 'client' && row.last.at !== shown.last?.at;
  if (
    shown.epoch !== row.epoch ||
    shown.status !== row.status ||
    (shown.replyUntil !== undefined && hasWritten)
  ) {
    void client.invalidateQueries({ queryKey: key });
  }
}
