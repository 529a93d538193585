import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiClient } from '../../../gateway/web/api-client.ts';
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
  const send = ({ text, to }: Change) =>
    to === 'as-shipped'
      ? api.send('DELETE', PHRASES, { text })
      : api.send('PUT', PHRASES, { text, intent: to });
  const refresh = () => queries.invalidateQueries({ queryKey: trainingKey });
  const change = useMutation({
    mutationFn: async (done: Change): Promise<Step> => {
      const before = await queries.ensureQueryData(phrasesQuery(api));
      await send(done);
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
