import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { openChat } from './connectors/chat-client.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub({ demo: 'bank' });
});

afterAll(() => hub.stop());

const identity = async (locale: string): Promise<string> =>
  ((await (await fetch(`${hub.url}/demo/identity?locale=${locale}`)).json()) as { token: string }).token;

test('a customer who signs in on the page of another sees and continues nothing of theirs', {
  timeout: 60_000,
}, async () => {
  const address = `${hub.url.replace('http', 'ws')}/channels/webchat/socket`;
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
