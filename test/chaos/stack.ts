import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../../config/version.ts';
import { openDatabase } from '../../gateway/store/database.ts';
import { type Verified, verify } from '../../gateway/store/verify.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { ensureBuilt } from '../fixtures/built.ts';
import { freePort } from '../fixtures/hub.ts';
import { embeddedPostgres, type PostgresProcess, startPostgres } from '../fixtures/postgres-server.ts';
import { startRedis, type TestRedis } from '../fixtures/redis.ts';
import { createHubProcess, type HubProcess } from './hub-process.ts';

/** The program that `npm start` runs. */
const OKNO = join(ROOT, 'config', 'bin.mjs');
const SECRET = 'chaos';

export interface StackOptions {
  /** One node runs on its embedded database; more share a PostgreSQL and a Redis. */
  readonly nodes: number;
  /** Without it the hub polls. */
  readonly webhook: boolean;
  /** What is run as the hub. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Hubs with all that they talk to; each part can be killed. */
export interface Stack {
  readonly telegram: FakeTelegram;
  readonly nodes: readonly [HubProcess, ...HubProcess[]];
  readonly postgres: PostgresProcess;
  readonly redis: TestRedis | undefined;
  readonly secret: string;
  webhooks(): readonly [string, ...string[]];
  /** What `okno verify --full` of the true build finds. */
  verify(): Promise<Verified>;
  stop(): Promise<void>;
}

/** Makes everything ready and starts the nodes. */
export async function startStack(options: StackOptions): Promise<Stack> {
  // A hub that has to build first is not ready in time on a busy machine.
  if (!options.program) await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'okno-chaos-'));
  // As root the database runs as another user, who must come through.
  chmodSync(folder, 0o711);
  const isShared = options.nodes > 1;
  const dataDir = join(folder, 'data');
  const telegram = await startFakeTelegram();
  const postgres = isShared ? await startPostgres(dataDir) : embeddedPostgres(dataDir);
  const redis = isShared ? await startRedis() : undefined;
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    OKNO_DEMO: 'echo',
    LOG_LEVEL: process.env.CHAOS_LOG ?? 'silent',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    ...(options.webhook && { TELEGRAM_WEBHOOK_SECRET: SECRET }),
    ...(isShared && { DATABASE_URL: postgres.url }),
    ...(redis && { REDIS_URL: redis.url }),
    ...options.env,
  };
  const ports = await Promise.all(Array.from({ length: options.nodes }, freePort));
  const [first, ...others] = ports.map((port) =>
    createHubProcess(
      options.program ?? OKNO,
      { ...env, PORT: String(port), ...(isShared && { DATA_DIR: join(folder, `node-${port}`) }) },
      `http://127.0.0.1:${port}`,
    ),
  );
  if (!first) throw new Error('no node was asked for');
  const nodes = [first, ...others] as const;
  const stack: Stack = {
    telegram,
    nodes,
    postgres,
    redis,
    secret: SECRET,
    webhooks: () => [webhookOf(first), ...others.map(webhookOf)],
    // A server that runs anyway needs no process of its own to be looked at.
    verify: () => (isShared ? verifyAt(postgres.url) : verifyByCommand(env)),
    async stop() {
      for (const node of nodes) await node.kill('SIGKILL');
      await redis?.stop();
      postgres.kill();
      await postgres.stop();
      await telegram.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    // One after another: the first one makes the schema.
    for (const node of nodes) await node.start();
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

const webhookOf = ({ url }: HubProcess): string => `${url}/channels/telegram/webhook`;

async function verifyAt(url: string): Promise<Verified> {
  const db = openDatabase(url, () => {});
  try {
    return await verify(db, { full: true });
  } finally {
    await db.end();
  }
}

async function verifyByCommand(env: NodeJS.ProcessEnv): Promise<Verified> {
  const child = spawn(process.execPath, [OKNO, 'verify', '--full', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}
