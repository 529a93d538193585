import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../../config/version.ts';
import { embeddedPostgres } from '../../fixtures/postgres-server.ts';
import { type Network, startChannelApi } from '../driver/channel-api.ts';
import { type Answered, createHttpClient } from '../driver/http-client.ts';
import { updateOf } from '../driver/updates.ts';
import { type Child, startChild } from './child.ts';
import type { Subject } from './subject.ts';

const SECRET = 'bench';
/** Of `npm start`. */
const NODE_FLAGS = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

export interface HubOptions {
  /** `echo`, or `1` for the demo bank's scripts. */
  readonly demo: 'echo' | '1';
  readonly connections: number;
  /** Default: one in this process. */
  readonly api?: Network;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real hub with its own PostgreSQL, and the Bot API that it answers to. */
export interface BenchHub {
  readonly pid: number;
  readonly url: string;
  readonly api: Network;
  /** Posts a message; resolves to the webhook's answer. */
  post(chat: number, text: string): Promise<Answered>;
  /** What waits for a connection to it is never sent. */
  giveUpWaiting(): void;
  /** Posts a message and waits for what the bot says next in that chat. */
  ask(chat: number, text: string): Promise<void>;
  /** The address of its database. */
  databaseUrl(): string;
  stop(): Promise<void>;
}

/** Starts the hub in a folder of its own, or again in `folder`, which then stays. */
export async function startBenchHub(options: HubOptions, folder?: string): Promise<BenchHub> {
  const api = options.api ?? (await startChannelApi());
  const place = folder ?? makeFolder();
  const child = await startHubIn(place, api, options);
  const client = createHttpClient({
    url: `${child.url}/channels/telegram/webhook`,
    headers: { 'x-telegram-bot-api-secret-token': SECRET },
    connections: options.connections,
  });
  const waiting = new Map<number, () => void>();
  api.onMessage = (chat) => waiting.get(chat)?.();
  return {
    pid: child.pid,
    url: child.url,
    api,
    post: (chat, text) => client.post(updateOf(chat, text)),
    giveUpWaiting: client.giveUpWaiting,
    async ask(chat, text) {
      const heard = new Promise<void>((resolve) => waiting.set(chat, resolve));
      const update = updateOf(chat, text);
      // As the network does: told to come again, it comes again.
      let status: number;
      do status = (await client.post(update)).status;
      while (status === 503);
      if (status !== 200) throw new Error(`the hub answered ${status}`);
      await heard;
    },
    databaseUrl: () => embeddedPostgres(join(place, 'data')).url,
    async stop() {
      client.close();
      await child.stop();
      api.stop();
      if (folder === undefined) await removeFolder(place);
    },
  };
}

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'okno-bench-'));
  // As root the database runs as another user, who must come through.
  chmodSync(folder, 0o711);
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await embeddedPostgres(join(folder, 'data')).stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Resolves when the hub has told its address, which it does when it serves. */
function startHubIn(folder: string, api: Network, { demo, env }: HubOptions): Promise<Child> {
  return startChild([...NODE_FLAGS, join(ROOT, 'config/bin.mjs'), 'start'], {
    ...process.env,
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    OKNO_DEMO: demo,
    LOG_LEVEL: process.env.BENCH_LOG ?? 'fatal',
    TELEGRAM_BOT_TOKEN: '1:bench',
    TELEGRAM_API_ROOT: api.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    ...env,
  });
}

let said = 0;

export async function startEcho(connections: number): Promise<Subject> {
  const hub = await startBenchHub({ demo: 'echo', connections });
  return {
    name: 'hub: a durable turn, echo script',
    pid: hub.pid,
    operate: (chat) => hub.ask(chat, `message ${said++}`),
    stop: hub.stop,
  };
}

/** Questions that a script answers at once, as clients put them. */
const QUESTIONS = [
  'who are you',
  'are you a robot',
  'am I talking to a human?',
  'кто ты',
  'ты бот или человек?',
];

export async function startScripts(connections: number): Promise<Subject> {
  const hub = await startBenchHub({ demo: '1', connections });
  return {
    name: 'hub: a durable turn, understood and answered by a script',
    pid: hub.pid,
    operate: (chat) => hub.ask(chat, QUESTIONS[said++ % QUESTIONS.length] ?? ''),
    stop: hub.stop,
  };
}
