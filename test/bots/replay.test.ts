import { expect, test } from 'vitest';
import { createHttpPerformer } from '../../bots/actions/http.ts';
import { parseScripts, readScriptFiles } from '../../bots/load.ts';
import { MemoryConversation } from '../../bots/memory.ts';
import { type Recorded, replayConversation } from '../../bots/replay.ts';
import { createResponder } from '../../bots/responder.ts';
import { createDemoBank } from '../../config/demo/core.ts';
import { fetchOf } from '../../config/demo/in-process.ts';
import type { IdentityId } from '../../gateway/model/ids.ts';
import { planHandoff } from '../../handoff/planner.ts';
import { scripts, shippedScripts, signals, understanding } from './talk.ts';

const SAYS = [
  'сколько у меня на накопительном',
  'переведи 500 рублей Маше с текущего',
  'да',
  'позовите сотрудника',
];
const NOW = new Date('2026-11-23T10:00:00Z');

async function recorded(): Promise<Recorded> {
  const set = await scripts();
  const bank = createDemoBank({ now: () => NOW, newCode: () => '000000' });
  const chat = new MemoryConversation({
    responder: createResponder({ scripts: set, understand: understanding(), readSignals: signals() }),
    perform: createHttpPerformer({ actions: set.actions, root: 'http://bank', fetch: fetchOf(bank) }),
    planHandoff,
    client: { evidence: 'bank-authenticated', customer: 'demo-replay' },
    locale: 'ru',
    now: () => NOW,
    seed: () => 0,
  });
  for (const text of SAYS) await chat.say([{ kind: 'text', text }]);
  const bound = chat.events.find((event) => event.type === 'thread.bound');
  if (bound?.type !== 'thread.bound') throw new Error('no thread was bound');
  const { channel, identity } = bound.facts;
  const { id, contact } = chat.conversation;
  return {
    id,
    contact,
    identities: [{ id: identity as IdentityId, channel, evidence: 'bank-authenticated' }],
    events: chat.events,
  };
}

/** The shipped scripts with one wording changed. */
async function botSaying(from: string, to: string) {
  const files = await readScriptFiles(shippedScripts);
  const changed = files.map(({ name, text }) => ({ name, text: text.replaceAll(from, to) }));
  expect(changed).not.toEqual(files);
  const { set, problems } = parseScripts(changed);
  if (!set) throw new Error(JSON.stringify(problems));
  return createResponder({ scripts: set, understand: understanding(), readSignals: signals() });
}

test('the same scripts answer every turn as they did: words, calls, and the handoff', async () => {
  const same = createResponder({
    scripts: await scripts(),
    understand: understanding(),
    readSignals: signals(),
  });
  const { turns, changed } = replayConversation(await recorded(), same, planHandoff);
  expect(changed).toEqual([]);
  // Each line of the client, and what the bank answered to the two calls.
  expect(turns).toBe(SAYS.length + 2);
});

test('other scripts differ in the turns that they change and in no other, whatever was said later', async () => {
  const dialogue = await recorded();
  const { changed } = replayConversation(dialogue, await botSaying('Всё верно?', 'Отправляем?'), planHandoff);
  expect(changed).toMatchObject([
    {
      asked: 'переведи 500 рублей Маше с текущего',
      was: [expect.stringMatching(/Всё верно\?/)],
      now: [expect.stringMatching(/Отправляем\?/)],
    },
  ]);
});

test('words that were erased are not asked about', async () => {
  const dialogue = await recorded();
  const events = dialogue.events.map((event) =>
    event.type === 'message.received' ? { ...event, body: undefined } : event,
  );
  const bot = await botSaying('Всё верно?', 'Отправляем?');
  expect(replayConversation({ ...dialogue, events } as Recorded, bot, planHandoff)).toEqual({
    turns: 2,
    changed: [],
  });
});
