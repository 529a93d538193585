import { redact } from '../connectors/redact.ts';
import { readableText } from '../model/content.ts';
import type { Attempt, DeadLetter, DeadLetterMessage } from '../store/dead-letters.ts';
import type { Quarantined } from '../store/quarantine.ts';
import type { LetterView, QuarantineView, ShownLetter, ShownQuarantined } from './api.ts';

/** A dead letter as people and programs see it. */
export function showLetter(letter: DeadLetter): ShownLetter {
  const { delivery, at, decision, channel, state, conversation, author, attempts, once } = letter;
  return {
    id: delivery,
    at: at.toISOString(),
    channel,
    state,
    conversation,
    author,
    attempts,
    once,
    ...(letter.reason && { reason: letter.reason }),
    ...(letter.receipt && { receipt: letter.receipt }),
    ...(decision && { decision: { ...decision, at: decision.at.toISOString() } }),
  };
}

export function showLetterView(letter: DeadLetterMessage, attempts: readonly Attempt[]): LetterView {
  return {
    ...showLetter(letter),
    ...(letter.content && !letter.once && { text: redact(readableText(letter.content)) }),
    tries: attempts.map(({ number, markedAt, outcome, reason }) => ({
      number,
      at: markedAt.toISOString(),
      ...(outcome && { outcome }),
      ...(reason && { reason }),
    })),
  };
}

/** An entry of the quarantine without what was kept. */
export function showQuarantined({ id, at, channel, reason, cut, decision }: Quarantined): ShownQuarantined {
  return {
    id,
    at: at.toISOString(),
    channel,
    reason,
    cut,
    ...(decision && { decision: { ...decision, at: decision.at.toISOString() } }),
  };
}

const SHOWN = 4_000;

export function showQuarantineView(entry: Quarantined): QuarantineView {
  const raw = entry.raw && redact(entry.raw.toString('utf8'));
  return {
    ...showQuarantined(entry),
    ...(raw !== undefined && { raw: raw.slice(0, SHOWN) }),
    rawLength: raw?.length ?? 0,
  };
}
