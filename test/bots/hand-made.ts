import type { Heard } from '../../bots/heard.ts';
import { parseScripts, type ScriptSet } from '../../bots/load.ts';
import { type Answer, decide, type RunnerTurn } from '../../bots/runner.ts';
import { parseState } from '../../bots/state.ts';
import type { ActionState } from '../../gateway/model/conversation.ts';
import type { Decision } from '../../gateway/model/turn.ts';
import type { Entity } from '../../nlu/types.ts';
import { commonYaml, helpers } from './sample-scripts.ts';

/** Small scripts and messages made by hand: what the runner does, whatever is understood. */

export const actions = `
actions:
  look: { path: /look, parameters: { what: true }, needs: nothing, repeatable: true, changes: false, timeout_ms: 1000 }
  pay: { path: /pay, parameters: { amount: true }, needs: code-confirmed, repeatable: false, timeout_ms: 1000 }
  prove: { path: /prove, parameters: {}, needs: nothing, repeatable: true, timeout_ms: 1000, proves: code-confirmed }
`;
export const pay = `
script: pay
title: { ru: оплата, en: payment }
when: { intents: [pay] }
slots:
  amount: { title: { ru: Сумма, en: Amount }, kind: money }
steps:
  - ask: amount
    text: { ru: Сколько?, en: How much? }
  - id: confirm
    ask: confirm
    text: { ru: "Заплатить {amount}?", en: "Pay {amount}?" }
  - call: pay
  - say: { ru: "Заплачено {amount}.", en: "Paid {amount}." }
`;
export const look = `
script: look
title: { ru: просмотр, en: look }
when: { intents: [look] }
steps:
  - call: look
    with: { what: all }
  - say: { ru: "Вот: {look.seen}.", en: "Here: {look.seen}." }
`;
const nap = `
script: nap
title: { ru: сон, en: nap }
when: { intents: [nap] }
steps:
  - say: { ru: Жду., en: Waiting. }
  - wait: 10 minutes
  - say: { ru: Проснулся., en: Awake. }
`;
const spin = `
script: spin
title: { ru: круг, en: spin }
when: { intents: [spin] }
slots:
  what: { title: { ru: Что, en: What }, kind: text }
steps:
  - id: again
    set: { what: x }
  - set: { what: null }
    go: again
`;

export function set(...more: string[]): ScriptSet {
  const files = [commonYaml, actions, pay, look, nap, spin, ...helpers, ...more].map((text, at) => ({
    name: `${at}.yaml`,
    text,
  }));
  const parsed = parseScripts(files);
  if (!parsed.set) throw new Error(JSON.stringify(parsed.problems));
  return parsed.set;
}
const scripts = set();

export function heard(text: string, intent = 'none', entities: Entity[] = []): Heard {
  const whole = {
    text,
    language: 'en' as const,
    intent,
    confidence: 0.9,
    alternatives: [],
    entities,
    model: 'hand',
  };
  return { text, unreadable: false, whole, clauses: [] };
}
export const yes = (): Heard =>
  heard('yes', 'none', [{ kind: 'yes_no', value: 'yes', text: 'yes', start: 0, end: 3 }]);
export const sum = (amount: string, intent = 'none'): Heard =>
  heard(amount, intent, [{ kind: 'money', value: { amount }, text: amount, start: 0, end: amount.length }]);

/** Turns of one conversation, with the state passed on. */
export class Talk {
  stored: unknown;
  seq = 0;
  evidence: RunnerTurn['evidence'] = 'bank-authenticated';
  now = new Date('2026-11-23T10:00:00Z');
  readonly scripts: ScriptSet;

  constructor(use = scripts) {
    this.scripts = use;
  }

  take(happening: RunnerTurn['happening'], actions: ActionState[] = []): Answer {
    const turn = {
      happening,
      state: parseState(this.stored),
      actions,
      home: 'en',
      evidence: this.evidence,
      now: this.now,
      seed: 0,
    } as const;
    const answer = decide(this.scripts, { ...turn, seq: ++this.seq });
    const completed = answer.decisions.find((it) => it.type === 'turn.completed');
    this.stored = JSON.parse(JSON.stringify(completed?.type === 'turn.completed' ? completed.state : null));
    return answer;
  }

  says(it: Heard, actions: ActionState[] = []): Answer {
    return this.take({ what: 'message', heard: it }, actions);
  }
}

export function texts(answer: Answer): string[] {
  return answer.decisions.flatMap((it) =>
    it.type === 'message.sent'
      ? [it.content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n')]
      : [],
  );
}
export function callOf(answer: Answer): Extract<Decision, { type: 'action.requested' }> {
  const call = answer.decisions.find((it) => it.type === 'action.requested');
  if (call?.type !== 'action.requested') throw new Error('nothing was called');
  return call;
}
export const done = (call: string, name: string, result: unknown = {}): ActionState => ({
  call,
  name,
  state: 'done',
  result,
});
