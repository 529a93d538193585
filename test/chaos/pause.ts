import { setTimeout as sleep } from 'node:timers/promises';
import { createWebhookIntake } from './intake.ts';
import { createRandom } from './random.ts';
import { observed, type Report, report } from './report.ts';
import { createSpeakers } from './speakers.ts';
import { startStack } from './stack.ts';
import { settled, staleAttempts } from './stored.ts';
import { crashesOf, stopAll } from './storm.ts';

export interface PauseOptions {
  readonly messages: number;
  readonly seed: number;
  readonly program?: string;
}

/** Longer than a lease (15 s), the other node's look at it, and the take-over. */
const PAUSE_MS = 20_000;
const CHATS = 60;
/** Clients whose first message waits in the paused node's own queue. */
const WAITING_CHATS = 60;
const SETTLE_LIMIT_MS = 150_000;
const REACH_MS = 300;

/**
 * A node is stopped (SIGSTOP) in the middle of its work for longer than its lease, and goes on: another has its shards
 * by then, and what comes to it first waits in its own sockets.
 */
export async function pause({ messages, seed, program }: PauseOptions): Promise<Report> {
  const random = createRandom(seed);
  const stack = await startStack({ nodes: 2, webhook: true, program });
  try {
    const [paused] = stack.nodes;
    const [pausedWebhook] = stack.webhooks();
    const intake = createWebhookIntake({
      telegram: stack.telegram,
      urls: stack.webhooks(),
      secret: stack.secret,
      random,
    });
    const chats = Array.from({ length: CHATS }, (_, index) => 2_000 + index);
    const speakers = createSpeakers({ telegram: stack.telegram, intake, random, chats, messages });
    const toPaused = createWebhookIntake({
      telegram: stack.telegram,
      urls: [pausedWebhook],
      secret: stack.secret,
      random,
    });
    const waiting = new Map<number, string[]>();

    const speaking = speakers.run();
    while (speakers.count() < messages / 4) await sleep(REACH_MS);
    await paused.kill('SIGSTOP');
    await sleep(PAUSE_MS);
    const queued = Array.from({ length: WAITING_CHATS }, async (_, index) => {
      const chat = 4_000 + index;
      await toPaused.say(chat, 'while you were away', false);
      waiting.set(chat, ['while you were away']);
    });
    await sleep(REACH_MS);
    await paused.kill('SIGCONT');
    await Promise.all([speaking, ...queued]);
    await speakers.redeliverLate();
    const left = await settled(stack.postgres.url, SETTLE_LIMIT_MS);
    const counts = await observed(stack, new Map([...speakers.said, ...waiting]), true);
    const stale = await staleAttempts(stack.postgres.url);
    return report('a node paused for longer than its lease, 2 nodes', {
      did: { messages: speakers.count() + waiting.size, pausedMs: PAUSE_MS },
      left,
      counts,
      answers: new Map([...intake.answers, ...toPaused.answers]),
      exits: await stopAll(stack),
      verified: await stack.verify(),
      more: [
        ...crashesOf(stack),
        ...(stale > 0 ? [`attempts marked under a term that was over: ${stale}`] : []),
      ],
    });
  } finally {
    await stack.stop();
  }
}
