import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Locale } from '../../model/contact.ts';
import type { ConnectorHost, SourceSocketRequest } from '../connector.ts';
import { isSameSecret } from '../secrets.ts';
import { accessToRelay, type VoiceSecrets } from './access.ts';
import { type Call, startCall } from './call.ts';
import { phoneOf } from './phone.ts';
import { CLOSE, type Pace, readFrames, speakOn } from './sockets.ts';

/** https://www.twilio.com/docs/voice/conversationrelay/websocket-messages, "Getting messages from Twilio". */
const frameSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('setup'),
    sessionId: z.string().min(1).max(128).optional(),
    callSid: z.string().min(1).max(128),
    from: z.string().max(64).optional(),
    customParameters: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({
    type: z.literal('prompt'),
    voicePrompt: z.string().max(100_000),
    lang: z.string().max(35).optional(),
    last: z.boolean().default(true),
  }),
  z.object({ type: z.literal('interrupt'), utteranceUntilInterrupt: z.string().max(100_000).default('') }),
  z.object({ type: z.literal('dtmf'), digit: z.string().regex(/^[0-9*#A-D]$/) }),
  z.object({ type: z.literal('error'), description: z.string().default('') }),
]);

export interface VoiceNeeds {
  readonly host: ConnectorHost;
  readonly secrets: VoiceSecrets;
  readonly pace: Pace;
  readonly locale: Locale;
}

/** Serves one call that comes by Twilio's ConversationRelay, or by what speaks as it does. */
export function serveRelay(socket: WebSocket, request: SourceSocketRequest, needs: VoiceNeeds): void {
  const { host, secrets, pace } = needs;
  const access = accessToRelay(request, host.webhookUrl.replace(/webhook$/, 'relay'), secrets);
  if (access === 'refused') {
    request.refuse('wrong-token');
    return;
  }
  let call: Call | undefined;

  function setUp(frame: Extract<z.infer<typeof frameSchema>, { type: 'setup' }>): void {
    const given = frame.customParameters?.token;
    if (access === 'unknown' && (typeof given !== 'string' || !isSameSecret(given, secrets.token))) {
      request.refuse('wrong-token');
      return;
    }
    if (call) return;
    call = startCall(host, {
      call: frame.callSid,
      session: frame.sessionId ?? frame.callSid,
      from: phoneOf(frame.from),
      locale: needs.locale,
      speak: (text) => speakOn(socket, text),
      onReplay: () => request.refuse('replayed'),
      onLost: () => socket.close(CLOSE.tryAgainLater),
    });
  }

  readFrames(
    socket,
    pace,
    (raw) => {
      const { data: frame } = frameSchema.safeParse(raw);
      if (frame?.type === 'setup') setUp(frame);
      else if (!call && access !== 'granted') request.refuse('wrong-token');
      else if (frame && call) hear(call, frame);
    },
    () => call?.end(),
  );

  function hear(on: Call, frame: z.infer<typeof frameSchema>): void {
    switch (frame.type) {
      case 'prompt':
        if (frame.last) on.final(frame.voicePrompt);
        else on.partial(frame.voicePrompt);
        return;
      case 'interrupt':
        on.interrupted(frame.utteranceUntilInterrupt);
        return;
      case 'dtmf':
        on.digit(frame.digit);
        return;
      case 'error':
        host.log.warn({ channel: host.channel }, 'the relay could not use what was sent to it');
        return;
      case 'setup':
    }
  }
}
