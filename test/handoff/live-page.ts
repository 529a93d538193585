import { WebSocket } from 'ws';
import { type LiveOut, liveOut } from '../../handoff/live-api.ts';
import type { DeskHub, Person } from './desk-hub.ts';

type FrameOf<Type extends LiveOut['type']> = Extract<LiveOut, { type: Type }>;

/** A page of the desk as far as its live socket goes. */
export interface LivePage {
  readonly socket: WebSocket;
  readonly frames: readonly LiveOut[];
  send(frame: unknown): void;
  /** Resolves with the first frame, heard already or yet to come, for which `is` holds. */
  hears<Type extends LiveOut['type']>(
    type: Type,
    is?: (frame: FrameOf<Type>) => boolean,
  ): Promise<FrameOf<Type>>;
  /** Resolves with the code of its closing. */
  readonly closed: Promise<number>;
}

export async function addressOf(hub: DeskHub): Promise<string> {
  const address = hub.app.server.address();
  if (address && typeof address === 'object') return `ws://127.0.0.1:${address.port}/api/v1/live`;
  await hub.app.listen({ port: 0, host: '127.0.0.1' });
  return addressOf(hub);
}

/** Opens the live socket of a signed-in person. */
export async function openPage(hub: DeskHub, person: Person): Promise<LivePage> {
  const socket = new WebSocket(await addressOf(hub), { headers: { cookie: person.headers.cookie ?? '' } });
  const frames: LiveOut[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    frames.push(liveOut.parse(JSON.parse(data.toString())));
    for (const look of waiting) look();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return {
    socket,
    frames,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    hears(type, is = () => true) {
      return new Promise((resolve) => {
        const look = () => {
          const found = frames.find(
            (frame): frame is FrameOf<typeof type> => frame.type === type && is(frame as never),
          );
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
