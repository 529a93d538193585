import {
  keepPreviousData,
  queryOptions,
  skipToken,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { ConversationRow, ConversationView } from '../api.ts';
import type { Counts, DeskView } from './desk-api.ts';
import type { DeskClient } from './desk-client.ts';
import { useDesk } from './desk-context.ts';
import type { ListRows } from './list/list-rows.ts';
import { queryKeys } from './query-keys.ts';
import type { TranscriptCache } from './thread/transcript-cache.ts';

/** Transcripts stay at hand this long after they were last shown, so that going back paints at once. */
const KEEP_MS = 30 * 60_000;
/** What was found stays at hand for whoever goes back to the same words. */
const KEEP_FOUND_MS = 60_000;
/** What messages can be about changes with a new model or script. */
const INTENTS_FRESH_MS = 5 * 60_000;
/** What was read this recently is not read again on a switch: what came since comes live. */
const FRESH_MS = 15_000;

/** The rows of a view; live while the connection stands. */
export function useList(view: DeskView): UseQueryResult<ListRows> {
  const { cache } = useDesk().client;
  return useQuery({
    queryKey: queryKeys.list(view),
    queryFn: ({ signal }) => cache.loadList(view, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}

/** How many wait and how many are whose; undefined until a list was read. */
export function useCounts(): Counts | undefined {
  return useQuery<Counts>({ queryKey: queryKeys.counts, queryFn: skipToken }).data;
}

/** The pages of what was found; while other words are looked for, what was found last stays. */
export function useSearch(words: string) {
  const { api } = useDesk().client;
  return useInfiniteQuery({
    queryKey: queryKeys.search(words),
    queryFn: ({ pageParam, signal }) => api.search(words, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    gcTime: KEEP_FOUND_MS,
  });
}

/** A conversation with its context. Its row, where known, stands in until it is read. */
export function useConversation(id: string): UseQueryResult<ConversationView> {
  return useQuery(conversationQuery(useDesk().client, id));
}

/** The row of a conversation from the lists: what can be shown before anything is read. */
export function useKnownRow(id: string): ConversationRow | undefined {
  return useDesk().client.cache.row(id);
}

/** A conversation's messages; older pages are read on demand. */
export function useTranscript(id: string): UseQueryResult<TranscriptCache> {
  const { client } = useDesk();
  const query = useQuery(transcriptQuery(client, id));
  const isThere = query.data !== undefined;
  useEffect(() => {
    if (!isThere) return;
    client.live.watch(id);
    return () => client.live.watch(null);
  }, [client, id, isThere]);
  return query;
}

/** Reads a conversation before it is opened, so that it paints at once. */
export function usePrefetch(): (id: string) => void {
  const { client } = useDesk();
  return useCallback(
    (id) => {
      void client.queries.prefetchQuery(conversationQuery(client, id));
      void client.queries.prefetchQuery(transcriptQuery(client, id));
    },
    [client],
  );
}

/** What a message can be about. */
export function intentsQuery({ api }: DeskClient) {
  return queryOptions({
    queryKey: queryKeys.intents,
    queryFn: async ({ signal }) => (await api.intents(signal)).intents,
    staleTime: INTENTS_FRESH_MS,
    gcTime: KEEP_MS,
  });
}

function conversationQuery(client: DeskClient, id: string) {
  return {
    queryKey: queryKeys.conversation(id),
    queryFn: ({ signal }: { signal: AbortSignal }) => client.cache.loadConversation(id, signal),
    gcTime: KEEP_MS,
    staleTime: FRESH_MS,
  };
}

function transcriptQuery(client: DeskClient, id: string) {
  return {
    queryKey: queryKeys.transcript(id),
    queryFn: ({ signal }: { signal: AbortSignal }) => client.cache.loadNewest(id, signal),
    gcTime: KEEP_MS,
    staleTime: FRESH_MS,
    structuralSharing: false,
  };
}

/** One thing that is loaded on demand: never twice at once, and its failure stays until it is tried again. */
export function useLoadMore(load: () => Promise<void>): {
  state: 'idle' | 'loading' | 'failed';
  load: () => void;
} {
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const start = useCallback(() => {
    setState('loading');
    load().then(
      () => setState('idle'),
      () => setState('failed'),
    );
  }, [load]);
  return { state, load: start };
}
