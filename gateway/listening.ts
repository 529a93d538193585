import type { Connector, Log } from './connectors/connector.ts';
import type { ChannelId } from './model/ids.ts';
import type { Shards } from './shards.ts';
import type { Database } from './store/database.ts';
import { claimListener, releaseListeners } from './store/nodes.ts';

export interface ListeningOptions {
  readonly db: Database;
  readonly shards: Pick<Shards, 'node' | 'isAlive'>;
  readonly connectors: ReadonlyMap<ChannelId, Pick<Connector, 'listen'>>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Listens to the channels that do not call us, on one node at a time; another takes over when that node is gone. */
export interface Listening {
  start(): Promise<void>;
  /** Stops listening, and lets another node begin at once. */
  stop(): Promise<void>;
}

const CHECK_MS = 3_000;
const LONGEST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 500;

interface Ear {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export function createListening({ db, shards, connectors, now, log }: ListeningOptions): Listening {
  const ears = new Map<ChannelId, Ear>();
  const listeners = [...connectors].filter(([, connector]) => connector.listen);
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<void> | undefined;

  /** Begins where this node may listen, and ends where it may no more. */
  async function check(): Promise<void> {
    for (const [id, connector] of listeners) {
      const isOurs = shards.isAlive() && (await claimListener(db, id, shards.node));
      const ear = ears.get(id);
      if (isOurs && !ear) ears.set(id, listen(id, connector));
      if (!isOurs && ear) await end(id, ear);
    }
  }

  function listen(id: ChannelId, connector: Pick<Connector, 'listen'>): Ear {
    const stop = new AbortController();
    return { stop, ended: keepListening(id, connector, stop.signal) };
  }

  async function end(id: ChannelId, { stop, ended }: Ear): Promise<void> {
    stop.abort();
    await ended;
    ears.delete(id);
  }

  async function keepListening(
    id: ChannelId,
    connector: Pick<Connector, 'listen'>,
    signal: AbortSignal,
  ): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      const began = now().getTime();
      await connector.listen?.(signal).catch((error: unknown) => {
        log.warn({ channel: id, err: error }, 'a channel stopped listening and will try again');
      });
      if (now().getTime() - began > LONGEST_WAIT_MS) failures = 0;
      await wait(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS), signal);
    }
  }

  function lookAgain(): void {
    checking ??= check()
      .catch((error: unknown) => log.warn({ err: error }, 'who listens could not be read'))
      .finally(() => {
        checking = undefined;
      });
  }

  return {
    async start() {
      if (listeners.length === 0) return;
      await check();
      timer = setInterval(lookAgain, CHECK_MS);
    },
    async stop() {
      clearInterval(timer);
      for (const { stop } of ears.values()) stop.abort();
      await checking;
      await Promise.all([...ears].map(([id, ear]) => end(id, ear)));
      await releaseListeners(db, shards.node).catch((error: unknown) =>
        log.warn({ err: error }, 'listening could not be handed over; another node waits for the lease'),
      );
    },
  };
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
