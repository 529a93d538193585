import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  type LetterList,
  type LetterView,
  letterList,
  letterView,
  type QuarantineList,
  type QuarantineView,
  quarantineList,
  quarantineView,
} from '../../ledger/api.ts';
import type { ApiClient } from '../api-client.ts';

const EVERYTHING = 'ledger';
export const ledgerKey = [EVERYTHING] as const;

/** New ones come while the page stands; it looks this often. */
const LOOK_EVERY_MS = 30_000;

const first: string | undefined = undefined;
const address = (path: string, isDecided: boolean, before: string | undefined) =>
  `/api/v1/${path}?decided=${isDecided}${before === undefined ? '' : `&before=${before}`}`;

export const letterPages = (api: ApiClient, isDecided: boolean) =>
  infiniteQueryOptions({
    queryKey: [EVERYTHING, 'letters', isDecided],
    queryFn: ({ pageParam, signal }): Promise<LetterList> =>
      api.get(address('dead-letters', isDecided, pageParam), letterList, signal),
    initialPageParam: first,
    getNextPageParam: (last: LetterList) => last.next,
    refetchInterval: LOOK_EVERY_MS,
  });

export const quarantinePages = (api: ApiClient, isDecided: boolean) =>
  infiniteQueryOptions({
    queryKey: [EVERYTHING, 'quarantine', isDecided],
    queryFn: ({ pageParam, signal }): Promise<QuarantineList> =>
      api.get(address('quarantine', isDecided, pageParam), quarantineList, signal),
    initialPageParam: first,
    getNextPageParam: (last: QuarantineList) => last.next,
    refetchInterval: LOOK_EVERY_MS,
  });

export const letterQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [EVERYTHING, 'letter', id],
    queryFn: ({ signal }): Promise<LetterView> => api.get(`/api/v1/dead-letters/${id}`, letterView, signal),
  });

/** Looked at only when a person opens it: each look is recorded. */
export const entryQuery = (api: ApiClient, id: string, isAllowed: boolean) =>
  queryOptions({
    queryKey: [EVERYTHING, 'entry', id],
    queryFn: ({ signal }): Promise<QuarantineView> =>
      api.get(`/api/v1/quarantine/${id}`, quarantineView, signal),
    enabled: isAllowed,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
