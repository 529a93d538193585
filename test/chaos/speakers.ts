import type { FakeTelegram } from '../fakes/telegram.ts';
import type { Fault } from '../fakes/telegram-faults.ts';
import type { Update } from '../fakes/telegram-updates.ts';
import type { Intake } from './intake.ts';
import type { Random } from './random.ts';

/** Of the bot's answers so many fail once … */
const FAILING_SHARE = 0.2;
/** … and so many more are answered late, so that a kill finds some under way. */
const SLOW_SHARE = 0.1;
/** Each so-many-th update is brought again. */
const REDELIVER_EACH = 10;

const FAILURES: readonly [Fault, ...Fault[]] = [
  { kind: 'too-many', retryAfter: 1 },
  { kind: 'refuse', status: 500, description: 'Internal Server Error' },
  { kind: 'proxy-error', status: 502 },
  { kind: 'cut-before' },
  { kind: 'cut-after' },
  { kind: 'truncated' },
  { kind: 'garbage' },
];

export interface Speakers {
  /** Texts that were acknowledged, by chat, in order. */
  readonly said: ReadonlyMap<number, readonly string[]>;
  readonly count: () => number;
  readonly redelivered: () => number;
  readonly faults: ReadonlyMap<string, number>;
  /** Resolves when everything was said. */
  run(): Promise<void>;
  /** Brings again what waits for a restart. */
  redeliverLate(): Promise<void>;
}

export interface SpeakersOptions {
  readonly telegram: FakeTelegram;
  readonly intake: Intake;
  readonly random: Random;
  readonly chats: readonly number[];
  readonly messages: number;
}

/** Clients who write one message after another, on a network where things go wrong. */
export function createSpeakers({ telegram, intake, random, chats, messages }: SpeakersOptions): Speakers {
  const said = new Map(chats.map((chat) => [chat, [] as string[]]));
  const faults = new Map<string, number>();
  const beside: Promise<void>[] = [];
  let late: Update[] = [];
  let begun = 0;
  let acknowledged = 0;
  let redelivered = 0;

  function misfortune(chat: number): void {
    const dice = random.next();
    if (dice >= FAILING_SHARE + SLOW_SHARE) return;
    const fault: Fault =
      dice < FAILING_SHARE ? random.pick(FAILURES) : { kind: 'slow', ms: 100 + random.below(300) };
    telegram.fault({ method: 'sendMessage', chat, fault });
    faults.set(fault.kind, (faults.get(fault.kind) ?? 0) + 1);
  }

  async function converse(chat: number): Promise<void> {
    while (begun < messages) {
      const number = begun++;
      const again = number % REDELIVER_EACH === 0 ? (['beside', 'after', 'late'] as const) : undefined;
      const how = again?.[(number / REDELIVER_EACH) % again.length];
      if (how) redelivered += 1;
      const text = `m${number}`;
      misfortune(chat);
      const update = await intake.say(chat, text, how === 'beside');
      said.get(chat)?.push(text);
      acknowledged += 1;
      // Side by side with the next message of the chat.
      if (how === 'after') beside.push(intake.again(update));
      if (how === 'late') late.push(update);
    }
  }

  return {
    said,
    faults,
    count: () => acknowledged,
    redelivered: () => redelivered,
    async run() {
      await Promise.all(chats.map(converse));
      await Promise.all(beside);
    },
    async redeliverLate() {
      const again = late;
      late = [];
      await Promise.all(again.map((update) => intake.again(update)));
    },
  };
}
