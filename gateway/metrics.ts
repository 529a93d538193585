import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What /metrics tells; labels are channels, outcomes and names of actions, never anything of a client. */
export interface Metrics {
  readonly registry: Registry;
  inbound(channel: string, outcome: string): void;
  refused(channel: string, reason: string): void;
  turn(owner: string, durationMs: number): void;
  attempt(channel: string, outcome: string, durationMs: number): void;
  action(name: string, outcome: string, durationMs: number): void;
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
  const action = histogram('okno_action_seconds', 'Calls to outside systems', ['name', 'outcome']);
  return {
    registry,
    inbound: (channel, outcome) => inbound.inc({ channel, outcome }),
    refused: (channel, reason) => refused.inc({ channel, reason }),
    turn: (owner, durationMs) => turn.observe({ owner }, durationMs / 1000),
    attempt: (channel, outcome, durationMs) => attempt.observe({ channel, outcome }, durationMs / 1000),
    action: (name, outcome, durationMs) => action.observe({ name, outcome }, durationMs / 1000),
  };
}
