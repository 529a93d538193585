import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import type { ApiClient } from '../../gateway/web/api-client.ts';
import { view } from '../../handoff/api.ts';
import { ownAddress } from './own-address.ts';
import { PageFailed, PageMissing, PagePending } from './page-states.tsx';
import { ChannelsPart, LedgerPart, TrainingPart } from './parts.tsx';
import { firstPartOf } from './parts-nav.tsx';
import { sessionQuery } from './session-query.ts';
import { SignInPage } from './sign-in-page.tsx';
import { WindowPage } from './window-page.tsx';

/** What every route has at hand. */
export interface WindowContext {
  readonly api: ApiClient;
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<WindowContext>()({
  component: Outlet,
  notFoundComponent: PageMissing,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: z.object({ next: z.string().optional().catch(undefined) }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queries.ensureQueryData(sessionQuery(context.api)).catch(() => null);
    if (session) throw redirect({ href: ownAddress(search.next) });
  },
  component: SignInPage,
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery(context.api));
    if (!session) throw redirect({ to: '/sign-in', search: { next: location.href } });
    return { session };
  },
  component: WindowPage,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    const to = firstPartOf(context.session);
    throw to === '/desk' ? redirect({ to, search: { view: 'queue' } }) : redirect({ to });
  },
});

const deskSearch = z.object({ view: view.catch('queue').default('queue') });
const conversationSearch = deskSearch.extend({
  message: z.coerce.number().int().positive().optional().catch(undefined),
});
const desk = createRoute({ getParentRoute: () => signedIn, path: '/desk', validateSearch: deskSearch });
const conversation = createRoute({
  getParentRoute: () => signedIn,
  path: '/desk/$conversation',
  validateSearch: conversationSearch,
});

const ledger = createRoute({ getParentRoute: () => signedIn, path: '/ledger', component: LedgerPart });
const channels = createRoute({ getParentRoute: () => signedIn, path: '/channels', component: ChannelsPart });
const training = createRoute({ getParentRoute: () => signedIn, path: '/training', component: TrainingPart });

const routeTree = root.addChildren([
  signIn,
  signedIn.addChildren([home, desk, conversation, ledger, channels, training]),
]);

/** The addresses of the window, under /window. */
export function createWindowRouter(context: WindowContext) {
  return createRouter({
    routeTree,
    basepath: '/window',
    context,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageFailed,
    // A switch paints what it has at once; nothing waits to avoid a flash that does not come.
    defaultPendingMinMs: 0,
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createWindowRouter>;
  }
}
