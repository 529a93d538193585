import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  Outlet,
  useNavigate,
  useParams,
  useRouteContext,
  useRouter,
  useSearch,
} from '@tanstack/react-router';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { Session } from '../../gateway/access/api.ts';
import { Desk } from '../../handoff/desk/desk.tsx';
import { createDeskClient, type DeskClient } from '../../handoff/desk/desk-client.ts';
import { type DeskPlace, DeskProvider } from '../../handoff/desk/desk-context.ts';
import { nameOfBank } from './bank-names.ts';
import { DemoLine } from './demo-line.tsx';
import { NoDesk } from './no-desk.tsx';
import { usePart } from './parts-nav.tsx';
import { Rail } from './rail.tsx';
import { sessionQuery } from './session-query.ts';
import { useLocale } from './use-locale.ts';
import styles from './window-page.module.css';

/** The window of a person who is signed in: the rail, and the part that the address names. */
export function WindowPage() {
  const { api, session } = useRouteContext({ from: '/signed-in' });
  const router = useRouter();
  // The route's session is that of its loading; it may end while the page stands.
  const { data: current } = useQuery(sessionQuery(api));
  const isOver = current === null;
  useEffect(() => {
    if (isOver) void router.invalidate();
  }, [isOver, router]);
  return isOver ? null : <SignedIn key={session.user.id} session={session} />;
}

function SignedIn({ session }: { readonly session: Session }) {
  const isDesk = usePart() === 'desk';
  if (session.permissions.includes('desk.read')) return <WithDesk session={session} />;
  return (
    <Shell session={session} pane="list">
      {isDesk ? <NoDesk session={session} /> : <Outlet />}
    </Shell>
  );
}

/** The rail and the part beside it. */
function Shell({ session, pane, children }: ShellProps) {
  return (
    <div className={styles.window} data-pane={pane}>
      {session.demo && <DemoLine />}
      <Rail session={session} />
      <main className={styles.part}>{children}</main>
    </div>
  );
}

interface ShellProps {
  readonly session: Session;
  /** What a narrow window shows. */
  readonly pane: 'list' | 'open';
  readonly children: ReactNode;
}

/** The window of a person who may see conversations. */
function WithDesk({ session }: { readonly session: Session }) {
  const client = useDeskClient(session);
  const isDesk = usePart() === 'desk';
  const navigate = useNavigate();
  const { view = 'queue', message } = useSearch({ strict: false });
  const { conversation } = useParams({ strict: false });
  const locale = useLocale();
  const go = useCallback(
    (place: DeskPlace) => {
      const { view, conversation, message } = place;
      void (conversation === undefined
        ? navigate({ to: '/desk', search: { view } })
        : navigate({ to: '/desk/$conversation', params: { conversation }, search: { view, message } }));
    },
    [navigate],
  );
  const atHand = useMemo(
    () =>
      client && {
        client,
        place: conversation === undefined ? { view } : { view, conversation, ...(message && { message }) },
        go,
        nameOf: nameOfBank(locale),
      },
    [client, view, conversation, message, go, locale],
  );
  if (!atHand) return null;
  return (
    <DeskProvider value={atHand}>
      <Shell session={session} pane={conversation === undefined ? 'list' : 'open'}>
        {isDesk ? <Desk /> : <Outlet />}
      </Shell>
    </DeskProvider>
  );
}

/** The desk's work in this page; it ends with the page's part or with the session. */
function useDeskClient(session: Session): DeskClient | undefined {
  const { api } = useRouteContext({ from: '/signed-in' });
  const queries = useQueryClient();
  const [client, setClient] = useState<DeskClient | undefined>();
  useEffect(() => {
    const started = createDeskClient({
      session,
      api,
      queries,
      page: window,
      checkSession: () => void queries.invalidateQueries({ queryKey: sessionQuery(api).queryKey }),
    });
    setClient(started);
    return () => started.stop();
  }, [session, api, queries]);
  return client;
}
