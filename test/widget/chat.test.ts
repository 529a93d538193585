import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChatState } from '../../gateway/connectors/webchat/widget/frame/chat.ts';
import { createBrowserStorage } from './browser-storage.ts';
import { openChat } from './chat-client.ts';
import { ChatServer } from './chat-server.ts';

/** Longer than any pause before another attempt, milliseconds. */
const A_MINUTE = 60_000;

let server: ChatServer;
beforeAll(async () => {
  server = await ChatServer.start();
});
afterAll(() => server.stop());
beforeEach(() => server.forget());

const isOpen = (state: ChatState) => state.link === 'open';
const isLost = (state: ChatState) => state.link === 'lost';
const isStored = (state: ChatState) => state.transcript.every((entry) => entry.state === 'stored');
const has = (count: number) => (state: ChatState) => state.transcript.length === count;

describe('the chat', () => {
  it('says hello with its language and sends what the client writes', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    expect(server.frames[0]).toEqual({ type: 'hello', after: 0, locale: 'ru' });
    page.chat.say('  Какой у меня баланс?\n');
    await page.until((state) => state.transcript.length === 1 && isStored(state));
    expect(server.said).toEqual(['Какой у меня баланс?']);
  });

  it('sends a file in pieces, and all of it again where the connection broke', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.manner = 'silent';
    page.chat.sendFile(new File([new Uint8Array(200_000)], 'скан.pdf', { type: 'application/pdf' }));
    const announced = await server.hears('file');
    expect(announced).toMatchObject({ name: 'скан.pdf', mime: 'application/pdf', size: 200_000 });
    server.drop();
    await page.until(isLost);
    server.manner = 'store';
    page.advance(A_MINUTE);
    const { transcript } = await page.until((state) => state.transcript.length === 1 && isStored(state));
    expect(transcript[0]?.files).toMatchObject([{ name: 'скан.pdf', size: 200_000, path: '/media/picture' }]);
    expect(server.frames.filter((frame) => frame.type === 'file')).toEqual([announced, announced]);
  });

  it('keeps a file that the hub refused until the client sends it again or takes it back', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.manner = { error: 'file-refused' };
    page.chat.sendFile(new File(['abc'], 'a.png', { type: 'image/png' }));
    const { transcript } = await page.until(({ transcript: [entry] }) => entry?.state === 'failed');
    expect(transcript[0]?.failure).toBe('file-refused');
    server.manner = 'store';
    page.chat.retry(transcript[0]?.id ?? '');
    await page.until((state) => isStored(state));
    expect(page.chat.state.transcript).toHaveLength(1);
  });

  it('says nothing where there is nothing to say', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    page.chat.say(' \n\0');
    expect(page.chat.state.transcript).toEqual([]);
  });

  it('mends what cannot be stored: zero bytes and halves of characters', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    page.chat.say('a\0b\uD83Dc😀');
    await page.until((state) => state.transcript.length === 1 && isStored(state));
    expect(server.said).toEqual(['ab\uFFFDc😀']);
  });

  it('sends what was written without a connection, in its order, when there is one', async () => {
    server.isUp = false;
    const page = openChat(server);
    page.chat.say('one');
    page.chat.say('two');
    await page.until(isLost);
    server.isUp = true;
    page.advance(A_MINUTE);
    await page.until((state) => state.transcript.length === 2 && isStored(state));
    expect(server.said).toEqual(['one', 'two']);
  });

  it('resumes after the last message that it saw', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.says('bot', 'one');
    const { transcript } = await page.until(has(1));
    server.isUp = false;
    server.drop();
    await page.until(isLost);
    server.says('bot', 'two');
    server.isUp = true;
    page.advance(A_MINUTE);
    await page.until(has(2));
    expect(server.frames.filter(({ type }) => type === 'hello').at(-1)).toMatchObject({
      after: transcript[0]?.seq,
    });
    expect(page.texts()).toEqual(['one', 'two']);
  });

  it('counts what the hub has stored but could not confirm only once', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.manner = 'silent';
    page.chat.say('transfer 500');
    await server.hears('message');
    server.manner = 'store';
    page.advance(10_000);
    await page.until(isLost);
    page.advance(A_MINUTE);
    await page.until((state) => state.transcript.length === 1 && isStored(state));
    expect(server.said).toEqual(['transfer 500', 'transfer 500']);
    const ids = server.frames.flatMap((frame) => (frame.type === 'message' ? [frame.id] : []));
    expect(new Set(ids).size).toBe(1);
  });

  it('shows what was refused, with the reason, and sends it again when asked', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.manner = { error: 'too-large' };
    page.chat.say('long');
    const failed = await page.until(({ transcript }) => transcript[0]?.state === 'failed');
    expect(failed.transcript[0]?.failure).toBe('too-large');
    server.manner = 'store';
    page.chat.retry(failed.transcript[0]?.id ?? '');
    await page.until(isStored);
    expect(server.said).toEqual(['long', 'long']);
  });

  it('hands a refused text back to be changed', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.manner = { error: 'too-large' };
    page.chat.say('long');
    const { transcript } = await page.until((state) => state.transcript[0]?.state === 'failed');
    expect(page.chat.takeBack(transcript[0]?.id ?? '')).toBe('long');
    expect(page.chat.state.transcript).toEqual([]);
  });

  it('holds back when the hub asks to slow down, and keeps the order', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.manner = { error: 'slow-down' };
    server.frames.length = 0;
    page.chat.say('one');
    await server.hears('message');
    // The refusal is on its way before what is signalled after it.
    server.signals({ type: 'typing', from: 'bot' });
    await page.until(({ typing }) => typing === 'bot');
    server.manner = 'store';
    page.chat.say('two');
    page.advance(3_000);
    await page.until(isStored);
    expect(server.said).toEqual(['one', 'one', 'two']);
    expect(page.texts()).toEqual(['one', 'two']);
  });

  it('stops sending a message that breaks the connection each time', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.manner = 'silent';
    page.chat.say('poison');
    for (let sends = 0; sends < 5; sends += 1) {
      page.advance(10_000);
      await page.until(isLost);
      page.advance(A_MINUTE);
      await page.until(isOpen);
    }
    expect(page.chat.state.transcript[0]).toMatchObject({ state: 'failed', failure: 'unanswered' });
    expect(server.said).toHaveLength(5);
  });

  it('ignores frames that it does not know', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.signals({ type: 'fireworks' });
    server.signals({ type: 'message', seq: 'one' } as never);
    server.says('bot', 'hello');
    await page.until(has(1));
    expect(page.texts()).toEqual(['hello']);
  });

  it('shows who is typing, until they have spoken or six seconds have passed', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.signals({ type: 'typing', from: 'operator' });
    await page.until(({ typing }) => typing === 'operator');
    page.advance(6_000);
    expect(page.chat.state.typing).toBeUndefined();
    server.signals({ type: 'typing', from: 'bot' });
    await page.until(({ typing }) => typing === 'bot');
    server.says('bot', 'hello');
    await page.until(has(1));
    expect(page.chat.state.typing).toBeUndefined();
  });

  it('knows who has the conversation by the hub’s word', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    expect(page.chat.state.answering).toBeUndefined();
    for (const by of ['people', 'bot'] as const) {
      server.signals({ type: 'answering', by });
      await page.until(({ answering }) => answering === by);
    }
  });

  it('says that the client is typing at most every three seconds', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    page.chat.sayTyping();
    page.chat.sayTyping();
    page.advance(3_000);
    page.chat.sayTyping();
    page.chat.say('done');
    await page.until((state) => state.transcript.length === 1 && isStored(state));
    expect(server.frames.filter(({ type }) => type === 'typing')).toHaveLength(2);
  });

  it('counts as unread what has not been on the screen, and tells the hub once it has', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.says('bot', 'one');
    server.says('operator', 'two');
    const { transcript, unread } = await page.until(has(2));
    expect(unread).toBe(2);
    const heard = server.hears('seen');
    page.chat.see();
    expect(page.chat.state.unread).toBe(0);
    expect(await heard).toEqual({ type: 'seen', seq: transcript[1]?.seq });
    await expect
      .poll(() => server.frames.filter(({ type }) => type === 'read'))
      .toEqual([{ type: 'read', seq: transcript[1]?.seq }]);
  });

  it('tells as news only what comes while the page is open, not the history', async () => {
    const browser = createBrowserStorage();
    const before = openChat(server, browser);
    await before.until(isOpen);
    server.says('bot', 'past');
    await before.until(has(1));
    before.chat.pause();
    const page = openChat(server, browser);
    await page.until((state) => state.isCaughtUp && has(1)(state));
    server.says('bot', 'present');
    await page.until(has(2));
    expect(page.news.map(({ text }) => text)).toEqual(['present']);
  });
});

