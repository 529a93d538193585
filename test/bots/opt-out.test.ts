import { expect, test } from 'vitest';
import { decide } from '../../bots/runner.ts';
import { parseState } from '../../bots/state.ts';
import { scripts } from './talk.ts';

const open = {
  v: 1,
  frames: [{ script: 'transfer', step: 'amount', slots: {} }],
  carried: {},
  question: 0,
  misses: [],
  offered: [],
  done: [],
};

async function said(what: 'opted-out' | 'opted-in', language: 'ru' | 'en') {
  const { decisions, asks } = decide(await scripts(), {
    happening: { what },
    state: parseState({ ...open, language }),
    actions: [],
    evidence: 'claimed',
    now: new Date('2026-11-26T10:00:00Z'),
    seed: 1,
    seq: 7,
  });
  const texts = decisions.flatMap((decision) =>
    decision.type === 'message.sent'
      ? decision.content.map((part) => (part.kind === 'text' ? part.text : part.kind))
      : [],
  );
  const [completed] = decisions.filter(({ type }) => type === 'turn.completed');
  return { texts, asks, state: completed?.type === 'turn.completed' ? completed.state : undefined };
}

test.each([
  ['opted-out', 'ru', /СТАРТ\.$/],
  ['opted-out', 'en', /START\.$/],
  ['opted-in', 'ru', /СТОП\.$/],
  ['opted-in', 'en', /STOP\.$/],
] as const)(
  '%s is confirmed in %s, in one message and with the way back; what is open stays open',
  async (...row) => {
    const [what, language, wayBack] = row;
    const { texts, asks, state } = await said(what, language);
    expect(texts).toEqual([expect.stringMatching(wayBack)]);
    expect(asks).toEqual([undefined]);
    expect(state).toMatchObject({ frames: [{ script: 'transfer', step: 'amount' }] });
  },
);
