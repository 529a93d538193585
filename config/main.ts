import { join } from 'node:path';
import { nameIntents } from '../bots/intents.ts';
import { trainingRoutes } from '../bots/training/routes.ts';
import { createTraining } from '../bots/training/training.ts';
import {
  ensureAdministrator,
  type FirstAdministrator,
  retireDemoUsers,
  seedDemoUsers,
} from '../gateway/access/first-users.ts';
import { accessRoutes } from '../gateway/access/routes.ts';
import { createSessions } from '../gateway/access/sessions.ts';
import { createSignIn } from '../gateway/access/sign-in.ts';
import { closeHttp } from '../gateway/close-http.ts';
import type { Log } from '../gateway/connectors/connector.ts';
import { networks } from '../gateway/connectors/index.ts';
import { createMonitor } from '../gateway/health/monitor.ts';
import { channelRoutes } from '../gateway/health/routes.ts';
import { countTraffic } from '../gateway/health/traffic.ts';
import { createHttp } from '../gateway/http.ts';
import { createHub } from '../gateway/hub.ts';
import { createLetters } from '../gateway/ledger/letters.ts';
import { createQuarantine } from '../gateway/ledger/quarantined.ts';
import { ledgerRoutes } from '../gateway/ledger/routes.ts';
import { createLog } from '../gateway/log.ts';
import { mediaRoutes } from '../gateway/media/routes.ts';
import { createMetrics } from '../gateway/metrics.ts';
import { takeShards } from '../gateway/shards.ts';
import { type Database, isWritable, openDatabase } from '../gateway/store/database.ts';
import { startEmbedded } from '../gateway/store/embedded.ts';
import { migrate } from '../gateway/store/migrate.ts';
import { webhooks } from '../gateway/webhooks.ts';
import { createChannelDesks } from '../handoff/channel-desk/channel-desk.ts';
import { planHandoff } from '../handoff/planner.ts';
import { createPresence } from '../handoff/presence.ts';
import { createDeskResponder } from '../handoff/responder.ts';
import { deskRoutes } from '../handoff/routes.ts';
import { createSearchIndex } from '../handoff/search/index-messages.ts';
import { createWaitingClients } from '../handoff/waiting.ts';
import { type Bot, createEchoBot, createScriptBot } from './bot.ts';
import { channelsUnder, configuredChannels, KEPT_OFF } from './channels.ts';
import { withClientCodes } from './codes.ts';
import { explainDatabaseError } from './database-away.ts';
import { type Demo, startDemo } from './demo/demo.ts';
import { playDialogues } from './demo/dialogues.ts';
import { mediaOptions } from './media.ts';
import { createNodes } from './nodes.ts';
import { pages } from './pages.ts';
import { searchWords } from './search-words.ts';
import type { Settings } from './settings.ts';
import { SettingsError } from './settings-file.ts';
import { ROOT, version } from './version.ts';
import { classOfText, hideNumbers } from './whole-numbers.ts';

/** A running hub. */
export interface RunningHub {
  readonly url: string;
  /** The administrator that this start made, where there was none. */
  readonly administrator?: FirstAdministrator;
  /** Fills an empty demo with dialogues. */
  playDialogues(): Promise<void>;
  stop(): Promise<void>;
}

const HOME_DIR = join(import.meta.dirname, 'demo', 'page');

/** What was started, in order; stopped in the reverse. */
class Started {
  readonly #stops: (() => unknown)[] = [];