describe('a browser', () => {
  it('is one visitor over a reload, and sends what was left unsent', async () => {
    const browser = createBrowserStorage();
    const before = openChat(server, browser);
    await before.until(isOpen);
    before.chat.say('one');
    await before.until((state) => state.transcript.length === 1 && isStored(state));
    server.manner = 'silent';
    before.chat.say('two');
    before.chat.pause();
    server.manner = 'store';
    const after = openChat(server, browser);
    await after.until((state) => state.transcript.length === 2 && isStored(state));
    expect(after.texts()).toEqual(['one', 'two']);
  });

  it('is one visitor in two tabs that open at once, and both show what each says', async () => {
    const browser = createBrowserStorage();
    const [one, other] = [openChat(server, browser), openChat(server, browser)];
    await Promise.all([one.until(isOpen), other.until(isOpen)]);
    one.chat.say('hello');
    await other.until(has(1));
    other.chat.say('again');
    await one.until((state) => state.transcript.length === 2 && isStored(state));
    expect(one.texts()).toEqual(['hello', 'again']);
    expect(other.texts()).toEqual(['hello', 'again']);
  });

  it('starts anew, with what was unsent, where the hub does not know its visitor', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.says('bot', 'old');
    await page.until(has(1));
    server.isUp = false;
    server.drop();
    page.chat.say('still there?');
    await page.until(isLost);
    server.forget();
    page.advance(A_MINUTE);
    await page.until((state) => isOpen(state) && isStored(state));
    expect(page.texts()).toEqual(['still there?']);
  });
});

