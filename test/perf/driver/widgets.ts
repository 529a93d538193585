import { once } from 'node:events';
import { WebSocket } from 'ws';

/** One page with the chat open. */
export interface Widget {
  readonly token: string;
  /** Called with each message that comes, with its text. */
  onMessage: (text: string) => void;
  say(id: string, text: string): void;
  close(): void;
}

/** Opens one; with a token, of the same visitor. */
export async function openWidget(url: string, token?: string): Promise<Widget> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/channels/webchat/socket`, {
    origin: url,
    perMessageDeflate: false,
  });
  socket.on('error', () => {});
  await once(socket, 'open');
  const welcome = new Promise<string>((resolve, reject) => {
    socket.once('close', (code) => reject(new Error(`a socket was closed with ${code}`)));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as {
        type: string;
        token?: string;
        from?: string;
        text?: string;
      };
      if (frame.type === 'welcome') resolve(frame.token ?? '');
      if (frame.type === 'message' && frame.from === 'bot') widget.onMessage(frame.text ?? '');
    });
  });
  const widget = {
    token: '',
    onMessage: (_text: string) => {},
    say: (id: string, text: string) => socket.send(JSON.stringify({ type: 'message', id, text })),
    close: () => socket.terminate(),
  };
  socket.send(JSON.stringify({ type: 'hello', ...(token !== undefined && { token }) }));
  widget.token = await welcome;
  return widget;
}

const AT_ONCE = 50;

export async function openWidgets(url: string, count: number, token?: string): Promise<Widget[]> {
  const widgets: Widget[] = [];
  while (widgets.length < count) {
    const next = Math.min(AT_ONCE, count - widgets.length);
    widgets.push(...(await Promise.all(Array.from({ length: next }, () => openWidget(url, token)))));
  }
  return widgets;
}
