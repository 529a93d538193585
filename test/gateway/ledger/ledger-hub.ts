import type { LightMyRequestResponse } from 'fastify';
import type { Role } from '../../../gateway/access/api.ts';
import type { Capabilities } from '../../../gateway/connectors/capabilities.ts';
import type { Log } from '../../../gateway/connectors/connector.ts';
import { createHub, type Hub } from '../../../gateway/hub.ts';
import { createLetters } from '../../../gateway/ledger/letters.ts';
import { createQuarantine } from '../../../gateway/ledger/quarantined.ts';
import { ledgerRoutes } from '../../../gateway/ledger/routes.ts';
import { createMetrics } from '../../../gateway/metrics.ts';
import { readableText } from '../../../gateway/model/content.ts';
import type { ChannelId, QueueId } from '../../../gateway/model/ids.ts';
import type { Responder } from '../../../gateway/model/turn.ts';
import { takeShards } from '../../../gateway/shards.ts';
import { alone } from '../../fixtures/alone.ts';
import { memoryFiles, ROOMY } from '../../fixtures/memory-files.ts';
import { messageFrom, type ScriptedNetwork, scriptedNetwork } from '../../fixtures/scripted-network.ts';
import { type AccessHub, startAccessHub } from '../access/access-hub.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
export const CHANNEL = 'scripted' as ChannelId;

/** A hub whose bot repeats what it hears, on a network inside the test, with the routes of the ledger. */
export interface LedgerHub extends AccessHub {
  readonly hub: Hub;
  readonly network: ScriptedNetwork;
  /** The client writes; resolves after the commit. */
  hears(client: string, text: string): Promise<void>;
  /** Something authentic that the connector did not understand. */
  quarantines(raw: string, reason?: string): Promise<void>;
  person(name: string, ...roles: Role[]): Promise<LedgerPerson>;
}

export interface LedgerPerson {
  get(path: string): Promise<LightMyRequestResponse>;
  post(path: string): Promise<LightMyRequestResponse>;
}

const bot: Responder = {
  respond: ({ event }) => [
    { type: 'turn.completed', state: {}, trail: [] },
    ...(event.type === 'message.received'
      ? [
          {
            type: 'message.sent' as const,
            content: [{ kind: 'text' as const, text: `re: ${readableText(event.body?.content ?? [])}` }],
            once: readableText(event.body?.content ?? []) === 'код',
          },
        ]
      : []),
  ],
};

/** `over`: what its channel can do beside what the scripted network can. */
export async function startLedgerHub(over: Partial<Capabilities> = {}): Promise<LedgerHub> {
  const network = scriptedNetwork();
  const definition = {
    ...network.definition,
    capabilities: { ...network.definition.capabilities, ...over },
  };
  let started: { hub: Hub; stop: () => Promise<void> } | undefined;
  const access = await startAccessHub({
    async more(app, { db, url, sessions, publicUrl }) {
      const now = () => new Date();
      const shards = await takeShards({ url, log: silent });
      const hub = createHub({
        db,
        shards,
        ...alone(now),
        media: { files: memoryFiles(), maxBytes: 1_000_000, bounds: ROOMY },
        channels: [{ id: CHANNEL, definition, settings: {} }],
        responders: { bot, desk: { respond: () => [] } },
        planHandoff: () => ({ context: {}, queue: 'default' as QueueId }),
        perform: async () => ({ outcome: 'failed', code: 'none' }),
        publicUrl,
        log: silent,
        metrics: createMetrics(),
        now,
        silenceMs: 1e12,
      });
      await hub.start();
      const { change, receive, connectors } = hub;
      await app.register(ledgerRoutes, {
        db,
        sessions,
        letters: createLetters({ db, change, now }),
        quarantine: createQuarantine({ db, receive, connectors, now }),
        now,
        publicUrl,
      });
      started = {
        hub,
        async stop() {
          await hub.stop();
          await shards.release();
        },
      };
    },
  });
  if (!started) throw new Error('the hub was not started');
  return withPeople(access, started, network);
}

function withPeople(
  access: AccessHub,
  { hub, stop }: { readonly hub: Hub; readonly stop: () => Promise<void> },
  network: ScriptedNetwork,
): LedgerHub {
  return {
    ...access,
    hub,
    network,
    async hears(client, text) {
      await hub.receive(CHANNEL, {}, { authentic: true, inbound: [messageFrom(client, text)] });
    },
    async quarantines(raw, reason = 'not-understood') {
      await hub.receive(CHANNEL, {}, { authentic: true, inbound: [], quarantine: [{ reason, raw }] });
    },
    async person(name, ...roles) {
      await access.addUser(name, ...roles);
      const headers = await access.browser(name);
      return {
        get: (path) => access.app.inject({ method: 'GET', url: `/api/v1${path}`, headers }),
        post: (path) => access.app.inject({ method: 'POST', url: `/api/v1${path}`, headers }),
      };
    },
    async close() {
      await stop();
      await access.close();
    },
  };
}
