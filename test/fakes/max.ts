import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { answerWith, type HttpAnswer, type HttpFault, readBody } from './http-faults.ts';
import { type Json, nextMid } from './max-updates.ts';
import { createWatch } from './watch.ts';

const TOKEN = 'f9LHodD0cOL-max-token';

/** The part of MAX's Bot API that a hub meets (https://dev.max.ru/docs-api). */
export interface FakeMax {
  readonly url: string;
  readonly token: string;
  /** Messages that stand in the dialogues, as sent or as edited last. */
  readonly messages: Map<string, TakenMessage>;
  readonly requests: readonly MaxRequest[];
  /** The webhooks that were subscribed, with their bodies. */
  readonly subscriptions: Map<string, Json>;
  /** Files by their path below /files/. */
  readonly files: Map<string, Buffer>;
  /** Updates for long polling; all of them since the marker that was passed last are given. */
  push(...updates: readonly Json[]): void;
  saidTo(chat: number): readonly string[];
  hears(chat: number, count: number): Promise<readonly string[]>;
  until(condition: () => boolean): Promise<void>;
  /** The next message to this chat meets the fault. */
  fault(chat: number, fault: HttpFault): void;
  /** The next message is answered so, in MAX's own words. */
  refuseNext(status: number, code: string): void;
  stop(): Promise<void>;
}

export interface MaxRequest {
  readonly method: string;
  readonly path: string;
  /** Of a change of a message, which one. */
  readonly mid?: string;
  readonly body: unknown;
}

const label = z.string().min(1).max(128);
/** https://dev.max.ru/docs-api/use-cases/sending-messages/keyboard, types of buttons; labels of 1 to 128 characters. */
const button = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('callback'), text: label, payload: z.string().max(1024) }),
  z.looseObject({ type: z.literal('link'), text: label, url: z.url().max(2048) }),
  z.looseObject({ type: z.enum(['request_contact', 'request_geo_location']), text: label }),
]);
/** "до 7 кнопок в каждом (до 3, если это кнопки типа link, open_app, request_geo_location или request_contact)" (ibid.). */
const row = z
  .array(button)
  .min(1)
  .max(7)
  .refine((buttons) => buttons.length <= 3 || buttons.every(({ type }) => type === 'callback'));

// https://dev.max.ru/docs-api/objects/NewMessageBody: text up to 4000; 30 rows of buttons; up to 12 attachments.
const attachment = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('inline_keyboard'),
    payload: z.looseObject({
      buttons: z.array(row).min(1).max(30),
    }),
  }),
  z.looseObject({
    type: z.literal('image'),
    payload: z.looseObject({ photos: z.record(z.string(), z.object({ token: z.string() })) }),
  }),
  ...(['video', 'audio', 'file'] as const).map((type) =>
    z.looseObject({ type: z.literal(type), payload: z.looseObject({ token: z.string() }) }),
  ),
  z.looseObject({ type: z.literal('location'), latitude: z.number(), longitude: z.number() }),
]);
const newMessage = z.looseObject({
  text: z.string().max(4000).nullish(),
  attachments: z.array(attachment).max(12).nullish(),
  link: z.object({ type: z.literal('reply'), mid: z.string() }).nullish(),
});
export type TakenMessage = z.infer<typeof newMessage> & { readonly chat: number };

