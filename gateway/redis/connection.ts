import { Redis } from 'ioredis';
import type { Log } from '../connectors/connector.ts';

/**
 * The connections to Redis. It carries what may be lost: nothing waits for it, nothing is true because of it, and while
 * it is away or does not answer, nothing is asked of it.
 */
export interface RedisLink {
  /** For commands; each fails at once while there is no connection, and after a second without an answer. */
  readonly commands: Redis;
  /** True while Redis answers. */
  isUp(): boolean;
  /** A connection that waits for as long as it takes, for subscribing and blocking. */
  waiting(): Redis;
  stop(): Promise<void>;
}

/** Longer than Redis ever takes to answer; what is not there by then is decided without it. */
export const DECIDE_WITHIN_MS = 200;

const ASK_EVERY_MS = 1_000;
const ANSWER_LIMIT_MS = 1_000;
/** A server that stays silent for so many questions gets a new connection, and what waited for it is let go. */
const SILENT_QUESTIONS = 5;
const RECONNECT_MS = 500;

export function connectRedis(url: string, log: Log): RedisLink {
  const opened: Redis[] = [];
  let up = false;
  let unanswered = 0;

  const open = (redis: Redis): Redis => {
    // Without a listener the event would be printed; `isUp` tells what matters.
    redis.on('error', (error: Error) => log.debug({ err: error }, 'a connection to Redis broke'));
    opened.push(redis);
    return redis;
  };
  const commands = open(
    new Redis(url, {
      enableOfflineQueue: false,
      commandTimeout: ANSWER_LIMIT_MS,
      connectTimeout: ANSWER_LIMIT_MS,
      maxRetriesPerRequest: 0,
      retryStrategy: () => RECONNECT_MS,
    }),
  );

  async function ask(): Promise<void> {
    try {
      await commands.ping();
      unanswered = 0;
      tell(true);
    } catch {
      unanswered += 1;
      tell(false);
      if (unanswered % SILENT_QUESTIONS === 0) commands.disconnect(true);
    }
  }

  function tell(isUp: boolean): void {
    if (isUp === up) return;
    up = isUp;
    if (isUp) log.info({}, 'Redis answers');
    else log.warn({}, 'Redis does not answer; nodes find each other’s work by sweeping');
  }

  const asking = setInterval(() => void ask(), ASK_EVERY_MS);
  commands.on('ready', () => void ask());

  return {
    commands,
    isUp: () => up,
    waiting: () =>
      open(
        new Redis(url, {
          // As Bull asks of its blocking and subscribing connections.
          maxRetriesPerRequest: null,
          enableReadyCheck: false,
          retryStrategy: () => RECONNECT_MS,
        }),
      ),
    async stop() {
      clearInterval(asking);
      for (const redis of opened) redis.disconnect();
    },
  };
}
