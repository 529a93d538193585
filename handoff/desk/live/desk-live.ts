import { createLiveSocket, type LiveSocket, type LiveState } from '../../../gateway/web/live-socket.ts';
import { type LiveOut, liveOut } from '../../live-api.ts';
import { createListeners } from '../listeners.ts';
import type { DeskCache } from './desk-cache.ts';
import type { TypingSignals } from './typing.ts';

/** More than two heartbeats of the hub, which come every 15 s. */
const SILENCE_MS = 40_000;

/** The live connection of the desk: what comes is put into the cache; a gap is read from the API. */
export interface DeskLive {
  readonly state: LiveState;
  subscribe(listener: () => void): () => void;
  /** Follow this conversation from what the cache has of it; null follows none. */
  watch(conversation: string | null): void;
  retryNow(): void;
  close(): void;
}

export interface DeskLiveNeeds {
  readonly connect: () => WebSocket;
  readonly cache: DeskCache;
  readonly typing: TypingSignals;
  readonly random: () => number;
  /** After a loss, once the connection stands again. */
  readonly onBack: () => void;
  /** The connection is tried again after a loss: perhaps because the session has ended. */
  readonly onRetry: () => void;
  readonly onSignedOut: () => void;
}

/** Opens the live connection. */
export function createDeskLive(needs: DeskLiveNeeds): DeskLive {
  const listeners = createListeners();
  let watched: string | null = null;
  let state: LiveState = 'connecting';
  let hadConnection = false;

  const sendWatch = () => {
    const after = watched === null ? 0 : (needs.cache.transcript(watched)?.head ?? 0);
    socket.send({ type: 'watch', conversation: watched, after });
  };
  const onState = (next: LiveState) => {
    state = next;
    if (next === 'open') {
      sendWatch();
      // The first time too: the lists may have been read before the hub knew of this page.
      needs.cache.refetch();
      if (hadConnection) needs.onBack();
      hadConnection = true;
    }
    listeners.notify();
  };
  const socket: LiveSocket = createLiveSocket<LiveOut>({
    connect: () => {
      if (state === 'lost') needs.onRetry();
      return needs.connect();
    },
    parse: (frame) => liveOut.safeParse(frame).data,
    onFrame: (frame) => applyFrame(needs, frame, watched),
    onState,
    random: needs.random,
    silenceMs: SILENCE_MS,
  });

  return {
    get state() {
      return state;
    },
    subscribe: listeners.subscribe,
    watch(conversation) {
      watched = conversation;
      sendWatch();
    },
    retryNow: socket.retryNow,
    close: socket.close,
  };
}

function applyFrame(needs: DeskLiveNeeds, frame: LiveOut, watched: string | null): void {
  const { cache, typing } = needs;
  switch (frame.type) {
    case 'row':
      cache.applyRow(frame.row, frame.counts);
      return;
    case 'items':
      if (frame.items.some((item) => item.type === 'message')) typing.clear(frame.conversation);
      cache.applyItems(frame.conversation, frame.items, frame.head);
      return;
    case 'delivery':
      cache.applyDelivery(frame.conversation, frame.seq, frame.delivery);
      return;
    case 'typing':
      typing.mark(frame.conversation, frame.from, frame.words);
      return;
    case 'heartbeat': {
      if (watched === null || frame.head === null) return;
      const known = cache.transcript(watched)?.head;
      // The next heartbeat tries again where this fails.
      if (known !== undefined && frame.head > known) cache.catchUp(watched).catch(() => undefined);
      return;
    }
    case 'signed-out':
      needs.onSignedOut();
  }
}
