/** An update as the Bot API serves it; https://core.telegram.org/bots/api#update */
export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

/** What a webhook was set to; https://core.telegram.org/bots/api#setwebhook */
interface Webhook {
  readonly url: string;
  readonly secret?: string | undefined;
  /** "Maximum allowed number of simultaneous HTTPS connections to the webhook … Defaults to 40." */
  readonly maxConnections: number;
}

interface PollRequest {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
  readonly timeout?: number | undefined;
}

/** https://core.telegram.org/bots/api#getupdates: "all update types except chat_member, message_reaction, and message_reaction_count (default)". */
const NOT_BY_DEFAULT = ['chat_member', 'message_reaction', 'message_reaction_count'];
/** How soon a webhook is called again after a failure. The documentation says only "a reasonable amount of attempts". */
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;

/** The queue of updates that wait for a bot, and both ways of giving them out. */
export class Updates {
  #queue: Update[] = [];
  #replays: Update[] = [];
  #allowed: readonly string[] = [];
  #webhook: Webhook | undefined;
  #lastId = Math.floor(Math.random() * 1e6) + 1e5;
  #wakePoll: (() => void) | undefined;
  #endPoll: (() => void) | undefined;
  #reverseNext = false;
  readonly #delivering = new Set<number>();
  readonly #chats = new Map<string, Promise<void>>();
  #lastError: { at: number; message: string } | undefined;
  #stopped = new AbortController();
  /** Every answer of a webhook, in order. */
  readonly answers: { updateId: number; status: number }[] = [];

  /** "Update identifiers start from a certain positive number and increase sequentially." */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Queues an update, unless its type is not wanted: that decides when it comes into being, not later. */
  add(update: Update): void {
    const kind = Object.keys(update).find((key) => key !== 'update_id') ?? '';
    const wanted = this.#allowed.length > 0 ? this.#allowed.includes(kind) : !NOT_BY_DEFAULT.includes(kind);
    if (wanted) this.addUnwanted(update);
  }

  /** Queues an update of whatever type: "unwanted updates may be received for a short period of time". */
  addUnwanted(update: Update): void {
    this.#queue.push(update);
    this.#wakePoll?.();
    if (this.#webhook) this.#deliver(update);
  }

  /**
   * Gives an update out again, as happens when Telegram did not see that it had arrived: by webhook at once and side by
   * side, by polling with the next batch.
   */
  async replay(update: Update, times: number): Promise<void> {
    const copies = Array.from({ length: times }, () => update);
    if (this.#webhook) {
      await Promise.all(copies.map((copy) => this.#post(copy)));
      return;
    }
    this.#replays.push(...copies);
    this.#wakePoll?.();
  }

  /** The next batch that is polled comes in the wrong order. */
  reverseNext(): void {
    this.#reverseNext = true;
  }

  /** True until it is confirmed, by an offset behind it or by the webhook's answer. */
  isPending(update: Update): boolean {
    return this.#queue.includes(update);
  }

  get pending(): number {
    return this.#queue.length;
  }

  info(): Record<string, unknown> {
    return {
      url: this.#webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: this.#queue.length,
      ...(this.#lastError && {
        last_error_date: this.#lastError.at,
        last_error_message: this.#lastError.message,
      }),
      ...(this.#webhook && { max_connections: this.#webhook.maxConnections }),
      allowed_updates: this.#allowed,
    };
  }

  get webhook(): Webhook | undefined {
    return this.#webhook;
  }

  allow(kinds: readonly string[] | undefined): void {
    // "If not specified, the previous setting will be used."
    if (kinds) this.#allowed = kinds;
  }

  drop(): void {
    this.#queue = [];
  }

  set(webhook: Webhook | undefined): void {
    this.#webhook = webhook;
    this.#endPoll?.();
    if (webhook) for (const update of this.#queue) this.#deliver(update);
  }

  /**
   * https://core.telegram.org/bots/api#getupdates; undefined where another poll took this one's place.
   * `gone` aborts when the asker has hung up.
   */
  async poll(
    { offset, limit = 100, timeout = 0 }: PollRequest,
    gone: AbortSignal,
  ): Promise<Update[] | undefined> {
    this.#endPoll?.();
    if (offset !== undefined && offset >= 0) {
      // "An update is considered confirmed as soon as getUpdates is called with an offset higher than its update_id."
      this.#queue = this.#queue.filter(({ update_id }) => update_id >= offset);
    } else if (offset !== undefined) {
      // "retrieve updates starting from -offset update from the end of the updates queue. All previous updates will be forgotten."
      this.#queue = this.#queue.slice(offset);
    }
    let ended = false;
    const until = Date.now() + timeout * 1000;
    while (this.#queue.length === 0 && this.#replays.length === 0 && !ended && !gone.aborted) {
      const left = until - Date.now();
      if (left <= 0) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        const wake = () => {
          clearTimeout(timer);
          resolve();
        };
        this.#wakePoll = wake;
        this.#endPoll = () => {
          ended = true;
          wake();
        };
        gone.addEventListener('abort', wake, { once: true });
      });
    }
    if (ended) return undefined;
    // An asker that hung up must not take the replays with it.
    if (gone.aborted) return [];
    const batch = [...this.#replays.splice(0), ...this.#queue].slice(0, Math.min(Math.max(limit, 1), 100));
    if (!this.#reverseNext || batch.length < 2) return batch;
    this.#reverseNext = false;
    return batch.reverse();
  }

  stop(): void {
    this.#stopped.abort();
    this.#webhook = undefined;
    this.#endPoll?.();
  }

  /** Calls the webhook until it answers 2xx; updates of one chat wait for each other, others do not. */
  #deliver(update: Update): void {
    if (this.#delivering.has(update.update_id)) return;
    this.#delivering.add(update.update_id);
    const chat = chatOf(update);
    const before = this.#chats.get(chat) ?? Promise.resolve();
    this.#chats.set(
      chat,
      before.then(() => this.#deliverNow(update)),
    );
  }

  async #deliverNow(update: Update): Promise<void> {
    for (let failures = 0; this.#webhook && !this.#stopped.signal.aborted; failures++) {
      const status = await this.#post(update);
      if (status >= 200 && status < 300) {
        this.#queue = this.#queue.filter((one) => one !== update);
        break;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS)).unref();
      });
    }
    this.#delivering.delete(update.update_id);
  }

  /** One call of the webhook; 0 where it did not answer. */
  async #post(update: Update): Promise<number> {
    const webhook = this.#webhook;
    if (!webhook) return 0;
    const status = await fetch(webhook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // "the request will contain a header “X-Telegram-Bot-Api-Secret-Token” with the secret token as content"
        ...(webhook.secret && { 'x-telegram-bot-api-secret-token': webhook.secret }),
      },
      body: JSON.stringify(update),
      signal: this.#stopped.signal,
    }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    this.answers.push({ updateId: update.update_id, status });
    if (status < 200 || status >= 300) {
      const message = status ? `Wrong response from the webhook: ${status}` : 'Connection failed';
      this.#lastError = { at: Math.floor(Date.now() / 1000), message };
    }
    return status;
  }
}

function chatOf(update: Update): string {
  return /"chat":\{"id":(-?\d+)/.exec(JSON.stringify(update))?.[1] ?? String(update.update_id);
}
