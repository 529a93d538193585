import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../connectors/connector.ts';
import { bringUp } from './embedded-server.ts';
import type { Server } from './embedded-spawn.ts';

const PAUSE_MS = 1_000;

/**
 * Starts the server again when it ends by itself. `session` is open for as long as it runs, so that its end tells of
 * the server's. `end` stops watching; it leaves the server as it is.
 */
export function keepUp(
  server: Server,
  session: pg.Client,
  about: string,
  log: Log,
): { end(): Promise<void> } {
  const stopping = new AbortController();
  let open: pg.Client | undefined;
  let work = Promise.resolve();

  const watch = (client: pg.Client): void => {
    open = client;
    client.once('end', () => {
      open = undefined;
      if (!stopping.signal.aborted) work = restart();
    });
  };
  const restart = async (): Promise<void> => {
    log.error({}, 'the embedded database has ended; starting it again');
    while (!stopping.signal.aborted) {
      try {
        watch(await bringUp(server, about, log, stopping.signal));
        log.info({}, 'the embedded database runs again');
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.error({ reason: error instanceof Error ? error.message : 'unknown' }, 'it did not start');
        await sleep(PAUSE_MS);
      }
    }
  };

  watch(session);
  return {
    async end() {
      stopping.abort();
      await work;
      await open?.end();
    },
  };
}
