import type { Content } from '../model/content.ts';
import type { NewEvent } from '../model/events.ts';
import type { ChannelId, DeliveryId, ThreadId } from '../model/ids.ts';
import type { Turn } from '../model/turn.ts';
import type { NewDeliveryRow } from './writes.ts';

/** A delivery that is about to be committed, with all that sending it takes. */
export interface Outgoing {
  readonly delivery: NewDeliveryRow;
  /** Under which its attempt would be marked. */
  readonly term: number;
  /** The delivery of its thread that ends with the same batch. */
  readonly after?: DeliveryId | undefined;
  readonly content: readonly Content[];
  readonly externalThread: string;
}

export interface PlanOptions {
  readonly now: Date;
  /** Deliveries that end with this batch, by thread. */
  readonly ending?: ReadonlyMap<ThreadId, DeliveryId>;
  /** Channels whose messages are accepted by being committed. */
  readonly acceptsAtCommit: (channel: ChannelId) => boolean;
  /** Why the policy lets a channel not carry what is said, whatever comes; undefined where it may. Default: all may. */
  readonly refuses?: (channel: ChannelId, content: readonly Content[]) => string | undefined;
  /** The term under which this node works a shard now; undefined: another node does. */
  readonly termOf: (shard: number) => number | undefined;
  /** Answers a turn within the commit of its message; undefined where it cannot be answered so. */
  readonly answer?: (
    turn: Pick<Turn, 'conversation' | 'contact' | 'event'>,
  ) => readonly NewEvent[] | undefined;
  /** True where a delivery may go out as soon as it is committed: its place is taken, and its attempt is marked with it. */
  readonly admit?: (outgoing: Outgoing) => boolean;
}
