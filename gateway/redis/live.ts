import { z } from 'zod';
import type { Log } from '../connectors/connector.ts';
import { createLive, type Live, type Update } from '../live.ts';
import { parseJson } from '../parse-json.ts';
import type { RedisLink } from './connection.ts';

export interface RedisLiveOptions {
  readonly link: RedisLink;
  /** This node's id. */
  readonly node: string;
  readonly log: Log;
  readonly timing?: RedisLiveTiming;
}

export interface RedisLiveTiming {
  readonly heartbeatMs: number;
  /** A node from which nothing came for so long is not heard; this one's own word counts too. */
  readonly silentMs: number;
  /** How often listeners look for themselves while somebody is not heard. */
  readonly gapEveryMs: number;
}

/** A node's updates of one moment. */
const frame = z.object({
  node: z.string(),
  /** Counts this node's frames, also those that could not be published. */
  number: z.number(),
  /** The node's last: it stops. */
  ends: z.boolean().optional(),
  updates: z.array(z.unknown()),
});
type Frame = z.infer<typeof frame>;

interface Heard {
  number: number;
  atMs: number;
}

const CHANNEL = 'okno:live';
const TIMING: RedisLiveTiming = { heartbeatMs: 1_000, silentMs: 4_000, gapEveryMs: 3_000 };
/** A node that is not heard for so long is gone: its work was taken over. */
const FORGET_MS = 60_000;
const RECONNECT_MS = 15_000;
const MAX_UPDATES = 500;

/**
 * Live updates of all nodes, by publish and subscribe. Here each is told at once; to the others it goes with what else
 * came in the same turn of the event loop. Whoever misses something is told of a gap: frames are counted, and a node
 * hears itself.
 */
export function createRedisLive({ link, node, log, timing = TIMING }: RedisLiveOptions): Live & {
  stop(): Promise<void>;
} {
  const local = createLive((error) => log.error({ err: error }, 'a live listener failed'));
  const heard = new Map<string, Heard>([[node, { number: 0, atMs: performance.now() }]]);
  let waiting: Update[] = [];
  let number = 0;
  let lastGapMs = 0;
  let wasSilent = false;
  let reconnectedMs = 0;

  function flush(): void {
    const updates = waiting;
    waiting = [];
    publish({ node, number: ++number, updates });
  }

  function publish(said: Frame): void {
    // What is not published is missed, and its number tells.
    if (link.isUp()) link.commands.publish(CHANNEL, JSON.stringify(said)).catch(() => {});
  }

  function hear(text: string): void {
    const said = frame.safeParse(parseJson(text)).data;
    if (!said) return;
    const nowMs = performance.now();
    const known = heard.get(said.node);
    if (known && said.number > known.number + 1) tellGap(nowMs - known.atMs);
    heard.set(said.node, { number: said.number, atMs: nowMs });
    if (said.ends) heard.delete(said.node);
    if (said.node === node) return;
    // Our own nodes wrote them, from the same types.
    for (const update of said.updates) local.publish(revive(update as Update));
  }

  function tellGap(sinceMs: number): void {
    lastGapMs = performance.now();
    local.publish({ type: 'gap', sinceMs: sinceMs + timing.gapEveryMs });
  }

  /** While somebody is not heard, and once more when all are heard again. */
  function beat(): void {
    flush();
    const nowMs = performance.now();
    const silences: number[] = [];
    for (const [id, { atMs }] of heard) {
      const silentMs = nowMs - atMs;
      if (id !== node && silentMs > FORGET_MS) heard.delete(id);
      else if (silentMs > timing.silentMs) silences.push(silentMs);
    }
    const ownSilentMs = nowMs - (heard.get(node)?.atMs ?? nowMs);
    // A connection whose other side is gone without a word would stay silent for ever.
    if (link.isUp() && ownSilentMs > RECONNECT_MS && nowMs - reconnectedMs > RECONNECT_MS) {
      reconnectedMs = nowMs;
      subscriber.disconnect(true);
    }
    const isSilent = silences.length > 0;
    if (isSilent ? nowMs - lastGapMs >= timing.gapEveryMs : wasSilent)
      tellGap(Math.max(timing.silentMs, ...silences));
    wasSilent = isSilent;
  }

  const subscriber = link.waiting();
  subscriber.on('message', (_channel, text) => hear(text));
  subscriber.subscribe(CHANNEL).catch((error: unknown) => log.debug({ err: error }, 'not subscribed yet'));
  const beating = setInterval(beat, timing.heartbeatMs);

  return {
    publish(update) {
      local.publish(update);
      if (waiting.length === 0) setImmediate(flush);
      if (waiting.length < MAX_UPDATES) waiting.push(withoutWords(update));
    },
    listen: local.listen,
    async stop() {
      clearInterval(beating);
      publish({ node, number: ++number, updates: waiting, ends: true });
      subscriber.disconnect();
    },
  };
}

/** As JSON carried it: a time has become text. */
function revive(update: Update): Update {
  if (update.type !== 'delivery') return update;
  return { type: 'delivery', delivery: { ...update.delivery, dueAt: new Date(update.delivery.dueAt) } };
}

/** What a caller is saying is a client's words: other nodes hear only that something is said. */
function withoutWords(update: Update): Update {
  if (update.type !== 'typing') return update;
  const { words: _, ...rest } = update;
  return rest;
}
