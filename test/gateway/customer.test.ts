import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { signIn } from '../fixtures/operator.ts';
import { openChat } from './connectors/chat-client.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub({ demo: 'bank' });
});

afterAll(() => hub.stop());

const socketAddress = () => `${hub.url.replace('http', 'ws')}/channels/webchat/socket`;

test('a page is told who has the conversation: the bot, people, and the bot again', {
  timeout: 60_000,
}, async () => {
  const operator = await signIn(hub.url);
  const page = await openChat(socketAddress(), { origin: hub.url });
  const { token } = await page.hello({ locale: 'ru' });
  const told = () => page.frames.flatMap((frame) => (frame.type === 'answering' ? [frame.by] : []));
  page.send({ type: 'message', id: 'b1', text: 'позовите сотрудника' });
  await page.until(() => told().at(-1) === 'people', 'the word that people have it');

  const again = await openChat(socketAddress(), { origin: hub.url });
  await again.hello({ token });
  expect(await again.nth('answering', 1)).toEqual({ type: 'answering', by: 'people' });
  await again.close();

  const row = (await operator.list('queue')).at(-1);
  if (!row) throw new Error('nobody waits');
  const taken = await operator.act('take', row);
  expect(taken.status).toBe(200);
  const { epoch } = await operator.see(row.id);
  expect((await operator.act('return', { id: row.id, epoch })).status).toBe(200);
  await page.until(() => told().at(-1) === 'bot', 'the word that the bot has it again');
  await page.close();
});

const identity = async (locale: string): Promise<string> =>
  ((await (await fetch(`${hub.url}/demo/identity?locale=${locale}`)).json()) as { token: string }).token;

test('a customer who signs in on the page of another sees and continues nothing of theirs', {
  timeout: 60_000,
}, async () => {
  const address = socketAddress();
  const anna = await openChat(address, { origin: hub.url });
  const { token } = await anna.hello({ identity: await identity('ru'), locale: 'ru' });
  anna.send({ type: 'message', id: 'a1', text: 'сколько на текущем счёте?' });
  await anna.until(() => anna.heard().some((text) => text.includes('84')), 'the balance');
  await anna.close();

  const emma = await openChat(address, { origin: hub.url });
  const welcome = await emma.hello({ token, identity: await identity('en'), locale: 'en' });
  expect(welcome.token).not.toBe(token);
  emma.send({ type: 'message', id: 'e1', text: 'what is my checking balance?' });
  await emma.until(() => emma.heard().length > 0, 'an answer');
  expect(emma.heard().join(' ')).not.toContain('84');
  await emma.close();
});
