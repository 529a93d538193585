import { createAttempts } from '../gateway/access/attempts.ts';
import type { CountAttempts } from '../gateway/access/sign-in.ts';
import type { Rates } from '../gateway/connectors/capabilities.ts';
import type { Log } from '../gateway/connectors/connector.ts';
import { createLive, type Live } from '../gateway/live.ts';
import type { Metrics } from '../gateway/metrics.ts';
import type { ChannelId } from '../gateway/model/ids.ts';
import { createRateLimits, type RateLimits } from '../gateway/rates.ts';
import type { Shards } from '../gateway/shards.ts';
import { createWakes, type Wakes } from '../gateway/wakes.ts';

export interface NodesOptions {
  readonly redisUrl: string | undefined;
  readonly shards: Shards;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'wake' | 'watchNode'>;
  readonly now: () => Date;
}

/** What nodes say to each other: through Redis, or within this process where it is the only one. */
export interface Nodes {
  readonly live: Live;
  readonly wakes: Wakes;
  readonly createRates: (ratesOf: (channel: ChannelId) => Rates | undefined) => RateLimits;
  readonly countAttempts: CountAttempts;
  stop(): Promise<void>;
}

export async function createNodes({ redisUrl, shards, log, metrics, now }: NodesOptions): Promise<Nodes> {
  const { node } = shards;
  const owned = () => shards.owned().length;
  if (!redisUrl) {
    metrics.watchNode({ owned, leaseAgeMs: () => shards.leaseAgeMs() });
    const live = createLive((error) => log.error({ err: error }, 'a live listener failed'));
    return {
      live,
      wakes: createWakes(now),
      createRates: createRateLimits,
      countAttempts: (_name, limit) => createAttempts(limit),
      async stop() {},
    };
  }
  // A hub that is alone loads nothing of Redis.
  const [
    { createRedisAttempts },
    { connectRedis },
    { createRedisLive },
    { createRedisRates },
    { createRedisWakes },
  ] = await Promise.all([
    import('../gateway/redis/attempts.ts'),
    import('../gateway/redis/connection.ts'),
    import('../gateway/redis/live.ts'),
    import('../gateway/redis/rates.ts'),
    import('../gateway/redis/wakes.ts'),
  ]);
  const link = connectRedis(redisUrl, log);
  metrics.watchNode({ owned, leaseAgeMs: () => shards.leaseAgeMs(), isRedisUp: () => link.isUp() });
  const live = createRedisLive({ link, node, log });
  return {
    live,
    wakes: createRedisWakes({ link, shards, now, log, onSent: metrics.wake }),
    createRates: (ratesOf) => createRedisRates(link, ratesOf, () => Math.max(1, shards.living().length)),
    countAttempts: (name, limit) => createRedisAttempts(link, name, limit),
    async stop() {
      await live.stop();
      await link.stop();
    },
  };
}
