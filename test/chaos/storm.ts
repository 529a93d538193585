import { setTimeout as sleep } from 'node:timers/promises';
import { createPollingIntake, createWebhookIntake, type Intake } from './intake.ts';
import { createRandom, type Random } from './random.ts';
import { observed, type Report, report } from './report.ts';
import { createSpeakers, type Speakers } from './speakers.ts';
import { type Stack, startStack } from './stack.ts';
import { settled } from './stored.ts';

export interface StormOptions {
  readonly nodes: number;
  readonly messages: number;
  readonly kills: number;
  readonly seed: number;
  readonly chats?: number;
  /** Default: polling on one node, webhooks on several. */
  readonly webhook?: boolean;
  readonly program?: string;
  /** Whom the kills strike, in turn; default all that there is. */
  readonly victims?: readonly Victim[];
}

type Victim = 'hub' | 'postgres' | 'redis';

const CHATS = 100;
const SETTLE_LIMIT_MS = 150_000;
const LONGEST_AWAY_MS = 1_500;
const LOOK_EACH_MS = 10;

/** Clients talk while hubs, the database and Redis are killed at random moments; then everything is accounted for. */
export async function storm(options: StormOptions): Promise<Report> {
  const { nodes, messages, kills, seed } = options;
  const webhook = options.webhook ?? nodes > 1;
  const random = createRandom(seed);
  const stack = await startStack({ nodes, webhook, program: options.program });
  try {
    const intake = webhook
      ? createWebhookIntake({
          telegram: stack.telegram,
          urls: stack.webhooks(),
          secret: stack.secret,
          random,
        })
      : createPollingIntake(stack.telegram);
    const chats = Array.from({ length: options.chats ?? CHATS }, (_, index) => 1_000 + index);
    const speakers = createSpeakers({ telegram: stack.telegram, intake, random, chats, messages });
    const began = performance.now();
    const [killed] = await Promise.all([
      killAtRandom(stack, speakers, { kills, messages, random, victims: options.victims }),
      speakers.run(),
    ]);
    await raiseTheDead(stack);
    await speakers.redeliverLate();
    const left = await settled(stack.postgres.url, SETTLE_LIMIT_MS, intake.pending);
    const seconds = (performance.now() - began) / 1_000;
    const what = await observed(stack, speakers.said, true);
    const exits = await stopAll(stack);
    return report(`${nodes} node${nodes > 1 ? 's' : ''}, ${webhook ? 'webhook' : 'polling'}`, {
      did: { ...didOf(speakers, killed, intake), seconds: Math.round(seconds) },
      left,
      exits,
      counts: what,
      verified: await stack.verify(),
      answers: intake.answers,
      more: crashesOf(stack),
    });
  } finally {
    await stack.stop();
  }
}

function didOf(speakers: Speakers, killed: ReadonlyMap<Victim, number>, intake: Intake) {
  return {
    messages: speakers.count(),
    redelivered: speakers.redelivered(),
    kills: Object.fromEntries(killed),
    faults: Object.fromEntries(speakers.faults),
    webhookAnswers: Object.fromEntries(intake.answers),
  };
}

/** Kills spread over the conversation, each at a random moment of its part of it. */
async function killAtRandom(
  stack: Stack,
  speakers: Speakers,
  {
    kills,
    messages,
    random,
    victims = victimsIn(stack),
  }: Pick<StormOptions, 'kills' | 'messages' | 'victims'> & { readonly random: Random },
): Promise<ReadonlyMap<Victim, number>> {
  const killed = new Map<Victim, number>();
  for (let kill = 0; kill < kills; kill++) {
    const moment = (messages * (kill + random.next())) / (kills + 1);
    while (speakers.count() < moment) await sleep(LOOK_EACH_MS);
    const victim = victims[kill % victims.length] ?? 'hub';
    killed.set(victim, (killed.get(victim) ?? 0) + 1);
    await killAndRestart(stack, victim, random);
    await speakers.redeliverLate();
  }
  return killed;
}

function victimsIn({ redis }: Stack): readonly Victim[] {
  return redis ? ['hub', 'postgres', 'hub', 'redis', 'hub'] : ['hub', 'hub', 'postgres'];
}

async function killAndRestart(stack: Stack, victim: Victim, random: Random): Promise<void> {
  await raiseTheDead(stack);
  const away = () => sleep(random.below(LONGEST_AWAY_MS));
  if (victim === 'hub') {
    const node = random.pick(stack.nodes);
    await node.kill('SIGKILL');
    await away();
    await node.start();
  } else if (victim === 'postgres') {
    stack.postgres.kill();
    await away();
    await stack.postgres.restart();
  } else {
    await stack.redis?.kill();
    await away();
    await stack.redis?.restart();
  }
}

/** As a supervisor would; each crash is a fault all the same. */
async function raiseTheDead({ nodes }: Stack): Promise<void> {
  for (const node of nodes) if (node.hasEnded()) await node.start();
}

export function crashesOf({ nodes }: Stack): readonly string[] {
  const crashes = nodes.reduce((sum, node) => sum + node.crashes(), 0);
  return crashes > 0 ? [`hubs ended by themselves ${crashes} times`] : [];
}

/** Stops all nodes gracefully; their exit codes. */
export function stopAll(stack: Stack): Promise<readonly (number | null)[]> {
  return Promise.all(stack.nodes.map((node) => node.stop()));
}
