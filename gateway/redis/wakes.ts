import Bull from 'bull';
import type { Log } from '../connectors/connector.ts';
import { shardOf } from '../model/shard.ts';
import type { Shards } from '../shards.ts';
import { createWakes, type Wake, type Wakes } from '../wakes.ts';
import type { RedisLink } from './connection.ts';

export interface RedisWakesOptions {
  readonly link: RedisLink;
  readonly shards: Pick<Shards, 'node' | 'nodeOf' | 'termOf' | 'living'>;
  readonly now: () => Date;
  readonly log: Log;
  readonly onSent?: (outcome: 'sent' | 'left') => void;
}

/** Braces keep a queue's keys together in a cluster. */
const PREFIX = '{okno:wake}';
/** Ids of nodes that have a queue, so that the queue of a node that was killed is taken away. */
const QUEUES = `${PREFIX}:nodes`;
const CLEAN_MS = 60_000;
const MAX_WAITING = 1_000;
const AT_ONCE = 32;

/** What falls due later waits in one queue of all nodes, so that it outlives the node that put it there. */
const DUE = 'due';

/**
 * Wakes between nodes by Bull: a queue for each node, and one for what falls due later. A job is an id and nothing else,
 * and costs more than a turn, so what a node can tell itself goes without one.
 */
export function createRedisWakes({ link, shards, now, log, onSent }: RedisWakesOptions): Wakes {
  const own = createWakes(now);
  const listeners: ((wake: Wake) => void)[] = [];
  const queues = new Map<string, Bull.Queue<Wake>>();
  let waiting = 0;

  const shared = { client: link.waiting(), subscriber: link.waiting() };
  const workers = [shards.node, DUE].map((name) => {
    const worker = new Bull<Wake>(name, {
      prefix: PREFIX,
      createClient: (type) => (type === 'bclient' ? link.waiting() : shared[type]),
      // A job that a pause stalled is only late.
      settings: { maxStalledCount: 1_000 },
    });
    worker.on('error', (error) => log.debug({ err: error }, 'a queue of wakes could not be read'));
    worker
      .process(AT_ONCE, async ({ data }) => {
        if (name !== DUE || shards.termOf(shardOf(data.conversation)) !== undefined) hear(data);
        else passOn(data);
      })
      .catch(() => {});
    return worker;
  });
  const cleaning = setInterval(() => void clean().catch(() => {}), CLEAN_MS);
  void announce();

  function hear(wake: Wake): void {
    for (const listener of listeners) listener(wake);
  }

  /** What falls due comes to any node. */
  function passOn(wake: Wake): void {
    const node = shards.nodeOf(shardOf(wake.conversation));
    const jobId = `at:${wake.conversation}:${now().getTime()}`;
    if (node && node !== shards.node) add(node, wake, { jobId });
  }

  async function announce(): Promise<void> {
    await link.commands.sadd(QUEUES, shards.node).catch(() => {});
  }

  function queueOf(node: string): Bull.Queue<Wake> {
    const known = queues.get(node);
    if (known) return known;
    const queue = new Bull<Wake>(node, { prefix: PREFIX, createClient: () => link.commands });
    queue.on('error', () => {});
    queues.set(node, queue);
    return queue;
  }

  /** Where it could not be put there, `onLeft`. */
  function add(queue: string, wake: Wake, options: Bull.JobOptions, onLeft?: () => void): void {
    const leave = () => {
      onSent?.('left');
      onLeft?.();
    };
    if (!link.isUp() || waiting >= MAX_WAITING) {
      leave();
      return;
    }
    waiting += 1;
    queueOf(queue)
      .add(wake, { ...options, removeOnComplete: true, removeOnFail: true })
      .then(() => onSent?.('sent'), leave)
      .finally(() => {
        waiting -= 1;
      });
  }

  /** Takes away the queues of nodes that live no more. What they held is found by the sweep of who works it now. */
  async function clean(): Promise<void> {
    if (!link.isUp()) return;
    await announce();
    const living = new Set(shards.living());
    for (const node of await link.commands.smembers(QUEUES)) {
      if (living.has(node)) continue;
      const queue = queueOf(node);
      await queue.obliterate({ force: true });
      await link.commands.srem(QUEUES, node);
      queues.delete(node);
      // It takes its listeners off the connection then; closing it would end the connection, which is not its own.
      queue.emit('close');
    }
  }

  return {
    wakeOwner(conversation, seq) {
      const node = shards.nodeOf(shardOf(conversation));
      if (!node || node === shards.node) return;
      // With the number: a wake for an earlier event that is being worked must not swallow this one.
      add(node, { conversation, isTimed: false }, { jobId: `turn:${conversation}:${seq}` });
    },
    wakeAt(conversation, at) {
      const delay = Math.max(0, at.getTime() - now().getTime());
      const jobId = `at:${conversation}:${at.getTime()}`;
      add(DUE, { conversation, isTimed: true }, { jobId, delay }, () => own.wakeAt(conversation, at));
    },
    onWake(listener) {
      listeners.push(listener);
      own.onWake(listener);
    },
    async stop() {
      clearInterval(cleaning);
      await own.stop();
      if (link.isUp()) {
        await queueOf(shards.node)
          .obliterate({ force: true })
          .catch(() => {});
        await link.commands.srem(QUEUES, shards.node).catch(() => {});
      }
      // Not waited for: Redis may not answer, and its connections are ended next.
      for (const worker of workers) void worker.close(true).catch(() => {});
    },
  };
}
