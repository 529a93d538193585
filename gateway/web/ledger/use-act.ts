import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ledgerKey } from './queries.ts';

/** An act of a person: what it changed is read again, also when somebody was quicker. */
export function useAct<Answer>(act: () => Promise<Answer>, onDone: (answer: Answer) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: ledgerKey }),
  });
}
