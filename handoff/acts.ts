import { changeOwner, close } from '../gateway/decide-turn.ts';
import type { Conversation } from '../gateway/model/conversation.ts';
import type { NewEvent } from '../gateway/model/events.ts';
import type { OperatorId } from '../gateway/model/ids.ts';
import type { Owner } from '../gateway/model/owner.ts';
import { DEFAULT_QUEUE } from './queues.ts';

/** What an operator does with a whole conversation. */
export type Act = 'take' | 'release' | 'return' | 'close';

/** As much of a conversation as deciding an act needs. */
export type Ownership = Pick<Conversation, 'id' | 'status' | 'owner' | 'epoch' | 'seq' | 'thread'>;

/** Why an act or a message of an operator was not done; nothing was written. */
export type Refusal =
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'closed' }
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'taken'; readonly by: OperatorId }
  | { readonly outcome: 'not-yours' }
  | { readonly outcome: 'no-thread' }
  | { readonly outcome: 'channel-off' };

/** `already`: what was asked for holds, such as after a press whose answer was lost. */
export type DecidedAct =
  | { readonly outcome: 'do'; readonly events: readonly NewEvent[] }
  | { readonly outcome: 'already' }
  | Refusal;

/** Decides an act of an operator whose page showed `epoch`. Pure. */
export function decideAct(act: Act, now: Ownership, operator: OperatorId, epoch: number): DecidedAct {
  const { owner } = now;
  if (now.status === 'closed') return { outcome: 'closed' };
  const isMine = owner.kind === 'operator' && owner.operator === operator;
  if (act === 'take') {
    if (isMine) return { outcome: 'already' };
    if (owner.kind === 'operator') return { outcome: 'taken', by: owner.operator };
  } else if (!isMine) return { outcome: 'not-yours' };
  if (now.epoch !== epoch) return { outcome: 'changed' };
  return { outcome: 'do', events: eventsOf(act, now, operator) };
}

function eventsOf(act: Act, now: Ownership, operator: OperatorId): readonly NewEvent[] {
  const by = { kind: 'operator', operator } as const;
  if (act === 'close') return close(now, by, 'closed');
  const { to, reason } = CHANGES[act](operator);
  return [changeOwner(now, to, by, reason)];
}

const CHANGES: Readonly<
  Record<Exclude<Act, 'close'>, (operator: OperatorId) => { to: Owner; reason: string }>
> = {
  take: (operator) => ({ to: { kind: 'operator', operator }, reason: 'taken' }),
  release: () => ({ to: { kind: 'queue', queue: DEFAULT_QUEUE }, reason: 'released' }),
  return: () => ({ to: { kind: 'bot' }, reason: 'returned' }),
};

/** Why this operator may not say something to the client; undefined where they may. */
export function refuseReply(now: Ownership, operator: OperatorId): Refusal | undefined {
  if (now.status === 'closed') return { outcome: 'closed' };
  if (now.owner.kind !== 'operator' || now.owner.operator !== operator) return { outcome: 'not-yours' };
  return now.thread ? undefined : { outcome: 'no-thread' };
}