describe('the client', () => {
  it('is introduced by the word of the bank’s page, at each hello', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    const heard = server.hears('hello');
    page.chat.identify('signed');
    expect(await heard).toMatchObject({ identity: 'signed', token: expect.any(String) });
    await page.until(isOpen);
  });

  it('goes on as a visitor when the hub does not believe that word', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    page.chat.identify('expired');
    await page.until(isOpen);
    server.signals({ type: 'error', code: 'identity-refused' });
    const heard = server.hears('hello');
    server.drop();
    await page.until(isLost);
    page.advance(A_MINUTE);
    expect(await heard).not.toHaveProperty('identity');
  });

  it('leaves nothing in the browser on signing out, in no tab', async () => {
    const browser = createBrowserStorage();
    const [page, tab] = [openChat(server, browser), openChat(server, browser)];
    await Promise.all([page.until(isOpen), tab.until(isOpen)]);
    page.chat.say('my secret');
    await tab.until(has(1));
    page.chat.identify(null);
    tab.chat.keptChanged('token');
    await Promise.all([page.until(isOpen), tab.until(isOpen)]);
    expect([page.texts(), tab.texts()]).toEqual([[], []]);
    const kept = Array.from({ length: browser.length }, (_, index) =>
      browser.getItem(browser.key(index) ?? ''),
    );
    expect(kept.join()).not.toContain('my secret');
  });

  it('who is another than before gets nothing of the one before, and says nothing for them', async () => {
    const page = openChat(server);
    await page.until(isOpen);
    server.says('bot', 'your balance');
    await page.until(has(1));
    server.isUp = false;
    server.drop();
    page.chat.say('transfer all of it');
    await page.until(isLost);
    server.forget();
    page.chat.identify('another client');
    page.advance(A_MINUTE);
    await page.until(isOpen);
    expect(page.texts()).toEqual([]);
    server.says('bot', 'hello');
    await page.until(has(1));
    expect(server.said).toEqual([]);
  });
});
