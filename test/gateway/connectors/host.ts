import { createHash } from 'node:crypto';
import type { ClientMessage, ClientSignal, ClientView } from '../../../gateway/connectors/client-view.ts';
import type { ConnectorHost, Received } from '../../../gateway/connectors/connector.ts';
import type { Inbound, StoredInbound } from '../../../gateway/connectors/inbound.ts';
import { takeMedia } from '../../../gateway/inbound-media.ts';
import type { ChannelId, MediaId } from '../../../gateway/model/ids.ts';
import type { LinkLook } from '../../../gateway/move-question.ts';

type Authentic = Extract<Received, { authentic: true }>;

/** A hub in memory: keeps what it is handed, each key once, and shows clients what was said to them. */
export interface MemoryHost extends ConnectorHost {
  readonly batches: Authentic[];
  /** Everything that was handed over, in order, repeats included. */
  readonly inbound: readonly Inbound[];
  readonly quarantined: readonly { readonly reason: string; readonly raw: string }[];
  readonly signals: readonly string[];
  /** Every line of the log, as JSON. */
  readonly logged: readonly string[];
  /** While set, `receive` rejects with it. */
  failure: Error | undefined;
  /** Answers instead of `stored`. */
  outcome: StoredInbound | undefined;
  /** What `readMedia` gives. */
  readonly media: Map<MediaId, Uint8Array>;
  /** What people are called, by the network's id, as `named` told it. */
  readonly names: Map<string, string>;
  /** Whose identities were proved. */
  readonly customers: Map<string, string>;
  /** There is room for files today. */
  hasRoom: boolean;
  /** Where one-time links lead. */
  readonly links: Map<string, LinkLook>;
  /** Says something to a client. */
  show(thread: string, message: Omit<ClientMessage, 'type' | 'position' | 'at'>): void;
  showTyping(thread: string, from: 'bot' | 'operator'): void;
  /** Resolves once the condition holds, looked at after each batch. */
  until(condition: () => boolean): Promise<void>;
}

export function memoryHost(channel: string, now: () => Date = () => new Date()): MemoryHost {
  const batches: Authentic[] = [];
  const media = new Map<MediaId, Uint8Array>();
  const logged: string[] = [];
  const signals: string[] = [];
  const views = new Map<string, ClientMessage[]>();
  const watchers = new Set<{
    thread: string;
    position: number;
    listener: (seen: ClientMessage | ClientSignal) => void;
  }>();
  const waiting = new Set<() => void>();
  const seen = new Map<string, number>();
  const log = (level: string) => (fields: object, message: string) => {
    const error = 'err' in fields && fields.err instanceof Error ? fields.err : undefined;
    logged.push(
      JSON.stringify({
        level,
        ...fields,
        err: error && { ...error, message: error.message, stack: error.stack },
        message,
      }),
    );
    for (const look of waiting) look();
  };

  function append(thread: string, message: Omit<ClientMessage, 'type' | 'position' | 'at'>): number {
    const messages = views.get(thread) ?? [];
    views.set(thread, messages);
    // Positions have gaps: other events take numbers too.
    const position = (messages.at(-1)?.position ?? 0) + 2;
    messages.push({ type: 'message', position, at: now(), ...message });
    for (const watcher of watchers) if (watcher.thread === thread) feed(watcher);
    return position;
  }

  function feed(watcher: {
    thread: string;
    position: number;
    listener: (seen: ClientMessage) => void;
  }): void {
    for (const message of views.get(watcher.thread) ?? []) {
      if (message.position <= watcher.position) continue;
      watcher.position = message.position;
      watcher.listener(message);
    }
  }

  function store(inbound: Inbound): StoredInbound {
    if (inbound.type === 'receipt' || inbound.type === 'piece') return { outcome: inbound.type };
    const before = seen.get(inbound.dedupeKey);
    if (before !== undefined) return { outcome: 'duplicate', position: before };
    const position =
      inbound.type === 'message'
        ? append(inbound.sender.externalThread, {
            id: inbound.clientId ?? inbound.dedupeKey,
            from: 'client',
            content: takeMedia(host.channel, inbound.sender.externalThread, inbound.content).content,
          })
        : 0;
    seen.set(inbound.dedupeKey, position);
    return { outcome: 'stored', position };
  }

  const view: ClientView = {
    newest: async (thread, limit) => (views.get(thread) ?? []).slice(-limit),
    watch(thread, after, listener) {
      const watcher = { thread, position: after, listener };
      watchers.add(watcher);
      queueMicrotask(() => {
        if (watchers.has(watcher)) feed(watcher);
      });
      return () => watchers.delete(watcher);
    },
  };

  const host: MemoryHost = {
    channel: channel as ChannelId,
    webhookUrl: `http://127.0.0.1:3000/channels/${channel}/webhook`,
    view,
    keepMedia: async (bytes) => ({
      outcome: 'kept',
      hash: createHash('sha256').update(bytes).digest('hex'),
      type: 'application/octet-stream',
      size: bytes.length,
    }),
    hasRoomFor: async () => host.hasRoom,
    maxMediaBytes: 1_000_000,
    async readMedia(id) {
      const bytes = media.get(id);
      if (!bytes) throw new Error('not stored');
      return bytes;
    },
    media,
    fetch: globalThis.fetch,
    now,
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    batches,
    logged,
    signals,
    customers: new Map(),
    links: new Map(),
    hasRoom: true,
    failure: undefined,
    outcome: undefined,
    get inbound() {
      return batches.flatMap((batch) => batch.inbound);
    },
    get quarantined() {
      return batches.flatMap((batch) => batch.quarantine ?? []);
    },
    lookAtLink: async (link) => host.links.get(link) ?? { state: 'ended' },
    names: new Map(),
    named: async (user, name) => void host.names.set(user, name),
    customerOf: async (user) => host.customers.get(user),
    async receive(received) {
      if (host.failure) throw host.failure;
      if (!received.authentic) return [];
      batches.push(received);
      const stored = received.inbound.map((one) => host.outcome ?? store(one));
      for (const look of waiting) look();
      return stored;
    },
    forget: async (keys) => {
      for (const key of keys) seen.delete(key);
    },
    signal: (thread) => {
      signals.push(thread);
      for (const look of waiting) look();
    },
    show: (thread, message) => void append(thread, message),
    showTyping(thread, from) {
      for (const watcher of watchers)
        if (watcher.thread === thread) watcher.listener({ type: 'typing', from });
    },
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
  return host;
}
