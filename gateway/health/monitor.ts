import type { Connector, Log } from '../connectors/connector.ts';
import type { ChannelHealth } from '../connectors/health.ts';
import type { ChannelId } from '../model/ids.ts';
import type { PolicyPack } from '../policy/pack.ts';
import {
  readHealth,
  recordHealth,
  recordTraffic,
  type Traffic,
  takeTurnToAsk,
} from '../store/channel-health.ts';
import type { Database } from '../store/database.ts';
import { assess, type ChannelStatus } from './assess.ts';

export interface MonitorOptions {
  readonly db: Database;
  readonly connectors: ReadonlyMap<ChannelId, Connector>;
  /** What went through the channels since the last time. */
  readonly takeTraffic: () => readonly Traffic[];
  readonly networkOf: (channel: ChannelId) => string | undefined;
  /** Channels that have settings and that a policy pack keeps off, with that pack. */
  readonly keptOff?: ReadonlyMap<ChannelId, PolicyPack>;
  /** How long a channel may be silent before something is wrong; undefined: for ever. */
  readonly alarmAfterSilenceOf: (channel: ChannelId) => number | undefined;
  readonly now: () => Date;
  readonly log: Log;
  /** Told after each round. */
  readonly onStatus: (statuses: readonly ChannelStatus[]) => void;
  /** How often each network is asked; of several nodes one does it. */
  readonly everyMs?: number;
  /** How long one has for its answer. */
  readonly answerLimitMs?: number;
}

/** Watches over the channels. */
export interface Monitor {
  /** How the channels are, as far as is stored. */
  statuses(): Promise<readonly ChannelStatus[]>;
  /** Asks the network of a channel now. Undefined where it cannot be asked. Never rejects. */
  ask(channel: ChannelId): Promise<ChannelHealth | undefined>;
  start(): void;
  stop(): Promise<void>;
}

/** Twice in a minute, with the time of an answer: a dead token is seen within one. */
const EVERY_MS = 20_000;
const ANSWER_LIMIT_MS = 10_000;
/** A connector whose time is over may still tell which of its servers said nothing. */
const LAST_WORD_MS = 500;

export function createMonitor(options: MonitorOptions): Monitor {
  const {
    db,
    connectors,
    takeTraffic,
    networkOf,
    keptOff = new Map(),
    alarmAfterSilenceOf,
    now,
    log,
    onStatus,
    everyMs = EVERY_MS,
    answerLimitMs = ANSWER_LIMIT_MS,
  } = options;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  async function ask(channel: ChannelId): Promise<ChannelHealth | undefined> {
    const connector = connectors.get(channel);
    if (!connector?.health) return undefined;
    const limit = AbortSignal.timeout(answerLimitMs);
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      const end = () => reject(new Error('no answer in time'));
      timer = setTimeout(end, answerLimitMs + LAST_WORD_MS);
    });
    try {
      return await Promise.race([connector.health(limit), tooLate]);
    } catch (error) {
      log.debug({ channel, err: error }, 'a network could not be asked how its channel is');
      return { findings: [{ problem: 'unreachable' }] };
    } finally {
      clearTimeout(timer);
    }
  }

  async function askInTurn(channel: ChannelId): Promise<void> {
    // A little less than a round: the next one must not come just before its time.
    if (!connectors.get(channel)?.health || !(await takeTurnToAsk(db, channel, everyMs * 0.8))) return;
    const health = await ask(channel);
    if (health) await recordHealth(db, channel, health);
  }

  async function statuses(): Promise<readonly ChannelStatus[]> {
    const stored = await readHealth(db, [...connectors.keys(), ...keptOff.keys()]);
    return stored.map(({ answeredAt, findings, ...known }) => {
      const alarmAfterSilenceMs = alarmAfterSilenceOf(known.channel);
      const keptOffBy = keptOff.get(known.channel);
      return assess(
        {
          ...known,
          ...(alarmAfterSilenceMs !== undefined && { alarmAfterSilenceMs }),
          ...(answeredAt && { answer: { findings, at: answeredAt } }),
          network: networkOf(known.channel),
          ...(keptOffBy && { keptOffBy }),
          canBeAsked: connectors.get(known.channel)?.health !== undefined,
        },
        now(),
      );
    });
  }

  async function look(): Promise<void> {
    try {
      await recordTraffic(db, takeTraffic());
      await Promise.all([...connectors.keys()].map(askInTurn));
      onStatus(await statuses());
    } catch (error) {
      log.warn({ err: error }, 'the health of the channels could not be written down');
    }
  }

  return {
    statuses,
    ask,
    start() {
      round = look();
      timer = setInterval(() => {
        round = round.then(look);
      }, everyMs);
    },
    async stop() {
      clearInterval(timer);
      await round;
      await recordTraffic(db, takeTraffic()).catch(() => {});
    },
  };
}
