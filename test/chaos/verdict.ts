import type { Stored, StoredAnswer } from './stored.ts';

/** What became of everything that was acknowledged, each counted apart. */
export interface Counts {
  /** Acknowledged and not stored. */
  lostMessages: number;
  /** Stored more than once. */
  doubledMessages: number;
  /** Stored, or answered, before what the chat said earlier. */
  reordered: number;
  /** Not heard by the client, and not recorded as unknown or as cancelled. */
  lostAnswers: number;
  /** Heard more often than the attempts recorded as unknown explain. */
  doubledAnswers: number;
  /** Said by the bot although people had the conversation, or sent although it was cancelled. */
  behindTheFence: number;
  /** Never said by the bot, yet heard. */
  invented: number;
  /** Answers with an attempt whose outcome nobody knows … */
  unknown: number;
  /** … of these, not heard … */
  unknownMissing: number;
  /** … and heard again. */
  unknownRepeated: number;
}

export interface Observed {
  /** By chat, in order: what clients said and was acknowledged. */
  readonly said: ReadonlyMap<number, readonly string[]>;
  /** By chat, in the order in which it took effect: what the bot said. */
  readonly heard: ReadonlyMap<number, readonly string[]>;
  readonly stored: Stored;
  /** Whether the bot answers everything; else a person may have had the conversation. */
  readonly everythingIsAnswered: boolean;
}

export const answerTo = (text: string): string => `you said ${text}`;

/** Compares what clients said and heard with what the ledger says. Pure. */
export function judge({ said, heard, stored, everythingIsAnswered }: Observed): Counts {
  const counts: Counts = {
    lostMessages: 0,
    doubledMessages: 0,
    reordered: 0,
    lostAnswers: 0,
    doubledAnswers: 0,
    behindTheFence: 0,
    invented: 0,
    unknown: 0,
    unknownMissing: 0,
    unknownRepeated: 0,
  };
  for (const [chat, texts] of said) {
    const received = stored.received.get(chat) ?? [];
    const times = countEach(received);
    for (const text of texts) {
      const count = times.get(text) ?? 0;
      if (count === 0) counts.lostMessages += 1;
      else counts.doubledMessages += count - 1;
    }
    counts.reordered += outOfOrder(received, texts);
    const answers = stored.answers.get(chat) ?? [];
    judgeAnswers(answers, heard.get(chat) ?? [], counts);
    counts.reordered += outOfOrder(heard.get(chat) ?? [], texts.map(answerTo));
    if (everythingIsAnswered) {
      const answered = new Set(answers.map(({ text }) => text));
      counts.lostAnswers += texts.filter((text) => !answered.has(answerTo(text))).length;
    }
  }
  return counts;
}

function judgeAnswers(answers: readonly StoredAnswer[], heard: readonly string[], counts: Counts): void {
  const times = countEach(heard);
  const decided = new Map<string, number>();
  for (const answer of answers) {
    decided.set(answer.text, (decided.get(answer.text) ?? 0) + 1);
    const count = times.get(answer.text) ?? 0;
    const { unknownAttempts, state, attempts } = answer;
    if (answer.owner !== 'bot') counts.behindTheFence += 1;
    else if (state === 'cancelled' && attempts === 0 && count > 0) counts.behindTheFence += 1;
    if (unknownAttempts > 0) {
      counts.unknown += 1;
      if (count === 0) counts.unknownMissing += 1;
    } else if (count === 0 && state !== 'cancelled') counts.lostAnswers += 1;
    const repeats = Math.max(0, count - 1);
    counts.unknownRepeated += Math.min(repeats, unknownAttempts);
    counts.doubledAnswers += Math.max(0, repeats - unknownAttempts);
  }
  // A text that was decided twice is a second answer to one message.
  for (const count of decided.values()) counts.doubledAnswers += count - 1;
  for (const text of times.keys()) if (!decided.has(text)) counts.invented += 1;
}

function countEach(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** How many texts come, for the first time, after one that belongs behind them. */
function outOfOrder(texts: readonly string[], order: readonly string[]): number {
  const place = new Map(order.map((text, index) => [text, index]));
  let furthest = -1;
  let wrong = 0;
  for (const text of new Set(texts)) {
    const at = place.get(text);
    if (at === undefined) continue;
    if (at < furthest) wrong += 1;
    else furthest = at;
  }
  return wrong;
}

/** What must be zero, in words; unknown outcomes may be missing or repeated, but no more than there are. */
export function faultsOf(counts: Counts): readonly string[] {
  const { unknown, unknownMissing, unknownRepeated, ...mustBeZero } = counts;
  return Object.entries(mustBeZero)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count}`);
}
