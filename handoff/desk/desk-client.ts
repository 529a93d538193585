import type { QueryClient } from '@tanstack/react-query';
import type { Session } from '../../gateway/access/api.ts';
import type { ApiClient } from '../../gateway/web/api-client.ts';
import { createDeskApi, type DeskApi } from './desk-api.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { createDeskCache, type DeskCache } from './live/desk-cache.ts';
import { createDeskLive, type DeskLive } from './live/desk-live.ts';
import { createTypingSignals, type TypingSignals } from './live/typing.ts';
import { createOutgoing, type OutgoingMessages } from './outgoing.ts';
import { createStoredTexts } from './stored-texts.ts';

/** Waits this long for the live connection to show a sent message before it is read from the API, milliseconds. */
const SHOWN_WITHIN_MS = 1000;

/** Everything behind the desk's page for one signed-in person. */
export interface DeskClient {
  readonly me: Session['user'];
  /** May take, answer and close; without it the desk only reads and notes. */
  readonly mayAnswer: boolean;
  /** May act in conversations of others. */
  readonly maySupervise: boolean;
  /** May undo that contacts were linked. */
  readonly mayUnlink: boolean;
  readonly queries: QueryClient;
  readonly api: DeskApi;
  readonly cache: DeskCache;
  readonly live: DeskLive;
  readonly typing: TypingSignals;
  readonly drafts: Drafts;
  readonly outgoing: OutgoingMessages;
  /** Made for what is to count once, however often it is sent. */
  readonly newId: () => string;
  stop(): void;
}

export interface DeskClientNeeds {
  readonly session: Session;
  readonly api: ApiClient;
  readonly queries: QueryClient;
  readonly page: Window;
  /** The session ended, or may have: look again. */
  readonly checkSession: () => void;
}

/** Starts the desk's work in this page: live connection, drafts, messages on their way. */
export function createDeskClient({ session, api, queries, page, checkSession }: DeskClientNeeds): DeskClient {
  const me = session.user;
  const deskApi = createDeskApi(api);
  const cache = createDeskCache(queries, deskApi, me.id);
  const typing = createTypingSignals();
  const newId = () => randomId(page.crypto);
  // Kept apart by person: a workplace may be shared.
  const stored = (what: string) => createStoredTexts(page.localStorage, page, `okno.${what}.${me.id}.`);
  const outgoing = createOutgoing({
    say: deskApi.say,
    texts: stored('outgoing'),
    newId,
    now: () => new Date(),
    random: Math.random,
    onSaid: (conversation, seq) => {
      setTimeout(() => {
        const known = cache.transcript(conversation)?.head;
        if (known !== undefined && known < seq) cache.catchUp(conversation).catch(() => undefined);
      }, SHOWN_WITHIN_MS);
    },
  });
  const live = createDeskLive({
    connect: () => new WebSocket(`${page.location.origin.replace(/^http/, 'ws')}/api/v1/live`),
    cache,
    typing,
    random: Math.random,
    onBack: outgoing.resume,
    onRetry: checkSession,
    onSignedOut: checkSession,
  });
  page.addEventListener('online', live.retryNow);
  return {
    me,
    mayAnswer: session.permissions.includes('desk.answer'),
    maySupervise: session.permissions.includes('desk.supervise'),
    mayUnlink: session.permissions.includes('ledger.decide'),
    queries,
    api: deskApi,
    cache,
    live,
    typing,
    drafts: createDrafts(stored('draft')),
    outgoing,
    newId,
    stop() {
      page.removeEventListener('online', live.retryNow);
      live.close();
      outgoing.stop();
    },
  };
}

/** 128 random bits in hex; `randomUUID` would want a secure context, which a bank's inner network may not be. */
function randomId(crypto: Crypto): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
