import { z } from 'zod';
import { authentic } from '../authentic.ts';
import { type Capabilities, NO_ABILITIES, TEXT_ONLY } from '../capabilities.ts';
import type {
  Connector,
  ConnectorDefinition,
  ConnectorHost,
  Received,
  WebhookRequest,
} from '../connector.ts';
import { accessByToken } from './access.ts';
import { phoneOf } from './phone.ts';
import { serveRelay } from './relay.ts';
import { readCues, readJson, type Transcript, transcriptText } from './transcripts.ts';
import { serveVosk } from './vosk.ts';

const settings = z.strictObject({
  token: z
    .string()
    .min(16, 'is shorter than 16 characters; whoever knows it can speak as any caller')
    .meta({ titles: { ru: 'Секрет источников речи', en: 'Secret of transcript sources' }, secret: true }),
  twilioAuthToken: z
    .string()
    .optional()
    .transform((token) => token || undefined)
    .meta({ titles: { ru: 'Ключ Twilio (Auth Token)', en: "Twilio's auth token" }, secret: true }),
  phone: z
    .string()
    .regex(/^(?:\+?\d[\d ()-]{1,24})?$/, 'is not a number to call, such as 8 800 100-20-30')
    .optional()
    .meta({ titles: { ru: 'Номер, по которому звонят клиенты', en: 'Number that clients call' } }),
  locale: z
    .enum(['ru', 'en'])
    .default('ru')
    .meta({ titles: { ru: 'Язык', en: 'Language' } }),
  silenceSeconds: z
    .number()
    .min(1)
    .max(3_600)
    .default(300)
    .meta({
      titles: {
        ru: 'Молчание, после которого звонок окончен, секунд',
        en: 'Silence that ends a call, seconds',
      },
    }),
});
type VoiceSettings = z.infer<typeof settings>;

const HEARTBEAT_MS = 25_000;
const DAY_MS = 86_400_000;

const capabilities: Capabilities = {
  content: TEXT_ONLY,
  abilities: { ...NO_ABILITIES, receipts: 'native' },
  limits: {
    maxText: 4_000,
    unit: 'utf16',
    maxChoices: 0,
    maxChoiceText: 0,
    // A call takes all that is said to it; it is one person's ear.
    perSecond: 1_000,
    perThreadPerSecond: 100,
    perThreadBurst: 100,
  },
  choicesAs: 'spoken',
  dedupeWindowMs: 30 * DAY_MS,
  // The socket of a call is held by one node, and what is said to it is committed by another: the view shows it.
  acceptance: 'commit',
  jurisdiction: 'own',
  dataClass: 'personal',
};

/** Calls as text: live by ConversationRelay or a Vosk server's results, finished as transcripts. */
export const voice: ConnectorDefinition<VoiceSettings> = { name: 'voice', settings, capabilities, connect };

function connect(options: VoiceSettings, host: ConnectorHost): Connector {
  const needs = {
    host,
    secrets: options,
    locale: options.locale,
    pace: { heartbeatMs: HEARTBEAT_MS, silenceMs: options.silenceSeconds * 1_000 },
  };
  return {
    receive: (request) => receiveTranscript(request, options),
    ...(options.phone && { phone: options.phone }),
    // Never called: what is said to a call is accepted by being committed.
    send: async () => ({ outcome: 'rejected', reason: 'call-over' }),
    alsoAt: ['transcripts'],
    sockets: {
      relay: (socket, request) => serveRelay(socket, request, needs),
      vosk: (socket, request) => serveVosk(socket, request, needs),
    },
  };
}

/** POST of a finished transcript. It is history: nothing answers it. */
function receiveTranscript(request: WebhookRequest, options: VoiceSettings): Received {
  if (request.method !== 'POST' || accessByToken(request, options) !== 'granted')
    return { authentic: false, reason: 'wrong-token' };
  const body = new TextDecoder().decode(request.body);
  const isCues =
    /vtt|subrip|text\/plain/i.test(String(request.headers['content-type'])) || /^\ufeff?WEBVTT/.test(body);
  const read = isCues ? readCues(body, new URL(request.url, 'http://hub').searchParams) : readJson(body);
  if ('problem' in read) return refused(read.problem);
  return {
    ...fromTranscript(read.ok, options),
    reply: { status: 200, type: 'application/json', body: '{}' },
  };
}

/** Who called is a voice identity of its own; only what the source states proves more. */
function fromTranscript(
  transcript: Transcript,
  { locale }: VoiceSettings,
): Extract<Received, { authentic: true }> {
  const { call, startedAt, authenticated, utterances } = transcript;
  const place = phoneOf(transcript.from) ?? `call:${call}`;
  const proof = authenticated && {
    evidence: 'bank-authenticated' as const,
    customer: authenticated.customer,
    how: `call: ${authenticated.how}`,
  };
  return authentic([
    {
      type: 'message',
      dedupeKey: `transcript:${call}`,
      sender: { externalUser: place, externalThread: place, locale, ...(proof && { proof }) },
      content: [{ kind: 'text', text: transcriptText(utterances) }],
      ...(startedAt && { sentAt: startedAt }),
      past: true,
    },
  ]);
}

/** RFC 9457; nothing is stored. */
function refused(detail: string): Received {
  const problem = {
    type: 'about:blank',
    title: 'Not a transcript',
    status: 422,
    code: 'not-a-transcript',
    detail,
  };
  return {
    ...authentic([]),
    reply: { status: 422, type: 'application/problem+json', body: JSON.stringify(problem) },
  };
}
