import { createActionRunner } from './action-runner.ts';
import type { PerformAction } from './actions.ts';
import type { ChangeLog } from './change.ts';
import { createClientView } from './client-view.ts';
import { committedUpdate } from './committed-update.ts';
import type { Capabilities, Rates } from './connectors/capabilities.ts';
import type { Connector, ConnectorDefinition, ConnectorHost, Log } from './connectors/connector.ts';
import type { PlanHandoff } from './decide-turn.ts';
import { createInbound, type InboundOptions, type Receive } from './inbound.ts';
import { createLinking, type Linking } from './linking.ts';
import { createListening } from './listening.ts';
import type { Live } from './live.ts';
import { createLoad } from './load.ts';
import { createMedia, type Media, type MediaOptions } from './media/media.ts';
import type { Metrics } from './metrics.ts';
import { asksForTurn } from './model/events.ts';
import type { ChannelId, ConversationId } from './model/ids.ts';
import { shardOf } from './model/shard.ts';
import type { Responder } from './model/turn.ts';
import { linkOf } from './moves.ts';
import { createOutbox, type OutboxChannel } from './outbox.ts';
import { createPieces } from './pieces.ts';
import { createPlacesElsewhere } from './places-elsewhere.ts';
import { type ClassOfText, createDataPolicy } from './policy/data-policy.ts';
import type { RateLimits } from './rates.ts';
import { readingTurns } from './read-turn.ts';
import { createReceipts } from './receipts.ts';
import { createHousekeeping } from './retention.ts';
import type { Shards } from './shards.ts';
import { createStandIn } from './stand-in.ts';
import { createChangeLog } from './store/change-log.ts';
import type { Database } from './store/database.ts';
import { forgetKeys } from './store/dedupe.ts';
import type { Retention } from './store/retention.ts';
import { customerOf, nameIdentity, placeOf, placeOfThread } from './store/threads.ts';
import { createTurns } from './turns.ts';
import type { Wakes } from './wakes.ts';

/** A channel as configured: its network's definition with settings that were checked by it. */
export interface ConfiguredChannel {
  readonly id: ChannelId;
  readonly definition: ConnectorDefinition<unknown>;
  readonly settings: unknown;
}

export interface HubOptions {
  readonly db: Database;
  readonly shards: Shards;
  readonly live: Live;
  readonly wakes: Wakes;
  readonly createRates: (ratesOf: (channel: ChannelId) => Rates | undefined) => RateLimits;
  readonly channels: readonly ConfiguredChannel[];
  readonly responders: { readonly bot: Responder; readonly desk: Responder };
  readonly planHandoff: PlanHandoff;
  /** What operators did on a network that serves as a desk; resolves once it is stored. */
  readonly onDesk?: InboundOptions['onDesk'] | undefined;
  readonly perform: PerformAction;
  /** How much a text says of a person; default: nothing, so that every channel may carry it. */
  readonly classOf?: ClassOfText;
  readonly publicUrl: string;
  readonly media: Pick<MediaOptions, 'files' | 'maxBytes' | 'scan' | 'bounds'>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** A bot's conversation in which nothing happens for this long is closed. */
  readonly silenceMs: number;
  /** False: no turn is answered within the commit of its message. Default true; what comes of a turn is the same. */
  readonly fold?: boolean;
  /** How long what is kept for; without it nothing is removed. */
  readonly retention?: Retention;
}

/** The hub's core: one way in, one way to change, one way out. */
export interface Hub {
  readonly change: ChangeLog;
  readonly live: Live;
  readonly receive: Receive;
  /** True while more comes in than goes out. */
  readonly isTooMuch: () => boolean;
  readonly linking: Pick<Linking, 'unlink'>;
  readonly media: Media;
  readonly connectors: ReadonlyMap<ChannelId, Connector>;
  /** Of a channel that is on. */
  readonly capabilitiesOf: (channel: ChannelId) => Capabilities | undefined;
  /** Finishes what a crash left, then works. */
  start(): Promise<void>;
  /** Stops listening, then finishes what is under way. */
  stop(): Promise<void>;
}

