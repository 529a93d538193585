import type { Browser } from 'playwright-core';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { ensureBuilt } from '../fixtures/built.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { launchBrowser } from './open-window.ts';

/** The hub of the demo bank with a Telegram, and a browser to look at its window. */
export interface RealHub {
  readonly telegram: FakeTelegram;
  readonly hub: TestHub;
  readonly browser: Browser;
  stop(): Promise<void>;
}

export async function startRealHub(): Promise<RealHub> {
  // The hub serves what is built; nothing is done where it is fresh.
  await ensureBuilt();
  const browser = await launchBrowser();
  const telegram = await startFakeTelegram();
  const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  const hub = await startHub({ demo: 'bank', env });
  return {
    telegram,
    hub,
    browser,
    async stop() {
      await browser.close();
      await hub.stop();
      await telegram.stop();
    },
  };
}
