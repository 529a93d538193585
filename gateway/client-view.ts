import type {
  Answering,
  ClientFile,
  ClientSeen,
  ClientSignal,
  ClientView,
} from './connectors/client-view.ts';
import type { Log } from './connectors/connector.ts';
import type { Live } from './live.ts';
import type { Content } from './model/content.ts';
import type { ChannelId, ConversationId, IdentityId, ThreadId } from './model/ids.ts';
import type { Owner } from './model/owner.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { externalOf, findThread, headsOf, ownerOn, ownersBeside, visibleAfter } from './store/client-view.ts';
import type { Database } from './store/database.ts';

export interface ClientViewOptions {
  readonly db: Database;
  readonly live: Live;
  readonly channel: ChannelId;
  readonly log: Log;
  /** What the client may fetch of the media of messages, a list for each. */
  readonly filesOf: (
    contents: readonly (readonly Content[])[],
  ) => Promise<readonly (readonly ClientFile[])[]>;
}

const PAGE = 200;

/** One watcher reads on from its own position, so it gets each message once and in order, whatever it was told. */
interface Watcher {
  readonly externalThread: string;
  readonly listener: (seen: ClientSeen | ClientSignal) => void;
  thread?: ThreadId;
  position: number;
  /** As far as the thread was read; what the client does not see counts too. */
  head: number;
  reading: boolean;
  again: boolean;
  stopped: boolean;
}

/** What the clients of one channel may see, live and after a gap. */
export function createClientView({ db, live, channel, log, filesOf }: ClientViewOptions): ClientView {
  const byThread = new Map<ThreadId, Set<Watcher>>();
  /** Watchers of places where nothing was said yet, so that there is no thread. */
  const homeless = new Set<Watcher>();
  /** What is read later is told later. */
  const inTurn = oneAtATime();

  live.listen((update) => {
    if (update.type === 'typing' && update.from !== 'client') {
      for (const { listener } of byThread.get(update.thread) ?? [])
        listener({ type: 'typing', from: update.from });
    }
    if (update.type === 'gap') catchUp().catch(lost);
    if (update.type !== 'committed') return;
    for (const thread of update.threads) {
      for (const watcher of byThread.get(thread) ?? []) void read(watcher);
    }
    const { conversation, changesOwner, linked } = update;
    if ((changesOwner || linked) && byThread.size > 0)
      void inTurn(() => tellWhoAnswers(conversation, linked ?? [])).catch(lost);
    for (const bound of update.bound) if (bound.channel === channel) void welcome(bound.thread);
  });

  /** Reads on where something was said that nobody told of. One query for all. */
  async function catchUp(): Promise<void> {
    const heads = await headsOf(db, [...byThread.keys()]);
    for (const [thread, { head, owner }] of heads) {
      for (const watcher of byThread.get(thread) ?? []) {
        if (owner) watcher.listener(answeringOf(owner));
        if (head > watcher.head) read(watcher).then(() => (watcher.head = head), lost);
      }
    }
    for (const watcher of homeless) void read(watcher);
  }

  /**
   * At all places of the client, also where they do not write now. Read anew: they may be in another conversation than
   * the one that changed hands.
   */
  async function tellWhoAnswers(
    conversation: ConversationId,
    identities: readonly IdentityId[],
  ): Promise<void> {
    for (const [thread, owner] of await ownersBeside(db, channel, conversation, identities))
      for (const { listener } of byThread.get(thread) ?? []) listener(answeringOf(owner ?? 'nobody'));
  }

  async function read(watcher: Watcher): Promise<void> {
    if (watcher.reading) {
      watcher.again = true;
      return;
    }
    watcher.reading = true;
    try {
      do {
        watcher.again = false;
        if (!(await settle(watcher))) continue;
        await readOn(watcher);
      } while (watcher.again && !watcher.stopped);
    } catch (error) {
      // The watcher keeps its position; the next update, or its client's reconnect, reads from there.
      lost(error);
    } finally {
      watcher.reading = false;
    }
  }

  /** A thread came into being with its first message: whoever waits for it begins to read. */
  async function welcome(thread: ThreadId): Promise<void> {
    if (homeless.size === 0) return;
    const external = await externalOf(db, thread).catch(lost);
    for (const watcher of homeless) if (watcher.externalThread === external) void read(watcher);
  }

  function lost(error: unknown): undefined {
    log.warn({ channel, err: error }, 'a client view could not be read');
  }

  async function settle(watcher: Watcher): Promise<boolean> {
    if (watcher.thread) return true;
    watcher.thread = await findThread(db, channel, watcher.externalThread);
    if (!watcher.thread || watcher.stopped) return false;
    homeless.delete(watcher);
    const watchers = byThread.get(watcher.thread) ?? new Set();
    byThread.set(watcher.thread, watchers.add(watcher));
    const owner = await ownerOn(db, watcher.thread);
    if (owner && !watcher.stopped) watcher.listener(answeringOf(owner));
    return true;
  }

  async function readOn(watcher: Watcher): Promise<void> {
    while (watcher.thread && !watcher.stopped) {
      const seen = await withFiles(await visibleAfter(db, watcher.thread, watcher.position, PAGE));
      for (const message of seen) {
        if (watcher.stopped) return;
        watcher.position = message.position;
        watcher.listener(message);
      }
      if (seen.length < PAGE) return;
    }
  }

  async function withFiles(page: readonly ClientSeen[]): Promise<readonly ClientSeen[]> {
    const all = await filesOf(page.map((seen) => (seen.type === 'message' ? seen.content : [])));
    return page.map((seen, index) => {
      const files = all[index] ?? [];
      return seen.type === 'message' && files.length > 0 ? { ...seen, files } : seen;
    });
  }

  function stop(watcher: Watcher): void {
    watcher.stopped = true;
    homeless.delete(watcher);
    if (!watcher.thread) return;
    const watchers = byThread.get(watcher.thread);
    watchers?.delete(watcher);
    if (watchers?.size === 0) byThread.delete(watcher.thread);
  }

  return {
    async newest(externalThread, limit) {
      const thread = await findThread(db, channel, externalThread);
      return thread ? withFiles(await visibleAfter(db, thread, undefined, limit)) : [];
    },
    watch(externalThread, after, listener) {
      const watcher: Watcher = {
        externalThread,
        listener,
        position: after,
        head: after,
        reading: false,
        again: false,
        stopped: false,
      };
      homeless.add(watcher);
      void read(watcher);
      return () => stop(watcher);
    },
  };
}

function answeringOf(owner: Owner['kind']): ClientSignal {
  const by: Answering = owner === 'queue' || owner === 'operator' ? 'people' : 'bot';
  return { type: 'answering', by };
}
