import type { Metrics } from '../metrics.ts';
import type { ChannelId } from '../model/ids.ts';
import type { Traffic } from '../store/channel-health.ts';

/** Counts what goes through channels until it is taken. */
export interface TrafficCount {
  /** The same metrics, counted here too. */
  readonly metrics: Metrics;
  /** What was counted since the last time. */
  take(): readonly Traffic[];
}

export function countTraffic(metrics: Metrics): TrafficCount {
  let counted = new Map<string, { inbound: number; accepted: number; failed: number }>();

  function of(channel: string) {
    const known = counted.get(channel) ?? { inbound: 0, accepted: 0, failed: 0 };
    counted.set(channel, known);
    return known;
  }

  return {
    metrics: {
      ...metrics,
      inbound(channel, outcome) {
        metrics.inbound(channel, outcome);
        of(channel).inbound++;
      },
      attempt(channel, outcome, durationMs) {
        metrics.attempt(channel, outcome, durationMs);
        if (outcome === 'accepted') of(channel).accepted++;
        // A final refusal is about the message or its reader, and tells nothing of the channel.
        else if (outcome !== 'rejected') of(channel).failed++;
      },
      shown(channel) {
        metrics.shown(channel);
        of(channel).accepted++;
      },
    },
    take() {
      const taken = counted;
      counted = new Map();
      return [...taken].map(([channel, counts]) => ({ channel: channel as ChannelId, ...counts }));
    },
  };
}
