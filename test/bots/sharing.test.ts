import { expect, test } from 'vitest';
import { parseScripts } from '../../bots/load.ts';
import { MemoryConversation } from '../../bots/memory.ts';
import { describeProblem } from '../../bots/problem.ts';
import { createResponder } from '../../bots/responder.ts';
import type { ActionResult } from '../../gateway/actions.ts';
import type { Content } from '../../gateway/model/content.ts';
import { planHandoff } from '../../handoff/planner.ts';
import { commonYaml, helpers } from './sample-scripts.ts';
import { understanding } from './talk.ts';

const visit = `script: visit
title: { ru: визит, en: visit }
when: { words: { ru: [визит], en: [visit] } }
slots:
  phone: { title: { ru: Телефон, en: Phone }, kind: phone, invalid: { ru: "НЕ ВАШ", en: "NOT YOURS" } }
  place: { title: { ru: Место, en: Place }, kind: location }
steps:
  - ask: phone
    text: { ru: "Ваш номер?", en: "Your number?" }
    choices:
      - { share: contact, text: { ru: "Отправить номер", en: "Share my number" } }
      - { link: "https://bank.example/privacy", text: { ru: "Условия", en: "Terms" } }
  - ask: place
    text: { ru: "Где вы?", en: "Where are you?" }
    choices: [{ share: location, text: { ru: "Я здесь", en: "Here" } }]
  - call: book
  - end: { text: { ru: "{phone} {place}", en: "{phone} {place}" } }
`;
const actions = `actions:
  prove: { path: /prove, needs: nothing, repeatable: true, timeout_ms: 1000 }
  book: { path: /book, parameters: { phone: true, place: true }, needs: nothing, repeatable: true, timeout_ms: 1000 }
`;

async function opened() {
  const parsed = parseScripts([
    { name: 'common.yaml', text: commonYaml },
    { name: 'actions.yaml', text: actions },
    ...helpers.map((text, at) => ({ name: `helper-${at}.yaml`, text })),
    { name: 'visit.yaml', text: visit },
  ]);
  if (!parsed.set) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  const booked: unknown[] = [];
  const chat = new MemoryConversation({
    responder: createResponder({ scripts: parsed.set, understand: understanding() }),
    perform: async ({ parameters }): Promise<ActionResult> => {
      booked.push(parameters);
      return { outcome: 'done', result: {} };
    },
    planHandoff,
    client: { evidence: 'claimed' },
    locale: 'ru',
    now: () => new Date('2026-11-26T10:00:00Z'),
    seed: () => 1,
  });
  const first = await chat.say([{ kind: 'text', text: 'визит' }]);
  const say = async (...content: Content[]) =>
    (await chat.say(content)).flatMap((shown) => (shown.type === 'message' ? [shown.text] : []));
  return { first, say, booked };
}

const contact = (phone: string, ownNumber?: boolean): Content => ({
  kind: 'contact',
  name: 'Анна',
  phone,
  ...(ownNumber !== undefined && { ownNumber }),
});

test('a script offers buttons that open an address and ask for something, and takes what was handed over', async () => {
  const { first, say, booked } = await opened();
  expect(first).toMatchObject([
    {
      choices: [
        { kind: 'contact', text: 'Отправить номер' },
        { kind: 'link', text: 'Условия', url: 'https://bank.example/privacy' },
      ],
    },
  ]);
  // As Telegram writes it: with the country and without a plus.
  expect(await say(contact('79160000001', true))).toEqual(['Где вы?']);
  expect(await say({ kind: 'location', latitude: 55.75, longitude: 37.6 })).toEqual([
    '+79160000001 55.75,37.6',
  ]);
  expect(booked).toEqual([{ phone: '+79160000001', place: '55.75,37.6' }]);
});

test('another person’s number is not the client’s; who has no button writes it, and the address too', async () => {
  const { say, booked } = await opened();
  expect(await say(contact('+79160000002', false))).toEqual(['НЕ ВАШ Ваш номер?']);
  expect(await say({ kind: 'text', text: '8 916 000-00-01' })).toEqual(['Где вы?']);
  expect(await say({ kind: 'text', text: 'Тверская, 1' })).toEqual(['+79160000001 Тверская, 1']);
  expect(booked).toEqual([{ phone: '+79160000001', place: 'Тверская, 1' }]);
});

test('what nobody asked for stays what only people can open', async () => {
  const { say } = await opened();
  expect(await say({ kind: 'location', latitude: 1, longitude: 2 })).toEqual(['TEXT ONLY Ваш номер?']);
});
