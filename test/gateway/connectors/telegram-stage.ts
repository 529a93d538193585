import { afterEach, beforeEach } from 'vitest';
import type { Connector } from '../../../gateway/connectors/connector.ts';
import { telegram } from '../../../gateway/connectors/telegram/index.ts';
import { type FakeTelegram, startFakeTelegram } from '../../fakes/telegram.ts';
import { type MemoryHost, memoryHost } from './host.ts';

/** A secret of the webhook. */
export const SECRET = 'a-secret_1';

/** A Telegram and a hub of each test's own. */
export class TelegramStage {
  fake!: FakeTelegram;
  host!: MemoryHost;
  stop!: AbortController;
  /** What `listen` began. */
  listening: Promise<unknown> = Promise.resolve();

  async open(): Promise<void> {
    this.fake = await startFakeTelegram();
    this.host = memoryHost('telegram');
    this.stop = new AbortController();
    this.listening = Promise.resolve();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.listening;
    await this.fake.stop();
  }

  connect(settings: Record<string, unknown> = {}): Connector {
    const { token, url: apiRoot } = this.fake;
    return telegram.connect(telegram.settings.parse({ token, apiRoot, ...settings }), this.host);
  }

  /** Listens until the test ends; an error is what `listening` resolves to. */
  listen(connector: Connector): void {
    const { signal } = this.stop;
    this.listening = connector.listen?.(signal).catch((error: unknown) => error) ?? Promise.resolve();
  }
}

/** For a file of tests: opened anew before each of them. */
export function telegramStage(): TelegramStage {
  const stage = new TelegramStage();
  beforeEach(() => stage.open());
  afterEach(() => stage.close());
  return stage;
}