export function createHub(options: HubOptions): Hub {
  const { db, log, metrics, now, shards, live, wakes } = options;
  const channels = new Map(options.channels.map((channel) => [channel.id, channel]));
  const capabilitiesOf = (id: ChannelId) => channels.get(id)?.definition.capabilities;
  const policy = createDataPolicy({ classOf: options.classOf ?? (() => 'public'), capabilitiesOf, now });
  const change = createChangeLog({
    db,
    now,
    acceptsAtCommit: (id) => capabilitiesOf(id)?.acceptance === 'commit',
    refuses: policy.refuses,
    termOf: (shard) => shards.termOf(shard),
    ...(options.fold !== false && { answer: (turn) => turns.answer(turn) }),
    admit: (outgoing) => outbox.admit(outgoing),
    release: (deliveries) => outbox.release(deliveries),
  });
  // What another node did to a conversation meanwhile is not known here.
  shards.onChange(() => change.forget());
  const receipts = createReceipts({ db, capabilitiesOf, live, now, log });
  const pieces = createPieces({
    db,
    store: (channel, received) => receive(channel, connectors.get(channel) ?? {}, received),
    now,
    log,
  });
  const linking = createLinking({ db, change, now, log });
  const receive = createInbound({
    db,
    change,
    pieces,
    receipts,
    linking,
    now,
    log,
    isTooMuch: () => load.isTooMuch(),
    onMedia: () => media.wake(),
    onInbound: metrics.inbound,
    onDesk: options.onDesk,
  });

  const connectors = new Map<ChannelId, Connector>();
  const media = createMedia({ ...options.media, db, connectors, now, log, publicUrl: options.publicUrl });
  const outboxChannels = new Map<ChannelId, OutboxChannel>();
  for (const { id, definition, settings } of channels.values()) {
    const connector: Connector = definition.connect(
      settings,
      hostOf(id, () => connector),
    );
    connectors.set(id, connector);
    outboxChannels.set(id, { connector, capabilities: definition.capabilities });
  }

  const outbox = createOutbox({
    db,
    channels: outboxChannels,
    record: (outcome) => change.record(outcome),
    live,
    media,
    now,
    log,
    shards,
    rates: options.createRates((id) => {
      const channel = outboxChannels.get(id);
      return channel?.connector.hasRates === false ? undefined : channel?.capabilities.limits;
    }),
    onAttempt: metrics.attempt,
  });
  const load = createLoad(() => outbox.underWay(), log);
  const actions = createActionRunner({
    db,
    change,
    shards,
    perform: options.perform,
    log,
    now,
    onAction: metrics.action,
  });
  const { planHandoff, silenceMs } = options;
  const responders = { ...options.responders, bot: readingTurns(options.responders.bot, capabilitiesOf) };
  const placesElsewhere = createPlacesElsewhere(connectors, capabilitiesOf);
  const turns = createTurns({
    db,
    change,
    shards,
    responders,
    planHandoff,
    placesElsewhere,
    withStandIn: createStandIn({ policy, placesElsewhere, capabilitiesOf }),
    now,
    random: Math.random,
    log,
    silenceMs,
    onTurn: metrics.turn,
  });
  const housekeeping = createHousekeeping({
    db,
    now,
    log,
    retention: options.retention,
    dedupeWindowMs: new Map(
      [...channels.values()].map(({ id, definition }) => [id, definition.capabilities.dedupeWindowMs]),
    ),
  });

  const isOurs = (id: ConversationId) => shards.termOf(shardOf(id)) !== undefined;

  change.onCommitted((changed) => {
    const { conversation, events, deliveries, hasDueTurn } = changed;
    // Also what was marked under a term that is over by now: it is not sent then, and its place is free again.
    outbox.wake(deliveries);
    if (events.length > 0) live.publish(committedUpdate(changed));
    for (const { state, channel } of deliveries) if (state === 'accepted') metrics.shown(channel);
    for (const event of events) {
      if (event.type === 'timer.set') wakes.wakeAt(conversation.id, new Date(event.facts.at));
      if (event.type === 'conversation.rated') metrics.rated(event.facts.channel, event.facts.score);
      if (event.type === 'identity.proved') linking.wake(event.facts.identity);
    }
    if (!isOurs(conversation.id)) {
      if (deliveries.length > 0 || events.some(asksForTurn))
        wakes.wakeOwner(conversation.id, conversation.seq);
      return;
    }
    if (hasDueTurn) turns.wake(conversation.id);
    for (const event of events) {
      if (event.type !== 'action.requested') continue;
      actions.wake({ id: event.facts.action, conversation: conversation.id });
      void showTyping(conversation.id);
    }
  });

  wakes.onWake(({ conversation, isTimed }) => {
    // What is another node's by now its sweep finds.
    if (!isWorking || !isOurs(conversation)) return;
    change.forget(conversation);
    turns.wake(conversation);
    if (isTimed) turns.wakeTimers();
    else outbox.wakeConversation(conversation);
  });

  const workers = [outbox, actions, turns];
  let isWorking = false;

  shards.onChange(async ({ taken, lost }) => {
    if (!isWorking) return;
    const left = new Set(lost);
    await Promise.all(workers.map((worker) => worker.settled(left)));
    if (taken.length > 0) await beginWork();
  });

  /** Works what is due in the shards of this node. */
  async function beginWork(): Promise<void> {
    for (const worker of workers) await worker.start();
  }

  function hostOf(channel: ChannelId, connector: () => Connector): ConnectorHost {
    return {
      channel,
      webhookUrl: `${options.publicUrl}/channels/${channel}/webhook`,
      receive: async (received) => (received.authentic ? receive(channel, connector(), received) : []),
      forget: (dedupeKeys) => forgetKeys(db, channel, dedupeKeys),
      signal: (externalThread, _signal, words) => void clientTypes(channel, externalThread, words),
      readMedia: (id) => media.read(id),
      keepMedia: (bytes, kind, externalUser) => media.keep(bytes, kind, { channel, externalUser }),
      hasRoomFor: (size, externalUser) => media.hasRoom({ channel, externalUser }, size),
      maxMediaBytes: options.media.maxBytes,
      async lookAtLink(link, sender) {
        const key = linkOf(link);
        return key ? linking.look({ channel, sender }, key) : { state: 'ended' };
      },
      named: (externalUser, name) => nameIdentity(db, channel, externalUser, name),
      customerOf: (externalUser) => customerOf(db, channel, externalUser),
      view: createClientView({ db, live, channel, log, filesOf: media.filesOf }),
      fetch: globalThis.fetch,
      now,
      log,
    };
  }

  /** Signals may be lost: an error is logged and nothing else. */
  async function clientTypes(channel: ChannelId, externalThread: string, words?: string): Promise<void> {
    const place = await placeOf(db, channel, externalThread).catch(lost);
    if (place) live.publish({ type: 'typing', from: 'client', ...(words && { words }), ...place });
  }

  async function showTyping(conversation: ConversationId): Promise<void> {
    const place = await placeOfThread(db, conversation).catch(lost);
    if (!place) return;
    live.publish({ type: 'typing', conversation, thread: place.thread, from: 'bot' });
    await connectors.get(place.channel)?.typing?.(place.externalThread).catch(lost);
  }

  function lost(error: unknown): undefined {
    log.debug({ err: error }, 'a signal was lost');
  }

  const listening = createListening({ db, shards, connectors, now, log });

  return {
    change,
    live,
    receive,
    isTooMuch: load.isTooMuch,
    linking,
    connectors,
    media,
    capabilitiesOf,
    async start() {
      await housekeeping.start();
      pieces.start();
      await receipts.start();
      isWorking = true;
      await beginWork();
      await linking.start();
      await listening.start();
      media.start();
    },
    async stop() {
      await listening.stop();
      await wakes.stop();
      housekeeping.stop();
      isWorking = false;
      await linking.stop();
      pieces.stop();
      receipts.stop();
      await Promise.all(workers.map((worker) => worker.stop()));
      await media.stop();
      load.stop();
    },
  };
}
