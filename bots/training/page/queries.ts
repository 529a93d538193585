import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../gateway/web/api-client.ts';
import { candidateList, compared, evaluated, lintResult, phraseList, run, versionList } from '../api.ts';

/** All that the page reads begins with this key. */
export const trainingKey = ['training'] as const;

/** How often a running training is asked, milliseconds. */
const RUN_EVERY_MS = 700;

export const phrasesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: [...trainingKey, 'phrases'],
    queryFn: ({ signal }) => api.get('/api/v1/training/phrases', phraseList, signal),
  });

export const candidatesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: [...trainingKey, 'candidates'],
    queryFn: ({ signal }) => api.get('/api/v1/training/candidates', candidateList, signal),
  });

export const versionsQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: [...trainingKey, 'versions'],
    queryFn: ({ signal }) => api.get('/api/v1/training/versions', versionList, signal),
  });

export const runQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: [...trainingKey, 'run'],
    queryFn: ({ signal }) => api.get('/api/v1/training/run', run, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? RUN_EVERY_MS : false),
  });

export const comparisonQuery = (api: ApiClient, version: number) =>
  queryOptions({
    queryKey: [...trainingKey, 'comparison', version],
    queryFn: ({ signal }) => api.get(`/api/v1/training/versions/${version}/comparison`, compared, signal),
  });

export const evaluationQuery = (api: ApiClient, version: number | null) =>
  queryOptions({
    queryKey: [...trainingKey, 'evaluation', version],
    queryFn: ({ signal }) =>
      api.get(`/api/v1/training/versions/${version ?? 'shipped'}/evaluation`, evaluated, signal),
    // What was measured of a version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const lintQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: [...trainingKey, 'lint'],
    queryFn: ({ signal }) => api.get('/api/v1/training/lint', lintResult, signal),
  });
