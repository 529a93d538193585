import { describe, expect, test } from 'vitest';
import { apply, type Conversation, emptyConversation } from '../../../gateway/model/conversation.ts';
import type { NewEvent } from '../../../gateway/model/events.ts';
import type {
  ActionId,
  ContactId,
  ConversationId,
  IdentityId,
  MessageId,
  OperatorId,
  QueueId,
  ThreadId,
} from '../../../gateway/model/ids.ts';
import type { Owner } from '../../../gateway/model/owner.ts';

const start = emptyConversation('c' as ConversationId, 'p' as ContactId);
const queue: Owner = { kind: 'queue', queue: 'default' as QueueId };
const olga: Owner = { kind: 'operator', operator: 'olga' as OperatorId };
const bot: Owner = { kind: 'bot' };

function fold(events: readonly NewEvent[], from: Conversation = start): Conversation {
  return events.reduce(
    (conversation, event) =>
      apply(conversation, {
        ...event,
        conversation: conversation.id,
        seq: conversation.seq + 1,
        at: new Date(0),
      }),
    from,
  );
}

const received = (locale?: 'ru' | 'en'): NewEvent => ({
  type: 'message.received',
  facts: {
    message: 'm' as MessageId,
    thread: 't' as ThreadId,
    identity: 'i' as IdentityId,
    channel: 'telegram' as never,
    kinds: ['text'],
    locale,
  },
});
const owned = (from: Owner, to: Owner, epoch: number): NewEvent => ({
  type: 'owner.changed',
  facts: { from, to, epoch, by: bot, reason: 'asked' },
});
const requested = (action: string): NewEvent => ({
  type: 'action.requested',
  facts: {
    action: action as ActionId,
    call: `call of ${action}`,
    name: 'check_balance',
    identity: 'i' as IdentityId,
    needs: 'nothing',
    repeatable: true,
    timeoutMs: 1000,
  },
});
const completed = (action: string): NewEvent => ({
  type: 'action.completed',
  facts: { action: action as ActionId, call: `call of ${action}`, outcome: 'done' },
  body: { result: { balance: '10.00' } },
});
const turned = (turn: number, state: unknown): NewEvent => ({
  type: 'turn.completed',
  facts: { turn, now: '', seed: 0, trail: [] },
  body: { state },
});

describe('a conversation', () => {
  test('keeps the thread and the first language in which the contact wrote', () => {
    const conversation = fold([received('ru'), received('en')]);
    expect(conversation).toMatchObject({ seq: 2, version: 0, thread: 't', turn: { locale: 'ru' } });
  });

  test('refuses an event that leaves a gap', () => {
    const late = { ...received(), conversation: start.id, seq: 2, at: new Date(0) };
    expect(() => apply(start, late)).toThrow('event 2 follows 0');
  });

  test('raises its version with the state of turns alone', () => {
    expect(fold([received(), requested('a'), received(), completed('a'), turned(1, {})]).version).toBe(3);
    expect(fold([received(), owned(bot, queue, 1)]).version).toBe(0);
  });

  test('raises the fence only when people take over from the bot', () => {
    const handed = fold([owned(bot, queue, 1)]);
    expect(handed).toMatchObject({ epoch: 1, fence: 1, owner: queue });
    const taken = fold([owned(queue, olga, 2)], handed);
    expect(taken).toMatchObject({ epoch: 2, fence: 1, owner: olga });
    const returned = fold([owned(olga, bot, 3)], taken);
    expect(returned).toMatchObject({ epoch: 3, fence: 1, owner: bot });
    expect(fold([owned(bot, { kind: 'nobody' }, 4)], returned)).toMatchObject({ epoch: 4, fence: 1 });
  });

  test('forgets the result of an action that the bot has used, and keeps what is under way or came later', () => {
    const conversation = fold([requested('used'), requested('waits'), requested('late'), completed('used')]);
    const answered = fold([received(), completed('late'), turned(5, { step: 1 })], conversation);
    expect(Object.keys(answered.turn.actions)).toEqual(['waits', 'late']);
    expect(answered.turn.bot).toEqual({ step: 1 });
  });

  test('keeps what an action brought while people had the conversation', () => {
    const conversation = fold([requested('a'), owned(bot, olga, 1), completed('a'), owned(olga, bot, 2)]);
    expect(conversation.turn.actions).toMatchObject({
      a: { call: 'call of a', state: 'done', result: { balance: '10.00' } },
    });
  });
});
