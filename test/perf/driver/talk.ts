import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchHub } from '../subjects/hub.ts';
import { NotSentError } from './http-client.ts';
import { openLoop } from './open-loop.ts';
import { quantile } from './statistics.ts';

/** What open-loop talk with an echo bot came to. */
export interface Talked {
  readonly begun: number;
  /** How many of them were sent: the others found no connection in time. */
  readonly sent: number;
  /** Answers of the webhook, by status; 0: the connection broke. */
  readonly answers: ReadonlyMap<number, number>;
  /** Refusals without Retry-After. */
  readonly withoutRetryAfter: number;
  /** How long the connections had rested that were closed as something was sent: that was sent again. */
  readonly againAfterRestMs: readonly number[];
  readonly acknowledged: number;
  readonly heard: number;
  /** Acknowledged and never answered. */
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly acknowledgeP50: number;
  readonly acknowledgeP99: number;
  /** From when it should have been said to when the answer came to the channel API. */
  readonly answerP50: number;
  readonly answerP99: number;
}

export interface TalkOptions {
  readonly hub: BenchHub;
  readonly perSecond: number;
  readonly seconds: number;
  readonly chats: number;
  readonly firstChat?: number;
  /** How long to wait for the last answers. */
  readonly patienceMs?: number;
  /** At the end of the time nothing more is sent, also of what waits for a connection. */
  readonly endsAtOnce?: boolean;
}

interface Sent {
  readonly dueMs: number;
  readonly number: number;
  acknowledged: boolean;
  heard: number;
}

let texts = 0;

/** Messages at a fixed rate, each in the next chat; everything that was said and heard is accounted for. */
export async function talk(options: TalkOptions): Promise<Talked> {
  const {
    hub,
    perSecond,
    seconds,
    chats,
    firstChat = 10_000,
    patienceMs = 30_000,
    endsAtOnce = false,
  } = options;
  const sent = new Map<string, Sent>();
  const lastHeard = new Map<number, number>();
  const answers = new Map<number, number>();
  const acknowledgeMs: number[] = [];
  const answerMs: number[] = [];
  const againAfterRestMs: number[] = [];
  const counts = { acknowledged: 0, heard: 0, doubled: 0, reordered: 0, withoutRetryAfter: 0 };
  let open = 0;
  let notSent = 0;

  hub.api.onMessage = (chat, text) => {
    const one = sent.get(`${chat} ${text}`);
    if (!one) return;
    one.heard += 1;
    if (one.heard > 1) {
      counts.doubled += 1;
      return;
    }
    counts.heard += 1;
    answerMs.push(performance.now() - one.dueMs);
    if ((lastHeard.get(chat) ?? 0) > one.number) counts.reordered += 1;
    lastHeard.set(chat, one.number);
  };

  const begin = (dueMs: number): void => {
    const number = ++texts;
    const chat = firstChat + (number % chats);
    const text = `message ${number}`;
    const one: Sent = { dueMs, number, acknowledged: false, heard: 0 };
    sent.set(`${chat} you said ${text}`, one);
    open += 1;
    hub
      .post(chat, text)
      .then(({ status, retryAfter, againAfterRestMs: restedMs }) => {
        if (restedMs !== undefined) againAfterRestMs.push(restedMs);
        answers.set(status, (answers.get(status) ?? 0) + 1);
        if (status === 200) {
          one.acknowledged = true;
          counts.acknowledged += 1;
          acknowledgeMs.push(performance.now() - dueMs);
        } else if (retryAfter === undefined) counts.withoutRetryAfter += 1;
      })
      .catch((error: unknown) => {
        if (error instanceof NotSentError) notSent += 1;
        else answers.set(0, (answers.get(0) ?? 0) + 1);
      })
      .finally(() => {
        open -= 1;
      });
  };

  const begun = await openLoop(perSecond, seconds * 1_000, begin);
  if (endsAtOnce) hub.giveUpWaiting();
  const missing = () => [...sent.values()].filter((one) => one.acknowledged && one.heard === 0).length;
  const until = Date.now() + patienceMs;
  while ((open > 0 || missing() > 0) && Date.now() < until) await sleep(100);
  return {
    begun,
    sent: begun - notSent,
    answers,
    ...counts,
    againAfterRestMs,
    lost: missing(),
    acknowledgeP50: quantile(acknowledgeMs, 0.5),
    acknowledgeP99: quantile(acknowledgeMs, 0.99),
    answerP50: quantile(answerMs, 0.5),
    answerP99: quantile(answerMs, 0.99),
  };
}
