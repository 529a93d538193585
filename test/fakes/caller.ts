import { once } from 'node:events';
import { expect } from 'vitest';
import WebSocket from 'ws';

/** A call as its source brings it: frames of recognised words go in, tokens to be spoken come back. */
export interface Line {
  readonly socket: WebSocket;
  /** What was said to the caller: the tokens of each answer, joined. */
  readonly heard: string[];
  send(frame: unknown): void;
  hears(count: number): Promise<readonly string[]>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
}

/** Connects to the voice channel of a hub; `path` as in `relay?token=…`. */
export async function dial(hub: string, path: string, headers: Record<string, string> = {}): Promise<Line> {
  const socket = new WebSocket(`${hub.replace('http', 'ws')}/channels/voice/${path}`, { headers });
  const heard: string[] = [];
  const looks = new Set<() => void>();
  let tokens = '';
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    expect(frame.type).toBe('text');
    tokens += frame.token;
    if (!frame.last) return;
    heard.push(tokens);
    tokens = '';
    for (const look of [...looks]) look();
  });
  const closed = once(socket, 'close').then(([code]) => Number(code));
  await once(socket, 'open');
  return {
    socket,
    heard,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    hears: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (heard.length < count) return;
          looks.delete(look);
          resolve(heard);
        };
        looks.add(look);
        look();
      }),
  };
}

let calls = 0;

/** https://www.twilio.com/docs/voice/conversationrelay/websocket-messages, "Setup message". */
export function setup(from: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  calls += 1;
  return {
    type: 'setup',
    sessionId: `VX${String(calls).padStart(32, '0')}`,
    callSid: `CA${String(calls).padStart(32, '0')}`,
    from,
    to: '+74950000000',
    direction: 'inbound',
    callType: 'PSTN',
    customParameters: {},
    ...more,
  };
}

/** https://www.twilio.com/docs/voice/conversationrelay/websocket-messages, "Prompt message". */
export function prompt(voicePrompt: string, last = true): Record<string, unknown> {
  return { type: 'prompt', voicePrompt, lang: 'ru-RU', last };
}

/** A Vosk server's result with words' times (https://github.com/alphacep/vosk-server, websocket/test.py). */
export function result(text: string, start: number): Record<string, unknown> {
  const words = text.split(' ');
  return {
    result: words.map((word, n) => ({ conf: 1, end: start + n + 0.9, start: start + n, word })),
    text,
  };
}
