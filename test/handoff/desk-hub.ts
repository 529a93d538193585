import { randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { searchWords } from '../../config/search-words.ts';
import type { Role } from '../../gateway/access/api.ts';
import type { ChangeLog } from '../../gateway/change.ts';
import type { Log } from '../../gateway/connectors/connector.ts';
import { createHub, type Hub } from '../../gateway/hub.ts';
import type { Live } from '../../gateway/live.ts';
import { createMetrics } from '../../gateway/metrics.ts';
import { readableText } from '../../gateway/model/content.ts';
import type { ChannelId, ConversationId, OperatorId } from '../../gateway/model/ids.ts';
import type { Decision, Responder, Turn } from '../../gateway/model/turn.ts';
import { takeShards } from '../../gateway/shards.ts';
import type { Act } from '../../handoff/acts.ts';
import {
  type ConversationRow,
  type ConversationView,
  conversationList,
  conversationView,
  type TranscriptItem,
  transcript,
} from '../../handoff/api.ts';
import type { Timing } from '../../handoff/live/desk-pages.ts';
import { planHandoff } from '../../handoff/planner.ts';
import { createPresence, type Presence } from '../../handoff/presence.ts';
import { createDeskResponder } from '../../handoff/responder.ts';
import { deskRoutes } from '../../handoff/routes.ts';
import { readRows } from '../../handoff/store/rows.ts';
import { alone } from '../fixtures/alone.ts';
import { memoryFiles, ROOMY } from '../fixtures/memory-files.ts';
import { messageFrom, type ScriptedNetwork, scriptedNetwork } from '../fixtures/scripted-network.ts';
import { type AccessHub, type Parts, startAccessHub } from '../gateway/access/access-hub.ts';

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const CHANNEL = 'scripted' as ChannelId;
/** A second channel of the same network. */
const OTHER = 'other' as ChannelId;

/** A whole hub with a desk, a bot that is easily told apart, and a network inside the test. */
export interface DeskHub extends AccessHub {
  readonly change: ChangeLog;
  readonly live: Live;
  readonly network: ScriptedNetwork;
  readonly presence: Presence;
  /** Channels that the desk takes for off. */
  readonly off: Set<string>;
  /** Of those the ones that the policy pack keeps off. */
  readonly offByPolicy: Set<string>;
  /** The client writes; the bot answers «бот: TEXT», and «позовите оператора» goes to the queue. */
  clientSays(client: string, text: string): Promise<void>;
  /** The same client writes on the channel `other`, and the bank knows that it is they. */
  writesElsewhere(client: string, text: string): Promise<void>;
  /** A new conversation of the client that waits in the queue. */
  waiting(client: string): Promise<ConversationRow>;
  person(name: string, ...roles: Role[]): Promise<Person>;
  /** Resolves when `check` finds something; asked again after every live update. */
  until<Result>(check: () => Promise<Result | undefined | false>): Promise<Result>;
}

/** A person of ours with a signed-in browser. */
export interface Person {
  readonly id: OperatorId;
  readonly headers: Record<string, string>;
  get(path: string): Promise<LightMyRequestResponse>;
  post(path: string, body?: object): Promise<LightMyRequestResponse>;
  act(act: Act, row: { readonly id: string; readonly epoch: number }): Promise<LightMyRequestResponse>;
  say(id: string, text: string, clientId?: string): Promise<LightMyRequestResponse>;
  list(view: string): Promise<ConversationRow[]>;
  open(id: string): Promise<ConversationView>;
  read(id: string): Promise<readonly TranscriptItem[]>;
}

/** What messages can be about here. */
const INTENTS = [
  { id: 'check_balance', title: { ru: 'Остаток на счёте', en: 'Account balance' } },
  { id: 'none', title: { ru: 'Не к банку', en: 'None of the bank’s business' } },
];

export const GONE_AFTER_MS = 90_000;

export async function startDeskHub({ timing }: { timing?: Partial<Timing> } = {}): Promise<DeskHub> {
  const network = scriptedNetwork();
  const [off, offByPolicy] = [new Set<string>(), new Set<string>()];
  let core: Core | undefined;
  const access = await startAccessHub({
    async more(app, parts) {
      const { db, sessions, publicUrl } = parts;
      const now = parts.clock.now;
      core = await startCore(parts, network);
      const { hub, presence } = core;
      const { change, live, linking } = hub;
      const capabilitiesOf = (id: ChannelId) => (off.has(id) ? undefined : network.definition.capabilities);
      const wiring = {
        db,
        change,
        linking,
        connectors: hub.connectors,
        live,
        sessions,
        presence,
        now,
        log: silent,
        publicUrl,
        capabilitiesOf,
        offByPolicy,
        searchWords,
        intents: () => INTENTS,
        timing,
      };
      await app.register(deskRoutes, wiring);
    },
  });
  if (!core) throw new Error('the desk was not registered');
  return { ...withPeople(access, core, network), off, offByPolicy };
}

interface Core {
  readonly hub: Hub;
  readonly presence: Presence;
  stop(): Promise<void>;
}

async function startCore({ db, url, clock, publicUrl }: Parts, network: ScriptedNetwork): Promise<Core> {
  const { now } = clock;
  const shards = await takeShards({ url, log: silent });
  const hub = createHub({
    db,
    shards,
    ...alone(now),
    channels: [CHANNEL, OTHER].map((id) => ({ id, definition: network.definition, settings: {} })),
    responders: { bot, desk: createDeskResponder({ reasonAtOnce: () => undefined }) },
    planHandoff,
    perform: async () => ({ outcome: 'failed', code: 'none' }),
    publicUrl,
    media: { files: memoryFiles(), maxBytes: 1_000_000, bounds: ROOMY },
    log: silent,
    metrics: createMetrics(),
    now,
    silenceMs: 1e12,
  });
  await hub.start();
  const presence = createPresence({
    db,
    change: hub.change,
    now,
    log: silent,
    node: shards.node,
    goneAfterMs: GONE_AFTER_MS,
  });
  return {
    hub,
    presence,
    async stop() {
      await hub.stop();
      await shards.release();
    },
  };
}

function withPeople(
  access: AccessHub,
  { hub, presence, stop }: Core,
  network: ScriptedNetwork,
): Omit<DeskHub, 'off' | 'offByPolicy'> {
  const { change, live } = hub;
  const connector = hub.connectors.get(CHANNEL);
  if (!connector) throw new Error('the channel has no connector');

  const clientSays = async (client: string, text: string) => {
    await hub.receive(CHANNEL, connector, { authentic: true, inbound: [messageFrom(client, text)] });
  };

  function until<Result>(check: () => Promise<Result | undefined | false>): Promise<Result> {
    return new Promise((resolve, reject) => {
      let asked = Promise.resolve();
      const ask = () => {
        asked = asked.then(check).then((found) => {
          if (found === undefined || found === false) return;
          stopListening();
          resolve(found);
        }, reject);
      };
      const stopListening = live.listen(ask);
      ask();
    });
  }

  const readOpen = async (client: string) => {
    const { rows } = await access.db.query<{ id: string; owner: string }>(
      `select c.id, c.owner_kind as owner from conversation c join identity i on i.contact = c.contact
       where i.external_user = $1 and c.status = 'open'`,
      [client],
    );
    return rows[0];
  };

  return {
    ...access,
    change,
    live,
    network,
    presence,
    clientSays,
    async writesElsewhere(client, text) {
      const customer = `customer ${client}`;
      const { rowCount } = await access.db.query(
        `update identity set evidence = 'bank-authenticated', customer = $2, proved_at = now() where external_user = $1`,
        [client, customer],
      );
      if (rowCount !== 1) throw new Error(`${client} wrote nothing yet`);
      const proof = { evidence: 'bank-authenticated', customer, how: 'signed-identity' } as const;
      const message = messageFrom(`${client} elsewhere`, text, proof);
      await hub.receive(OTHER, connector, { authentic: true, inbound: [message] });
      await until(async () => {
        const { rows } = await access.db.query(
          'select from identity where customer = $1 having count(distinct contact) = 1 and count(*) = 2',
          [customer],
        );
        return rows.length > 0;
      });
    },
    until,
    async waiting(client) {
      await clientSays(client, 'Позовите оператора');
      const { id } = await until(async () => {
        const found = await readOpen(client);
        return found?.owner === 'queue' && found;
      });
      const [row] = await readRows(access.db, [id as ConversationId]);
      if (!row) throw new Error('the conversation has no row');
      return row;
    },
    async person(name, ...roles) {
      const id = await access.addUser(name, ...roles);
      return personOf(access, id, await access.browser(name));
    },
    async close() {
      await stop();
      await access.close();
    },
  };
}

function personOf({ app }: AccessHub, id: OperatorId, headers: Record<string, string>): Person {
  const get = (path: string) => app.inject({ url: `/api/v1${path}`, headers });
  const post = (path: string, body: object = {}) =>
    app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload: body });
  return {
    id,
    headers,
    get,
    post,
    act: (act, { id: conversation, epoch }) => post(`/conversations/${conversation}/${act}`, { epoch }),
    say: (conversation, text, clientId = randomUUID()) =>
      post(`/conversations/${conversation}/messages`, { id: clientId, text }),
    list: async (view) => conversationList.parse((await get(`/conversations?view=${view}`)).json()).rows,
    open: async (conversation) =>
      conversationView.parse((await get(`/conversations/${conversation}`)).json()),
    read: async (conversation) =>
      transcript.parse((await get(`/conversations/${conversation}/transcript`)).json()).items,
  };
}

const bot: Responder = { respond: (turn) => [...answersTo(turn), { type: 'turn.completed', ...nothingNew }] };
const nothingNew = { state: {}, intent: 'check_balance', trail: [] };

function answersTo({ event }: Turn): Decision[] {
  if (event.type === 'owner.changed') return [say('Снова бот.')];
  if (event.type !== 'message.received') return [];
  const text = readableText(event.body?.content ?? []);
  if (!text.includes('оператора')) return [say(`бот: ${text}`)];
  const slots = [{ name: 'amount', title: 'Сумма', value: '500 ₽' }];
  const handoff = { type: 'handoff.requested', reason: 'asked', intent: 'transfer_money', slots } as const;
  return [say('Зову сотрудника.'), { ...handoff, steps: [], misses: [] }];
}

function say(text: string): Decision {
  return { type: 'message.sent', content: [{ kind: 'text', text }] };
}

/** Status and code of a problem, or the status alone. */
export function codeOf(answer: LightMyRequestResponse): (number | string)[] {
  return answer.statusCode < 400 ? [answer.statusCode] : [answer.statusCode, answer.json().code];
}
