import type { ChangeLog } from '../../gateway/change.ts';
import type { Capabilities } from '../../gateway/connectors/capabilities.ts';
import type { Connector, Log } from '../../gateway/connectors/connector.ts';
import type { DeskInput } from '../../gateway/connectors/desk.ts';
import type { Live } from '../../gateway/live.ts';
import type { Locale } from '../../gateway/model/contact.ts';
import type { DataClass } from '../../gateway/model/data-class.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';
import { shardOf } from '../../gateway/model/shard.ts';
import type { Shards } from '../../gateway/shards.ts';
import type { Database } from '../../gateway/store/database.ts';
import { createOperators, type OperatorsOptions } from '../operators.ts';
import { createDeskInputs } from './inputs.ts';
import { createMirror } from './mirror.ts';

export interface ChannelDesksOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly live: Live;
  readonly shards: Pick<Shards, 'owned' | 'termOf'>;
  readonly connectors: ReadonlyMap<ChannelId, Connector>;
  /** What operators read there. */
  readonly locale: Locale;
  readonly asksRating?: boolean;
  readonly botStory?: OperatorsOptions['botStory'];
  readonly capabilitiesOf: (channel: ChannelId) => Capabilities | undefined;
  /** Leaves only the last digits of numbers that say more than a channel may carry. */
  readonly hideNumbers: (text: string, carries: DataClass) => string;
  readonly now: () => Date;
  readonly log: Log;
}

/** Every channel that serves operators as a desk. */
export interface ChannelDesks {
  /** What operators did there; resolves once it is stored. */
  receive(channel: ChannelId, inputs: readonly DeskInput[]): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createChannelDesks(options: ChannelDesksOptions): ChannelDesks {
  const { live, shards, connectors, log } = options;
  const operators = createOperators(options);
  const desks = [...connectors].flatMap(([channel, { desk }]) => {
    if (!desk) return [];
    const carries = options.capabilitiesOf(channel)?.dataClass ?? 'public';
    const hide = (text: string) => options.hideNumbers(text, carries);
    const mirror = createMirror({ ...options, channel, desk, hide, shards: () => shards.owned() });
    const receive = createDeskInputs({ ...options, channel, desk, operators });
    return [{ channel, mirror, receive }];
  });
  let stopListening = () => {};
  return {
    async receive(channel, inputs) {
      const one = desks.find((desk) => desk.channel === channel);
      if (one) await one.receive(inputs);
      else log.warn({ channel }, 'a desk that is not there was told something');
    },
    async start() {
      if (desks.length > 0) {
        stopListening = live.listen((update) => {
          if (update.type !== 'committed') return;
          const { conversation: id, changesOwner = false } = update;
          if (shards.termOf(shardOf(id)) === undefined) return;
          for (const { mirror } of desks) mirror.told(id, changesOwner);
        });
      }
      for (const { mirror } of desks) await mirror.start();
    },
    async stop() {
      stopListening();
      for (const { mirror } of desks) await mirror.stop();
    },
  };
}
