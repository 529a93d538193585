import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { SourceSocketRequest } from '../connector.ts';
import { accessByToken } from './access.ts';
import { startCall } from './call.ts';
import { phoneOf } from './phone.ts';
import type { VoiceNeeds } from './relay.ts';
import { CLOSE, readFrames, speakOn } from './sockets.ts';

/**
 * What a Vosk server answers (https://alphacephei.com/vosk/server, https://github.com/alphacep/vosk-server):
 * `{"partial"}` while somebody speaks, `{"text"}` after it, with the words' times where they were asked for.
 */
const frameSchema = z.union([
  z.object({ partial: z.string().max(100_000) }),
  z.object({
    text: z.string().max(100_000),
    result: z.array(z.looseObject({ start: z.number(), end: z.number() })).optional(),
  }),
]);

/** Serves one call whose recognised words somebody passes on to us: `?call=ID&from=NUMBER`. */
export function serveVosk(
  socket: WebSocket,
  request: SourceSocketRequest,
  { host, secrets, pace, locale }: VoiceNeeds,
): void {
  if (accessByToken(request, secrets) !== 'granted') {
    request.refuse('wrong-token');
    return;
  }
  const query = new URL(request.url, 'http://hub').searchParams;
  const id = query.get('call') ?? '';
  if (!/^[\w.:@-]{1,128}$/.test(id)) {
    request.refuse('no-call');
    return;
  }
  const call = startCall(host, {
    call: id,
    session: randomUUID(),
    from: phoneOf(query.get('from')),
    locale: query.get('locale') === 'en' ? 'en' : locale,
    speak: (text) => speakOn(socket, text),
    onReplay: () => request.refuse('replayed'),
    onLost: () => socket.close(CLOSE.tryAgainLater),
  });
  readFrames(
    socket,
    pace,
    (raw) => {
      const { data: frame } = frameSchema.safeParse(raw);
      if (!frame) return;
      if ('partial' in frame) return call.partial(frame.partial);
      const [first] = frame.result ?? [];
      // The time of its first word names an utterance, over connections of the same call too.
      call.final(frame.text, first && `at:${first.start}`);
    },
    () => call.end(),
  );
}
