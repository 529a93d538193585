import { describe, expect, test } from 'vitest';
import type { PlanHandoff } from '../../gateway/decide-turn.ts';
import type { ContactView } from '../../gateway/model/contact.ts';
import { emptyConversation } from '../../gateway/model/conversation.ts';
import type { ChannelId, ContactId, ConversationId, IdentityId } from '../../gateway/model/ids.ts';
import type { HandoffDecision } from '../../gateway/model/turn.ts';
import { handoffContext } from '../../handoff/context.ts';
import { planHandoff } from '../../handoff/planner.ts';
import { shorten } from '../../handoff/shorten.ts';
import { summarize } from '../../handoff/summary.ts';

// The hub takes it as its planner.
planHandoff satisfies PlanHandoff;

const contact: ContactView = {
  id: 'c0' as ContactId,
  name: 'Мария',
  locale: 'ru',
  identity: { id: 'i0' as IdentityId, channel: 'telegram' as ChannelId, evidence: 'claimed' },
};
const empty = emptyConversation('c' as ConversationId, contact.id);

function request(parts: Partial<HandoffDecision> = {}): HandoffDecision {
  return { type: 'handoff.requested', reason: 'asked', slots: [], steps: [], misses: [], ...parts };
}

const plan = (decision: HandoffDecision, conversation = empty) =>
  planHandoff(decision, conversation, contact, 'telegram' as ChannelId, new Date(0));

describe('a context package', () => {
  test('says who, where, why and what, and goes to the queue', () => {
    const decision = request({
      intent: 'transfer_money',
      slots: [{ name: 'amount', title: 'Сумма', value: '650,00 ₽' }],
      steps: [{ script: 'balance', step: 'say', outcome: 'done' }],
      misses: ['абырвалг'],
    });
    const { context, queue, say } = plan(decision);
    expect(handoffContext.parse(context)).toEqual({
      reason: 'asked',
      summary: 'Клиент хочет перевести деньги: сумма — 650,00 ₽. Клиент просит сотрудника.',
      intent: 'transfer_money',
      slots: decision.slots,
      steps: decision.steps,
      misses: ['абырвалг'],
      contact: { id: 'c0', name: 'Мария', evidence: 'claimed' },
      channel: 'telegram',
      locale: 'ru',
      at: '1970-01-01T00:00:00.000Z',
    });
    expect(queue).toBe('default');
    expect(say).toBeUndefined();
  });

  test('speaks the language of the conversation rather than that of the network', () => {
    const english = { ...empty, turn: { ...empty.turn, locale: 'en' as const } };
    expect(plan(request(), english).context).toMatchObject({
      locale: 'en',
      summary: 'The client asks for a person.',
    });
  });

  test('stays small, whatever a script collects', () => {
    const slot = { name: 'x', title: 'X', value: 'x'.repeat(100_000) };
    const step = { script: 's', step: 't' };
    const wild = request({
      slots: Array(1000).fill(slot),
      steps: Array(1000).fill(step),
      misses: Array(1000).fill('🏦'.repeat(100_000)),
    });
    const { context } = plan(wild);
    expect(JSON.stringify(context).length).toBeLessThan(40_000);
    expect(JSON.stringify(context)).not.toMatch(/\\ud8/);
  });

  test('comes with words for the client only where the bot itself said nothing', () => {
    for (const reason of [
      'asked',
      'fraud',
      'not-understood',
      'script',
      'bank-unavailable',
      'outcome-unknown',
    ]) {
      expect(plan(request({ reason })).say).toBeUndefined();
    }
    expect(plan(request({ reason: 'bot-failed' })).say).toEqual([
      {
        kind: 'text',
        text: 'Сейчас я не могу ответить. Передаю диалог сотруднику, он увидит всю переписку.',
      },
    ]);
  });
});

describe('a summary', () => {
  const transfer = {
    intent: 'transfer_money',
    slots: [
      { name: 'account_type', title: 'From account', value: 'checking' },
      { name: 'amount', title: 'Amount', value: '$650.00' },
    ],
  };

  test.each<[Partial<HandoffDecision>, string]>([
    [{}, 'Клиент просит сотрудника.'],
    [{ intent: 'call_operator' }, 'Клиент просит сотрудника.'],
    [
      { reason: 'fraud', intent: 'report_fraud' },
      'Клиент сообщает об операции, которую не совершал. Похоже на мошенничество, нужна срочная проверка.',
    ],
    [
      { reason: 'not-understood', misses: ['раз', 'а  ну\nка'] },
      'Клиент пишет: «а ну ка». Бот не понял клиента.',
    ],
    [
      { intent: 'block_card', steps: [{ script: 'block_card', step: 'end', outcome: 'refused' }] },
      'Клиент хочет заблокировать карту. Банк отказал, клиент просит сотрудника.',
    ],
    [{ reason: 'anything-new', intent: 'loan_offer' }, 'Запрос клиента: «loan offer». Нужен сотрудник.'],
    [
      { intent: 'none', slots: [{ name: 'inn', title: 'ИНН', value: '7700000000' }] },
      'Известно: ИНН — 7700000000. Клиент просит сотрудника.',
    ],
  ])('in Russian, case %#: what they want, and why a person is needed', (parts, summary) => {
    expect(summarize(request(parts), 'ru')).toBe(summary);
  });

  test.each<[Partial<HandoffDecision>, string]>([
    [
      { ...transfer, reason: 'outcome-unknown' },
      "The client wants to transfer money: from account – checking, amount – $650.00. The bank's answer was lost, so check whether the operation took place before repeating it.",
    ],
    [
      { reason: 'not-understood', misses: ['x'.repeat(500)] },
      `The client writes: “${'x'.repeat(119)}…”. The bot did not understand the client.`,
    ],
    [
      { steps: [{ script: 'transfer', step: 'end', outcome: 'failed' }] },
      'The request to the bank failed; the client asks for a person.',
    ],
  ])('in English, case %#: what they want, and why a person is needed', (parts, summary) => {
    expect(summarize(request(parts), 'en')).toBe(summary);
  });
});

test('a text is cut between characters, whatever it is made of', () => {
  expect(shorten('🏦'.repeat(9), 3)).toBe('🏦🏦…');
  expect(shorten(`a${' '.repeat(10)}🏦`, 3)).toBe('a…');
  expect(shorten(' a \n b ', 3)).toBe('a b');
});
