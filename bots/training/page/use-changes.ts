import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiClient } from '../../../gateway/web/api-client.ts';
import { keptPhrase } from '../api.ts';
import { phrasesQuery, trainingKey } from './queries.ts';
import { type Change, inverseOf, showPhrases } from './shown-phrases.ts';

/** What was changed, and how to take it back. */
interface Step {
  readonly done: Change;
  readonly undo: Change;
}

const PHRASES = '/api/v1/training/phrases';

/** Changes of phrases, the last one first to be undone. */
export function useChanges(api: ApiClient) {
  const queries = useQueryClient();
  const [steps, setSteps] = useState<readonly Step[]>([]);
  /** Resolves to what was changed: a new phrase may be kept in other words than it was written. */
  const send = async ({ text, to }: Change): Promise<Change> => {
    if (to !== 'as-shipped')
      return { text: (await api.put(PHRASES, { text, intent: to }, keptPhrase)).text, to };
    await api.send('DELETE', PHRASES, { text });
    return { text, to };
  };
  const refresh = () => queries.invalidateQueries({ queryKey: trainingKey });
  const change = useMutation({
    mutationFn: async (asked: Change): Promise<Step> => {
      const before = await queries.ensureQueryData(phrasesQuery(api));
      const done = await send(asked);
      return { done, undo: inverseOf(done, showPhrases(before)) };
    },
    onSuccess: (step) => setSteps((all) => [...all, step]),
    onSettled: refresh,
  });
  const undo = useMutation({
    mutationFn: (step: Step) => send(step.undo),
    onSuccess: () => setSteps((all) => all.slice(0, -1)),
    onSettled: refresh,
  });
  const last = steps.at(-1);
  return {
    last: last?.done,
    error: change.error ?? undo.error,
    isBusy: change.isPending || undo.isPending,
    change: change.mutate,
    undo: () => last && undo.mutate(last),
  };
}
