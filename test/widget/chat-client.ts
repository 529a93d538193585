import { EventEmitter, once } from 'node:events';
import { WebSocket } from 'ws';
import { Chat, type ChatState } from '../../gateway/connectors/webchat/widget/frame/chat.ts';
import type { OpenSocket } from '../../gateway/connectors/webchat/widget/frame/connection.ts';
import { createFrameStorage } from '../../gateway/connectors/webchat/widget/frame/storage.ts';
import type { Entry } from '../../gateway/connectors/webchat/widget/frame/transcript.ts';
import { createBrowserStorage } from './browser-storage.ts';
import type { ChatServer } from './chat-server.ts';
import { createManualTimers } from './manual-timers.ts';

/** A page with the chat, without its looks: real sockets, time that a test moves. */
export interface ChatClient {
  readonly chat: Chat;
  readonly news: Entry[];
  readonly advance: (ms: number) => void;
  /** Resolves with the first state, from the present one on, of which it is true. */
  until(isSo: (state: ChatState) => boolean): Promise<ChatState>;
  texts(): string[];
}

let made = 0;

/** Opens a page in a browser with that storage. */
export function openChat(server: ChatServer, browser: Storage = createBrowserStorage()): ChatClient {
  const changes = new EventEmitter().setMaxListeners(50);
  const timers = createManualTimers();
  const news: Entry[] = [];
  const chat = new Chat({
    openSocket: openSocketTo(server),
    storage: createFrameStorage(browser, 'webchat'),
    timers,
    random: () => 0.5,
    now: timers.now,
    newId: () => {
      made += 1;
      return `own${made}`;
    },
    locale: 'ru',
    onChange: () => changes.emit('change'),
    onNews: (entry) => news.push(entry),
    onFailure: () => {},
    onIdentityRefused: () => {},
  });
  chat.start();
  return {
    chat,
    news,
    advance: timers.advance,
    texts: () => chat.state.transcript.map(({ text }) => text),
    async until(isSo) {
      while (!isSo(chat.state)) await once(changes, 'change');
      return chat.state;
    },
  };
}

function openSocketTo(server: ChatServer): OpenSocket {
  return ({ opened, received, closed }) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/channels/webchat/socket`);
    socket.on('open', opened);
    socket.on('message', (data) => received(String(data)));
    socket.on('close', closed);
    // A browser tells of a failed connection by its close only.
    socket.on('error', () => {});
    return { send: (text) => socket.send(text), close: () => socket.close() };
  };
}
