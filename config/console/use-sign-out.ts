import { useQueryClient } from '@tanstack/react-query';
import { useRouteContext, useRouter } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { signOut } from '../../gateway/web/session.ts';
import { forgetSession } from './session-query.ts';

/** The way out: ends the session on the hub, forgets what was seen, and leads to the sign-in. Never rejects. */
export function useSignOut(): { readonly leave: () => Promise<void>; readonly failure: unknown } {
  const { api } = useRouteContext({ from: '/signed-in' });
  const queries = useQueryClient();
  const router = useRouter();
  const [failure, setFailure] = useState<unknown>();
  const leave = useCallback(async () => {
    try {
      await signOut(api);
    } catch (error) {
      setFailure(error);
      return;
    }
    forgetSession(queries);
    await router.navigate({ to: '/sign-in', search: {} });
  }, [api, queries, router]);
  return { leave, failure };
}
