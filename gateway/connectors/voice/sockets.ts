import type { RawData, WebSocket } from 'ws';

/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 and https://www.iana.org/assignments/websocket */
export const CLOSE = { normal: 1000, policy: 1008, tryAgainLater: 1013 } as const;

export interface Pace {
  /** Between pings; who has not answered by the next one is gone. */
  readonly heartbeatMs: number;
  /** A call of which nothing is heard for so long is over. */
  readonly silenceMs: number;
}

/** Hands over each JSON frame of a socket, and ends it where its other side is gone or silent. */
export function readFrames(
  socket: WebSocket,
  pace: Pace,
  onFrame: (frame: unknown) => void,
  onEnd: () => void,
): void {
  let isAlive = true;
  let silence = setTimeout(hangUp, pace.silenceMs).unref();
  const heartbeat = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, pace.heartbeatMs).unref();

  function hangUp(): void {
    socket.close(CLOSE.normal, 'silent');
  }

  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('message', (data) => {
    isAlive = true;
    clearTimeout(silence);
    silence = setTimeout(hangUp, pace.silenceMs).unref();
    onFrame(parse(data));
  });
  // ws closes the socket by itself after an error; without a listener the process would end.
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(heartbeat);
    clearTimeout(silence);
    onEnd();
  });
}

/** Undefined where a frame is no JSON. */
function parse(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}

const sentences = new Intl.Segmenter('ru', { granularity: 'sentence' });

/**
 * Says a text by ConversationRelay's text tokens, a sentence each
 * (https://www.twilio.com/docs/voice/conversationrelay/websocket-messages, "Text tokens message").
 */
export function speakOn(socket: WebSocket, text: string): void {
  const tokens = [...sentences.segment(text)].map(({ segment }) => segment);
  for (const [index, token] of tokens.entries()) {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify({ type: 'text', token, last: index === tokens.length - 1 }));
  }
}