export async function startFakeMax(): Promise<FakeMax> {
  const messages = new Map<string, TakenMessage>();
  const sent: { chat: number; text: string }[] = [];
  const requests: MaxRequest[] = [];
  const subscriptions = new Map<string, Json>();
  const files = new Map<string, Buffer>();
  const queue: Json[] = [];
  /** How many updates were given and passed, and so are gone. */
  let passed = 0;
  const faults: { chat: number; fault: HttpFault }[] = [];
  const refusals: HttpAnswer[] = [];
  const watch = createWatch();

  function send(query: URLSearchParams, body: unknown): HttpAnswer {
    const refused = refusals.shift();
    if (refused) return refused;
    const chat = Number(query.get('chat_id'));
    const message = newMessage.safeParse(body);
    if (!message.success || (!message.data.text && !message.data.attachments?.length))
      return refusal(400, 'proto.payload');
    const mid = nextMid();
    messages.set(mid, { ...message.data, chat });
    sent.push({ chat, text: message.data.text ?? '' });
    watch.seen();
    return json({ message: { timestamp: Date.now(), body: { mid, seq: 1, text: message.data.text } } });
  }

  /** …/methods/PUT/messages: attachments that are null or absent stay, an empty list removes them. */
  function edit(mid: string, body: unknown): HttpAnswer {
    const message = messages.get(mid);
    const change = newMessage.safeParse(body);
    if (!message) return refusal(404, 'not.found');
    if (!change.success) return refusal(400, 'proto.payload');
    const attachments = change.data.attachments ?? message.attachments;
    messages.set(mid, { ...message, text: change.data.text, attachments });
    watch.seen();
    return json({ success: true });
  }

  function remove(mid: string): HttpAnswer {
    if (!messages.delete(mid)) return refusal(404, 'not.found');
    watch.seen();
    return json({ success: true });
  }

  /** …/methods/GET/updates: waits until something comes, or `timeout` seconds. */
  async function updates(query: URLSearchParams, response: ServerResponse): Promise<HttpAnswer> {
    // "All earlier updates are considered completed once `marker` is passed."
    passed = Math.max(passed, Number(query.get('marker') ?? 0));
    const isGone = () => response.destroyed;
    response.once('close', () => watch.seen());
    await watch.until(() => queue.length > passed || isGone());
    return json({ updates: queue.slice(passed), marker: queue.length });
  }

  async function process(
    method: string,
    url: URL,
    raw: Buffer,
    response: ServerResponse,
  ): Promise<HttpAnswer> {
    const body = raw.length > 0 && raw[0] === 0x7b ? (JSON.parse(raw.toString()) as unknown) : undefined;
    const query = url.searchParams;
    const mid = query.get('message_id');
    requests.push({ method, path: url.pathname, body, ...(mid !== null && { mid }) });
    switch (`${method} ${url.pathname}`) {
      case 'GET /me':
        return json({ user_id: 1, first_name: 'Банк', username: 'bank_bot', is_bot: true });
      case 'GET /subscriptions':
        watch.seen();
        return json({ subscriptions: [...subscriptions.keys()].map((one) => ({ url: one, time: 1 })) });
      case 'POST /subscriptions': {
        const { url: hook } = z.looseObject({ url: z.string() }).parse(body);
        subscriptions.set(hook, body as Json);
        watch.seen();
        return json({ success: true });
      }
      case 'DELETE /subscriptions':
        subscriptions.delete(query.get('url') ?? '');
        return json({ success: true });
      case 'GET /updates':
        watch.seen();
        return updates(query, response);
      case 'PUT /messages':
        return edit(query.get('message_id') ?? '', body);
      case 'DELETE /messages':
        return remove(query.get('message_id') ?? '');
      case 'POST /uploads': {
        // …/methods/POST/uploads: video and audio get their token with the address.
        const type = query.get('type');
        const early = type === 'video' || type === 'audio' ? { token: `early-${type}` } : {};
        return json({ url: `${fake.url}/bytes/${type}`, ...early });
      }
      default:
        return other(method, url.pathname, raw);
    }
  }

  function other(method: string, path: string, raw: Buffer): HttpAnswer {
    watch.seen();
    if (path.startsWith('/bytes/')) {
      const name = `upload-${files.size}`;
      files.set(name, raw);
      if (path === '/bytes/image') return json({ photos: { key: { token: name } } });
      return path === '/bytes/file' ? json({ fileId: 1, token: name }) : xml('<retval>1</retval>');
    }
    if (method === 'POST' && (path === '/answers' || /^\/chats\/\d+\/actions$/.test(path)))
      return json({ success: true });
    return refusal(404, 'not.found');
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://max');
    const file = files.get(url.pathname.replace('/files/', ''));
    if (url.pathname.startsWith('/files/') && file) return void response.end(file);
    const isUpload = url.pathname.startsWith('/bytes/');
    const raw = Buffer.from(await readBody(request), 'utf8');
    // "Передача токена … заголовок Authorization: <token>"; 401 "authentication error".
    if (!isUpload && request.headers.authorization !== TOKEN)
      return answerWith(undefined, () => refusal(401, 'verify.token'), request, response);
    if (request.method === 'POST' && url.pathname === '/messages') {
      const at = faults.findIndex(({ chat }) => String(chat) === url.searchParams.get('chat_id'));
      const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
      requests.push({ method: 'POST', path: '/messages', body: JSON.parse(raw.toString()) });
      return answerWith(fault, () => send(url.searchParams, JSON.parse(raw.toString())), request, response);
    }
    const done = await process(request.method ?? '', url, raw, response);
    return answerWith(undefined, () => done, request, response);
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const fake: FakeMax = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: TOKEN,
    messages,
    requests,
    subscriptions,
    files,
    push(...given) {
      queue.push(...given);
      watch.seen();
    },
    saidTo: (chat) => sent.flatMap((one) => (one.chat === chat ? [one.text] : [])),
    hears: (chat, count) => watch.hears(() => fake.saidTo(chat), count),
    until: watch.until,
    fault: (chat, fault) => void faults.push({ chat, fault }),
    refuseNext: (status, code) => void refusals.push(refusal(status, code)),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

function json(value: unknown, status = 200): HttpAnswer {
  return { status, type: 'application/json', text: JSON.stringify(value) };
}

function xml(text: string): HttpAnswer {
  return { status: 200, type: 'text/xml', text };
}

/** https://dev.max.ru/docs-api, error responses: a code and a message. */
export function refusal(status: number, code: string): HttpAnswer {
  return json({ code, message: code }, status);
}
