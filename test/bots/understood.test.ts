import { describe, expect, test } from 'vitest';
import { fillsOf } from '../../bots/fill.ts';
import { hear } from '../../bots/heard.ts';
import { parseScripts } from '../../bots/load.ts';
import { MemoryConversation } from '../../bots/memory.ts';
import { describeProblem } from '../../bots/problem.ts';
import { createResponder } from '../../bots/responder.ts';
import type { Understanding } from '../../nlu/types.ts';
import { commonYaml, helpers } from './sample-scripts.ts';
import { client, signals, understanding } from './talk.ts';

describe('what the client was not sure to mean', () => {
  const script = `
script: pay
title: { ru: оплата, en: payment }
when: { intents: [pay] }
slots:
  sum: { title: { ru: Сумма, en: Sum }, kind: money }
steps:
  - ask: sum
    text: { ru: Сколько?, en: How much? }
  - say: { ru: "PAID {sum}", en: "PAID {sum}" }
`;
  const fallback = `
script: fallback
title: { ru: fallback, en: fallback }
when: { events: [not-understood] }
steps:
  - branch:
      - if: { value: near, known: true }
        go: which
    else: what
  - id: which
    say: { ru: "DID YOU MEAN", en: "DID YOU MEAN" }
    choices: near
  - end
  - id: what
    say: { ru: "WHAT?", en: "WHAT?" }
  - end
`;
  const { set } = parseScripts(
    [commonYaml, script, fallback, ...helpers.filter((it) => !it.includes('script: fallback'))].map(
      (text, at) => ({
        name: `${at}.yaml`,
        text,
      }),
    ),
  );
  if (!set) throw new Error('the scripts of this test are wrong');

  const talk = (confidence: number) => {
    const real = understanding();
    const understand = (text: string, options = {}): Understanding => ({
      ...real(text, options),
      intent: 'none',
      confidence,
      alternatives: [{ intent: 'pay', confidence }],
    });
    return new MemoryConversation({
      responder: createResponder({ scripts: set, understand }),
      perform: async () => ({ outcome: 'failed', code: 'none' }),
      planHandoff: () => {
        throw new Error('nobody hands off here');
      },
      client: { evidence: 'claimed' },
      locale: 'en',
      now: () => new Date('2026-11-23T10:00:00Z'),
      seed: () => 0,
    });
  };

  test('is offered, and the click goes on with what was said', async () => {
    const chat = talk(0.3);
    const shown = await chat.say([{ kind: 'text', text: 'regarding 300 dollars' }]);
    const [offer] = shown.flatMap((it) => (it.type === 'message' ? [it] : []));
    expect(offer?.text).toBe('DID YOU MEAN');
    const [choice] = offer?.choices ?? [];
    expect(choice?.text).toBe('Payment');
    const answer = await chat.say([{ kind: 'choice', id: choice?.id ?? '', text: choice?.text ?? '' }]);
    expect(answer.flatMap((it) => (it.type === 'message' ? [it.text] : [])).join()).toMatch(/PAID \$300/);
  });

  test('is not offered where it is far off', async () => {
    const shown = await talk(0.05).say([{ kind: 'text', text: 'regarding 300 dollars' }]);
    expect(shown.flatMap((it) => (it.type === 'message' ? [it.text] : []))).toEqual(['WHAT?']);
  });
});

describe('signals', () => {
  test('of somebody who is being robbed call a person at once', async () => {
    const anna = await client({ locale: 'ru' });
    await anna.says('бабушка прямо сейчас переводит деньги мошенникам');
    expect(anna.handoff?.reason).toBe('fraud');
  });

  test('of anger offer a person the second time', async () => {
    const anna = await client({ locale: 'ru' });
    await anna.says('сколько на накопительном? вы издеваетесь?');
    expect(anna.said).not.toMatch(/позвать сотрудника, он увидит/);
    await anna.says('да сколько же можно!!');
    expect(anna.said).toMatch(/позвать сотрудника, он увидит весь диалог/);
  });

  test('are kept with the turn', () => {
    const heard = hear(
      [{ kind: 'text', text: 'я подам на вас в суд' }],
      understanding(),
      { kinds: [] },
      signals(),
    );
    expect(heard.signals?.map(({ signal }) => signal)).toEqual(['threat']);
  });
});

describe('a number that may be a sum', () => {
  const load = (slot: string) => {
    const title = '{ ru: мой, en: mine }';
    const steps = 'steps:\n  - ask: what\n    text: { ru: Что?, en: What? }\n';
    const text = `script: my\ntitle: ${title}\nslots:\n  what: { title: ${title}, ${slot} }\n${steps}`;
    const files = [commonYaml, text].map((it, at) => ({ name: `${at}.yaml`, text: it }));
    return parseScripts(files).set?.scripts.get('my')?.slots ?? {};
  };
  const fills = (slot: string, text: string) => {
    const heard = hear([{ kind: 'text', text }], understanding(), { kinds: ['money', 'number'] });
    const form = { slots: load(slot), filled: {}, said: [], currency: 'RUB', carried: {} };
    return fillsOf(form, heard).values;
  };

  test('fills a slot for a number as one for a sum, and with a currency only the sum', () => {
    expect(fills('kind: number', 'поставь лимит 300')).toEqual({ what: '300' });
    expect(fills('kind: money', 'поставь лимит 300')).toEqual({ what: '300.00' });
    expect(fills('kind: number', 'поставь лимит 300 рублей')).toEqual({});
    expect(fills('kind: money', 'поставь лимит 300 рублей')).toEqual({ what: '300.00' });
  });
});

describe('a bot’s own entities', () => {
  const load = (entities: string, slot: string) =>
    parseScripts(
      [
        commonYaml,
        entities,
        `script: my\ntitle: { ru: мой, en: mine }\nslots:\n  what: { title: { ru: Что, en: What }, ${slot} }\nsteps:\n  - ask: what\n    text: { ru: Что?, en: What? }\n`,
      ].map((text, at) => ({ name: `${at}.yaml`, text })),
    );

  test('fill slots that name them', () => {
    const { set, problems } = load(
      'entities:\n  tariff: { list: { gold: [золотой тариф, gold plan] } }\n  claim: { pattern: "CL-\\\\d{6}" }\n',
      'kind: custom, entity: tariff',
    );
    expect(problems).toEqual([]);
    const slots = set?.scripts.get('my')?.slots ?? {};
    const heard = hear([{ kind: 'text', text: 'хочу на золотом тарифе' }], understanding(), {
      kinds: ['custom'],
      ...(set && { custom: set.custom }),
    });
    const form = { slots, filled: {}, said: [], currency: 'RUB', carried: {}, asked: 'what' };
    expect(fillsOf(form, heard).values).toEqual({ what: 'gold' });
  });

  test('with a pattern that is not safe are refused with their place', () => {
    const { problems } = load('entities:\n  claim: { pattern: "(a)\\\\1" }\n', 'kind: custom, entity: claim');
    expect(problems.map(describeProblem)).toEqual([
      expect.stringMatching(/^1\.yaml:2 entities\.claim: the pattern \(a\)\\1 of claim cannot be used/),
    ]);
  });
});
