import { type FakeTemplate, startFakeTemplate } from '../fakes/template.ts';
import { startHub } from '../fixtures/hub.ts';
import { httpFaults } from './http-network.ts';
import { type BadInput, type OutsideNetwork, outsideConformanceSuite, type Person } from './suite.ts';

/** How the network itself words a failure. */
const FAULTS = httpFaults({ status: 429, retryAfterS: 1, body: '{}' });

let ids = 0;
const newId = () => `id-${++ids}`;

async function startTemplate(): Promise<OutsideNetwork> {
  const fake = await startFakeTemplate();
  const hub = await startHub({ env: { TEMPLATE_TOKEN: fake.token, TEMPLATE_API_URL: fake.url } });
  const url = `${hub.url}/channels/template/webhook`;
  return {
    hub,
    // Where a long text was cut to messages, white space went.
    join: (parts) => parts.join('').replace(/\s/gu, ''),
    person: async () => personOn(fake, url, newId()),
    async sayOutOfOrder(person, texts) {
      await Promise.all([...texts].reverse().map((text) => fake.post(url, messageOf(person.thread(), text))));
    },
    failNextSend: (person, fault) => fake.fault(person.thread(), FAULTS[fault]),
    badInput: badInput(fake, url),
    strangers: strangers(fake, url),
    async stop() {
      await hub.stop();
      await fake.stop();
    },
  };
}

/** What the network posts when somebody writes. */
function messageOf(from: string, text: string): string {
  return JSON.stringify({ id: newId(), from, text });
}

function personOn(fake: FakeTemplate, url: string, name: string): Person {
  let last = messageOf(name, '');
  return {
    thread: () => name,
    async say(text) {
      last = messageOf(name, text);
      await fake.post(url, last);
    },
    async repeatLast(times) {
      await Promise.all(Array.from({ length: times }, () => fake.post(url, last)));
    },
    heard: () => fake.saidTo(name),
    hears: (count) => fake.hears(name, count),
  };
}

/** From the network, and not to be read: answered 200 and kept in the quarantine. */
function badInput(fake: FakeTemplate, url: string): readonly BadInput[] {
  const kept = (what: string, body: string): BadInput => ({
    what,
    hand: () => fake.post(url, body),
    answer: 200,
    isKept: true,
  });
  return [
    kept('no JSON', '<html>'),
    kept('nothing', ''),
    kept('half of a JSON', '{"id":"1","te'),
    kept('a message of an unknown shape', '{"id":"1","from":"a","text":{}}'),
    kept('an id with a text in it', '{"id":"моя карта","from":"a","text":"b"}'),
    kept('a deep JSON', `{"id":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
  ];
}

/** Not from the network: answered 401, and nothing is stored. */
function strangers(fake: FakeTemplate, url: string): readonly BadInput[] {
  const body = messageOf('stranger', 'let me in');
  return [
    { what: 'another token', hand: () => fake.post(url, body, 'another'), answer: 401 },
    { what: 'an empty token', hand: () => fake.post(url, body, ''), answer: 401 },
    { what: 'garbage of a stranger', hand: () => fake.post(url, '<html>', 'another'), answer: 401 },
    { what: 'a GET', hand: async () => (await fetch(url)).status, answer: 401 },
  ];
}

outsideConformanceSuite('Template', startTemplate);