  add(stop: () => unknown): void {
    this.#stops.push(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }
}

/** Starts everything that the settings ask for. What was started is stopped again when a later part fails. */
export async function startHub(settings: Settings): Promise<RunningHub> {
  const started = new Started();
  try {
    return await startParts(settings, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function startParts(settings: Settings, started: Started): Promise<RunningHub> {
  const log = createLog(settings.logLevel);
  const metrics = createMetrics();
  const traffic = countTraffic(metrics);
  const now = () => new Date();
  const { publicUrl } = settings;
  const demo = settings.demo === 'off' ? undefined : await startDemo(now);
  if (demo) started.add(() => demo.stop());
  const { allowed: channels, forbidden } = channelsUnder(
    settings.policyPack,
    configuredChannels(demo?.withIdentityKey(settings.channels) ?? settings.channels, networks),
  );
  for (const { id } of forbidden) log.warn({ channel: id }, KEPT_OFF);
  const bot = await createBot(settings, demo);

  const url = await findDatabase(settings, started, log);
  await migrate(url).catch((error: unknown) => {
    throw settings.databaseUrl ? explainDatabaseError(error) : error;
  });
  const { leaseMs, redisUrl } = settings;
  const shards = await takeShards({
    url,
    log,
    isShared: redisUrl !== undefined,
    timing: { leaseMs, heartbeatMs: leaseMs / 3 },
  });
  started.add(() => shards.release());
  const nodes = await createNodes({ redisUrl, shards, log, metrics, now });
  started.add(() => nodes.stop());
  const { live, wakes, createRates, countAttempts } = nodes;
  const db = openDatabase(url, (error) => log.warn({ err: error }, 'a connection to the store broke'));
  started.add(() => db.end());
  const administrator = await ensureUsers(db, settings, now());

  const hub = createHub({
    db,
    shards,
    live,
    wakes,
    createRates,
    channels,
    responders: {
      bot: bot.responder,
      desk: createDeskResponder({ reasonAtOnce: bot.reasonAtOnce, words: settings.waiting?.words }),
    },
    planHandoff,
    onDesk: (channel, inputs) => desks.receive(channel, inputs),
    perform: withClientCodes({
      settings,
      channels,
      connectorOf: (id) => connectors.get(id),
      perform: bot.perform,
      db,
      now,
    }),
    classOf: classOfText,
    publicUrl,
    media: mediaOptions(settings),
    log,
    metrics: traffic.metrics,
    now,
    silenceMs: settings.closeAfterSilenceMs,
    retention: settings.retention,
  });
  const { change, connectors, receive } = hub;
  const desks = createChannelDesks({
    db,
    change,
    live,
    shards,
    connectors,
    locale: settings.deskLocale,
    asksRating: settings.asksRating,
    capabilitiesOf: hub.capabilitiesOf,
    hideNumbers,
    botStory: bot.story,
    now,
    log,
  });
  const sessions = createSessions(db, now);
  const presence = createPresence({
    db,
    change,
    now,
    log,
    node: shards.node,
    goneAfterMs: settings.operatorGoneMs,
  });

  let isStopping = false;
  const app = await createHttp({
    log,
    metrics,
    version,
    isReady: () => isWritable(db),
    isStopping: () => isStopping,
    trustedProxies: settings.trustedProxies,
  });
  started.add(() => closeHttp(app));
  const signIn = createSignIn(db, sessions, countAttempts, now);
  await app.register(accessRoutes, { db, sessions, signIn, now, publicUrl, demo: demo !== undefined });
  await app.register(deskRoutes, {
    db,
    change,
    linking: hub.linking,
    connectors,
    live,
    sessions,
    presence,
    now,
    log,
    publicUrl,
    capabilitiesOf: hub.capabilitiesOf,
    offByPolicy: new Set(forbidden.map(({ id }) => id)),
    botStory: bot.story,
    asksRating: settings.asksRating,
    searchWords,
    intents: () => (bot.taught ? nameIntents(bot.taught.scripts, bot.taught.model.labels()) : []),
  });
  await app.register(ledgerRoutes, {
    db,
    sessions,
    letters: createLetters({ db, change, now }),
    quarantine: createQuarantine({ db, receive, connectors, now }),
    now,
    publicUrl,
  });
  await app.register(mediaRoutes, {
    media: hub.media,
    sessions,
    publicUrl,
    maxBytes: mediaOptions(settings).maxBytes,
  });
  const training = bot.taught && createTraining({ db, ...bot.taught, now, log });
  if (training) await app.register(trainingRoutes, { ...training, db, sessions, now, publicUrl });
  const monitor = createMonitor({
    db,
    connectors,
    networkOf: (id) => channels.find((channel) => channel.id === id)?.definition.name,
    keptOff: new Map(forbidden.map(({ id }) => [id, settings.policyPack])),
    alarmAfterSilenceOf: (id) => settings.channels.find((channel) => channel.id === id)?.alarmAfterSilenceMs,
    takeTraffic: traffic.take,
    onStatus: (statuses) => {
      for (const status of statuses) metrics.channel(status);
    },
    now,
    log,
  });
  await app.register(channelRoutes, { db, sessions, connectors, monitor, now, publicUrl });
  await app.register(webhooks, {
    connectors,
    receive,
    capabilitiesOf: hub.capabilitiesOf,
    isTooMuch: hub.isTooMuch,
    log,
    onRefused: metrics.refused,
  });
  if (demo) await app.register(demo.routes);
  await app.register(pages, {
    webDir: join(ROOT, 'dist', 'web'),
    homeDir: HOME_DIR,
    isDemo: demo !== undefined,
    frameOrigins: frameOrigins(settings),
  });

  if (training) {
    started.add(() => training.stop());
    await training.follow.start();
    training.collect.start();
  }
  const searchIndex = createSearchIndex({ db, words: searchWords, now, log });
  searchIndex.start();
  started.add(() => searchIndex.stop());
  await hub.start();
  started.add(() => hub.stop());
  await desks.start();
  started.add(() => desks.stop());
  if (settings.waiting) {
    const waiting = createWaitingClients({ db, change, now, log, ...settings.waiting });
    waiting.start();
    started.add(() => waiting.stop());
  }
  monitor.start();
  started.add(() => monitor.stop());
  presence.start();
  started.add(() => presence.stop());
  const address = await app.listen({ host: settings.host, port: settings.port });
  return {
    url: settings.port === 0 ? address : publicUrl,
    administrator,
    playDialogues: async () => {
      if (settings.demo === 'bank') await playDialogues(hub, db);
    },
    stop() {
      isStopping = true;
      return started.stop();
    },
  };
}

/** Origins of the bank's pages that embed a chat. */
function frameOrigins({ channels }: Settings): readonly string[] {
  return channels.flatMap(({ settings }) =>
    Array.isArray(settings.origins) ? settings.origins.map(String) : [],
  );
}

async function createBot(settings: Settings, demo: Demo | undefined): Promise<Bot> {
  if (settings.demo === 'echo') return createEchoBot();
  const bankUrl = demo?.bankUrl ?? settings.bankUrl;
  if (bankUrl) return createScriptBot({ bankUrl, scriptsDir: settings.scriptsDir });
  throw new SettingsError(
    'bank.url is empty; set OKNO_BANK_URL to the service that the scripts call, or OKNO_DEMO=1 for the demo bank',
  );
}

async function findDatabase(settings: Settings, started: Started, log: Log): Promise<string> {
  if (settings.databaseUrl) return settings.databaseUrl;
  const embedded = await startEmbedded({ dataDir: settings.dataDir, log });
  started.add(() => embedded.stop());
  return embedded.url;
}

async function ensureUsers(
  db: Database,
  settings: Settings,
  at: Date,
): Promise<FirstAdministrator | undefined> {
  if (settings.demo !== 'off') {
    await seedDemoUsers(db, at);
    return undefined;
  }
  await retireDemoUsers(db, at);
  return ensureAdministrator(db, settings.adminPassword, at);
}
