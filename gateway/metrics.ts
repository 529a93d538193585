import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const UP: Readonly<Record<string, number>> = { working: 1, silent: 1, broken: 0 };

/** What /metrics tells; labels are channels, outcomes and names of actions, never anything of a client. */
export interface Metrics {
  readonly registry: Registry;
  inbound(channel: string, outcome: string): void;
  refused(channel: string, reason: string): void;
  turn(owner: string, durationMs: number): void;
  attempt(channel: string, outcome: string, durationMs: number): void;
  /** A message to a page of ours, which has it with the commit. */
  shown(channel: string): void;
  action(name: string, outcome: string, durationMs: number): void;
  rated(channel: string, score: number): void;
  /** A wake for another node: `left` to its sweep where Redis could not take it. */
  wake(outcome: 'sent' | 'left'): void;
  /** Asked whenever the metrics are read. */
  watchNode(node: WatchedNode): void;
  channel(status: ChannelGauges): void;
}

interface WatchedNode {
  readonly owned: () => number;
  readonly leaseAgeMs: () => number;
  /** Undefined where there is no Redis. */
  readonly isRedisUp?: () => boolean;
}

/** How a channel is, as numbers. */
export interface ChannelGauges {
  readonly channel: string;
  /** `working`, `silent`, `troubled`, `broken`, `off` or `unknown`. */
  readonly state: string;
  readonly waiting: number;
  readonly lastInboundAt?: Date;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const inbound = new Counter({
    name: 'okno_inbound_total',
    help: 'What came in, by what became of it',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const refused = new Counter({
    name: 'okno_webhooks_refused_total',
    help: 'Webhooks refused before anything was stored',
    labelNames: ['channel', 'reason'],
    registers,
  });
  const histogram = (name: string, help: string, labelNames: string[]) =>
    new Histogram({ name, help, labelNames, buckets: SECONDS, registers });
  const turn = histogram('okno_turn_seconds', 'Turns, from reading to commit', ['owner']);
  const attempt = histogram('okno_attempt_seconds', 'Attempts to send', ['channel', 'outcome']);
  const shown = new Counter({
    name: 'okno_shown_total',
    help: 'Messages to our own pages, which have them with the commit',
    labelNames: ['channel'],
    registers,
  });
  const ofChannel = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['channel'], registers });
  const up = ofChannel('okno_channel_up', '1: a channel works, 0.5: in trouble or not asked yet, 0: broken');
  const waiting = ofChannel('okno_deliveries_waiting', 'Deliveries of a channel that are not finished');
  const lastInbound = ofChannel(
    'okno_channel_last_inbound_seconds',
    'When something came in last, as Unix time',
  );
  const action = histogram('okno_action_seconds', 'Calls to outside systems', ['name', 'outcome']);
  const ratings = new Counter({
    name: 'okno_ratings_total',
    help: 'How clients found conversations that operators closed, from 1 to 5',
    labelNames: ['channel', 'score'],
    registers,
  });
  const wakes = new Counter({
    name: 'okno_wakes_total',
    help: 'Wakes for other nodes, sent or left to their sweep',
    labelNames: ['outcome'],
    registers,
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect: function (this: Gauge) {
        this.set(read());
      },
    });
  return {
    registry,
    rated: (channel, score) => ratings.inc({ channel, score }),
    wake: (outcome) => wakes.inc({ outcome }),
    watchNode({ owned, leaseAgeMs, isRedisUp }) {
      gauge('okno_shards_owned', 'Shards that this node works', owned);
      gauge('okno_lease_age_seconds', "Since this node's lease was renewed", () => leaseAgeMs() / 1000);
      if (isRedisUp) gauge('okno_redis_up', 'Whether Redis answers', () => Number(isRedisUp()));
    },
    inbound: (channel, outcome) => inbound.inc({ channel, outcome }),
    refused: (channel, reason) => refused.inc({ channel, reason }),
    turn: (owner, durationMs) => turn.observe({ owner }, durationMs / 1000),
    attempt: (channel, outcome, durationMs) => attempt.observe({ channel, outcome }, durationMs / 1000),
    shown: (channel) => shown.inc({ channel }),
    action: (name, outcome, durationMs) => action.observe({ name, outcome }, durationMs / 1000),
    channel({ channel, state, waiting: count, lastInboundAt }) {
      // What is meant to be off alarms nobody.
      if (state !== 'off') up.set({ channel }, UP[state] ?? 0.5);
      waiting.set({ channel }, count);
      if (lastInboundAt) lastInbound.set({ channel }, lastInboundAt.getTime() / 1000);
    },
  };
}
