import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeTelegram } from '../fakes/telegram.ts';
import type { Update } from '../fakes/telegram-updates.ts';
import type { Random } from './random.ts';

/** How clients' messages reach the hub, as Telegram brings them. */
export interface Intake {
  /** Brings a message until it is acknowledged; `beside` brings it a second time at the same time. */
  say(chat: number, text: string, beside: boolean): Promise<Update>;
  /** Brings an acknowledged update again, until that is acknowledged too. */
  again(update: Update): Promise<void>;
  /** What webhooks were answered, by status; 0: no answer. Empty where the hub polls. */
  readonly answers: ReadonlyMap<number, number>;
  /** Updates that wait to be fetched. */
  pending(): number;
}

/** Updates that may wait to be polled. */
const MAX_PENDING = 200;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
/** Longer than the hub may take to answer. */
const ANSWER_LIMIT_MS = 10_000;
/** A connection that the network cuts is cut within this time. */
const CUT_WITHIN_MS = 20;

/** Updates are polled: an update is acknowledged by the offset, so the network keeps it until then. */
export function createPollingIntake(telegram: FakeTelegram): Intake {
  const { updates } = telegram;
  // The network gives out again only what it had given out, and in the order of its numbers.
  const again = async (update: Update) => {
    while (updates.isPending(update)) await sleep(FIRST_PAUSE_MS);
    await updates.replay(update, 1);
  };
  return {
    answers: new Map(),
    pending: () => updates.pending,
    async say(chat, text, beside) {
      while (updates.pending > MAX_PENDING) await sleep(FIRST_PAUSE_MS);
      const update = telegram.say(chat, text);
      if (beside) await again(update);
      return update;
    },
    again,
  };
}

export interface WebhookIntakeOptions {
  /** Where the chats are. */
  readonly telegram: FakeTelegram;
  /** The nodes' webhooks; each request goes to one of them, whether it runs or not. */
  readonly urls: readonly [string, ...string[]];
  readonly secret: string;
  readonly random: Random;
}

/**
 * Updates are posted. The updates of a chat come one after another, each again and again until it is answered 2xx
 * (https://core.telegram.org/bots/api#setwebhook: "we will repeat the request").
 */
export function createWebhookIntake({ telegram, urls, secret, random }: WebhookIntakeOptions): Intake {
  const answers = new Map<number, number>();

  async function post(update: Update, signal: AbortSignal): Promise<number> {
    const status = await fetch(random.pick(urls), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify(update),
      signal,
    }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    answers.set(status, (answers.get(status) ?? 0) + 1);
    return status;
  }

  async function deliver(update: Update): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const status = await post(update, AbortSignal.timeout(ANSWER_LIMIT_MS)).catch(() => 0);
      if (status >= 200 && status < 300) return;
      await sleep(pauseMs);
    }
  }

  return {
    answers,
    pending: () => 0,
    async say(chat, text, beside) {
      telegram.chats.open(chat);
      const update = updateOf(telegram.updates.nextId(), chat, text);
      // The twin's connection is cut at some moment, before or after it was answered.
      const twin = beside
        ? post(update, AbortSignal.timeout(1 + random.below(CUT_WITHIN_MS))).catch(() => 0)
        : undefined;
      await deliver(update);
      await twin;
      return update;
    },
    again: deliver,
  };
}

/** https://core.telegram.org/bots/api#update */
function updateOf(id: number, chat: number, text: string): Update {
  const from = { id: chat, is_bot: false, first_name: `Client ${chat}`, language_code: 'ru' };
  const message = {
    message_id: id,
    date: 1_700_000_000,
    chat: { id: chat, type: 'private' },
    from,
    text,
  };
  return { update_id: id, message };
}
