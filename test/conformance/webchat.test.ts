import { createHash } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ServerFrame } from '../../gateway/connectors/webchat/frames.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type ChatClient, openChat } from '../gateway/connectors/chat-client.ts';
import { type AskedChange, type BadInput, conformanceSuite, type Network, type Person } from './suite.ts';

const urlOf = (hub: TestHub) => `${hub.url.replace(/^http/, 'ws')}/channels/webchat/socket`;

async function startWebchat(): Promise<Network> {
  const hub = await startHub({ demo: 'echo' });
  const pages: ChatClient[] = [];
  const open = async () => {
    const page = await openChat(urlOf(hub));
    pages.push(page);
    return page;
  };
  return {
    hub,
    badInput: badFrames(open, hub),
    strangers: strangers(hub),
    join: (parts) => parts.join(''),
    person: () => personWith(open),
    async sayOutOfOrder(person, texts) {
      for (const text of [...texts].reverse()) await person.say(text);
    },
    revisions: {
      idOf(person, text) {
        const frames = pageOf(pages, person).frames;
        const found = frames.find((frame) => frame.type === 'message' && frame.text === text);
        return found?.type === 'message' ? String(found.seq) : undefined;
      },
      asked: () => pages.flatMap(({ frames }) => frames.flatMap(changeOf)),
    },
    async stop() {
      for (const page of pages) page.socket.terminate();
      await hub.stop();
    },
  };
}

function pageOf(pages: readonly ChatClient[], person: Person): ChatClient {
  const isTheirs = ({ frames }: ChatClient) =>
    frames.some((frame) => frame.type === 'welcome' && threadOf(frame.token) === person.thread());
  const page = pages.find(isTheirs);
  if (!page) throw new Error(`no page of ${person.thread()}`);
  return page;
}

/** What the page is told to show of a message that stands there. */
function changeOf(frame: ServerFrame): readonly AskedChange[] {
  if (frame.type !== 'revision') return [];
  const of = String(frame.of);
  if (frame.deleted) return [{ what: 'delete', of }];
  return frame.reactions
    ? [{ what: 'react', of, emoji: frame.reactions }]
    : [{ what: 'edit', of, text: frame.text ?? '' }];
}

const threadOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** A visitor with a page open, and, while something is repeated, a second one. */
async function personWith(open: () => Promise<ChatClient>): Promise<Person> {
  const page = await open();
  const { token } = await page.hello();
  let said = 0;
  let last: object = {};
  return {
    thread: () => threadOf(token),
    async say(text) {
      said += 1;
      last = { type: 'message', id: `m${said}`, text };
      page.send(last);
    },
    async repeatLast(times) {
      const tab = await open();
      await tab.hello({ token });
      for (let n = 0; n < times; n++) for (const one of [page, tab]) one.send(last);
      const stored = await tab.nth('stored', times);
      const first = await page.nth('stored', said);
      if (stored.seq !== first.seq) throw new Error(`stored at ${first.seq} and at ${stored.seq}`);
      await tab.close();
    },
    heard: () => page.heard(),
    async hears(count) {
      await page.until(() => page.heard().length >= count, `the ${count}. answer`);
      return page.heard();
    },
  };
}

function badFrames(open: () => Promise<ChatClient>, hub: TestHub): readonly BadInput[] {
  const answerTo = (raw: string | Buffer) => async () => {
    const page = await open();
    await page.hello();
    page.sendRaw(raw);
    const { code } = await page.nth('error', 1);
    await page.close();
    return code;
  };
  return [
    { what: 'no JSON', hand: answerTo('<html>'), answer: 'bad-json' },
    { what: 'half of a JSON', hand: answerTo('{"type":"mess'), answer: 'bad-json' },
    { what: 'another JSON', hand: answerTo('7'), answer: 'bad-frame' },
    {
      what: 'a field too many',
      hand: answerTo('{"type":"message","id":"m","text":"a","seq":1}'),
      answer: 'bad-frame',
    },
    { what: 'a field too few', hand: answerTo('{"type":"message","text":"a"}'), answer: 'bad-frame' },
    { what: 'bytes', hand: answerTo(Buffer.from([0, 1, 2])), answer: 'bad-frame' },
    {
      what: 'a deep JSON',
      hand: answerTo(`{"type":"message","id":"m","text":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
      answer: 'bad-frame',
    },
    {
      what: 'a text that is too large',
      hand: answerTo(JSON.stringify({ type: 'message', id: 'm', text: 'x'.repeat(103_000) })),
      answer: 'too-large',
    },
    { what: 'a frame that is too large', hand: answerTo('x'.repeat(140_000)), answer: 'too-large' },
    {
      what: 'a frame that no socket takes',
      async hand() {
        const page = await open();
        await page.hello();
        page.sendRaw('x'.repeat(1024 * 1024));
        return page.closed;
      },
      answer: 1009,
    },
    {
      what: 'a request that is no socket',
      hand: async () =>
        (await fetch(`${hub.url}/channels/webchat/webhook`, { method: 'POST', body: '{}' })).status,
      answer: 401,
    },
  ];
}

function strangers(hub: TestHub): readonly BadInput[] {
  return [
    {
      what: 'a page of another origin',
      async hand() {
        const page = await openChat(urlOf(hub), { origin: 'https://evil.example' });
        page.send({ type: 'hello' });
        page.send({ type: 'message', id: 'm', text: 'hi' });
        await page.closed;
        return page.frames.map((frame) => (frame.type === 'error' ? frame.code : frame.type)).join();
      },
      answer: 'origin',
    },
    {
      what: 'who does not say hello',
      async hand() {
        const page = await openChat(urlOf(hub));
        page.send({ type: 'message', id: 'm', text: 'hi' });
        return page.closed;
      },
      answer: 1008,
    },
    {
      what: 'a socket of another channel',
      hand: () =>
        new Promise((resolve) => {
          const socket = new WebSocket(urlOf(hub).replace('webchat', 'nobody'));
          socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
          socket.on('error', () => {});
        }),
      answer: 404,
    },
  ];
}

conformanceSuite('the chat on the page', startWebchat);
