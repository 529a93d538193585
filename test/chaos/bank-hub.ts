import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../config/version.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { ensureBuilt } from '../fixtures/built.ts';
import { freePort } from '../fixtures/hub.ts';
import { freshDatabase } from '../fixtures/postgres.ts';
import { createHubProcess, type HubProcess } from './hub-process.ts';

/** The demo bank's hub as a process that can be killed, with a Telegram that calls it, on a database that the test reads. */
export interface BankHub {
  readonly hub: HubProcess;
  readonly telegram: FakeTelegram;
  /** What Telegram's calls prove themselves with. */
  readonly secret: string;
  readonly databaseUrl: string;
  readonly db: Database;
  stop(): Promise<void>;
}

/** Makes everything ready; the hub itself is started by the test. */
export async function prepareBankHub(): Promise<BankHub> {
  // A hub that has to build first is not ready in time on a busy machine.
  await ensureBuilt();
  const secret = 'chaos';
  const folder = mkdtempSync(join(tmpdir(), 'okno-bank-'));
  const telegram = await startFakeTelegram();
  const databaseUrl = await freshDatabase();
  const db = openDatabase(databaseUrl, () => {});
  const port = String(await freePort());
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    PORT: port,
    OKNO_DEMO: '1',
    LOG_LEVEL: process.env.CHAOS_LOG ?? 'silent',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: secret,
  };
  const hub = createHubProcess(join(ROOT, 'config', 'bin.mjs'), env, `http://127.0.0.1:${port}`);
  return {
    hub,
    telegram,
    secret,
    databaseUrl,
    db,
    async stop() {
      await hub.kill('SIGKILL');
      await telegram.stop();
      await db.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
