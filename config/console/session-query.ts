import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Session } from '../../gateway/access/api.ts';
import type { ApiClient } from '../../gateway/web/api-client.ts';
import { readSession } from '../../gateway/web/session.ts';

const KEY = ['session'];

/** Who is signed in; null where nobody is. Read once, and again when something makes it doubtful. */
export function sessionQuery(api: ApiClient) {
  return queryOptions<Session | null>({
    queryKey: KEY,
    queryFn: () => readSession(api),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** The session has ended: nothing of what this person saw stays in the page. */
export function forgetSession(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
  queries.setQueryData(KEY, null);
}

/** Somebody signed in. */
export function rememberSession(queries: QueryClient, session: Session): void {
  queries.setQueryData(KEY, session);
}
