import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { answerWith, type HttpAnswer, type HttpFault, readBody } from './http-faults.ts';
import { createWatch } from './watch.ts';
import { PHONE_ID } from './whatsapp-notifications.ts';
import { type ApprovedTemplate, refusedParameters, templateMessage } from './whatsapp-templates.ts';

const TOKEN = 'EAAJB-token';

/**
 * The part of Meta's Cloud API that a hub meets: messages
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages) and media
 * (https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media).
 */
export interface FakeWhatsApp {
  readonly apiRoot: string;
  readonly token: string;
  /** Bodies of the messages that were taken, with the ids that they got. */
  readonly taken: readonly (TakenMessage & { readonly wamid: string })[];
  /** Messages that were marked as read, and whether typing was shown with it. */
  readonly read: readonly { readonly id: string; readonly isTyping: boolean }[];
  /** Files by their media id: uploaded by the hub, or put here for it to fetch. */
  readonly files: Map<string, FakeFile>;
  /** Approved templates by name and language. */
  readonly templates: Map<string, ApprovedTemplate>;
  /** What the number says of itself. */
  number: Readonly<Record<string, string>>;
  saidTo(phone: string): readonly string[];
  hears(phone: string, count: number): Promise<readonly string[]>;
  /** The next message to this phone meets the fault. */
  fault(phone: string, fault: HttpFault): void;
  /** More than 24 hours have passed since this person wrote. */
  closeWindow(phone: string): void;
  stop(): Promise<void>;
}

interface FakeFile {
  readonly bytes: Buffer;
  readonly type: string;
}

const takenMessage = z.looseObject({
  messaging_product: z.literal('whatsapp'),
  to: z.string().regex(/^\d{5,20}$/),
  type: z.enum([
    'text',
    'interactive',
    'image',
    'video',
    'audio',
    'document',
    'location',
    'contacts',
    'reaction',
    'template',
  ]),
  template: templateMessage.optional(),
  // …/messages/text-messages: "Maximum 4096 characters".
  text: z.looseObject({ body: z.string().min(1).max(4096) }).optional(),
  interactive: z
    .discriminatedUnion('type', [
      // …/messages/interactive-reply-buttons-messages
      z.looseObject({
        type: z.literal('button'),
        body: z.looseObject({ text: z.string().min(1).max(1024) }),
        action: z.looseObject({
          buttons: z
            .array(
              z.looseObject({
                reply: z.looseObject({ id: z.string().max(256), title: z.string().min(1).max(20) }),
              }),
            )
            .min(1)
            .max(3),
        }),
      }),
      // …/messages/interactive-cta-url-messages
      z.looseObject({
        type: z.literal('cta_url'),
        body: z.looseObject({ text: z.string().min(1).max(1024) }),
        action: z.strictObject({
          name: z.literal('cta_url'),
          parameters: z.strictObject({ display_text: z.string().min(1).max(20), url: z.url() }),
        }),
      }),
      // …/messages/location-request-messages
      z.looseObject({
        type: z.literal('location_request_message'),
        body: z.looseObject({ text: z.string().min(1).max(1024) }),
        action: z.strictObject({ name: z.literal('send_location') }),
      }),
      // …/messages/interactive-list-messages
      z.looseObject({
        type: z.literal('list'),
        body: z.looseObject({ text: z.string().min(1).max(4096) }),
        action: z.looseObject({
          button: z.string().min(1).max(20),
          sections: z.tuple([
            z.looseObject({
              rows: z
                .array(z.looseObject({ id: z.string().max(200), title: z.string().min(1).max(24) }))
                .min(1)
                .max(10),
            }),
          ]),
        }),
      }),
    ])
    .optional(),
});
type TakenMessage = z.infer<typeof takenMessage>;

const readMark = z.looseObject({
  status: z.literal('read'),
  message_id: z.string(),
  typing_indicator: z.looseObject({ type: z.literal('text') }).optional(),
});

export async function startFakeWhatsApp(): Promise<FakeWhatsApp> {
  const taken: (TakenMessage & { wamid: string })[] = [];
  const read: { id: string; isTyping: boolean }[] = [];
  const faults: { phone: string; fault: HttpFault }[] = [];
  const closed = new Set<string>();
  const watch = createWatch();
  const files = new Map<string, FakeFile>();
  const templates = new Map<string, ApprovedTemplate>();

  function take(body: unknown): HttpAnswer {
    const mark = readMark.safeParse(body).data;
    if (mark) {
      // …/messages/mark-message-as-read and …/typing-indicators
      read.push({ id: mark.message_id, isTyping: mark.typing_indicator !== undefined });
      watch.seen();
      return json(200, { success: true });
    }
    const message = takenMessage.safeParse(body);
    if (!message.success) return refusal(400, 100, 'Invalid parameter');
    const { to, template } = message.data;
    if (template) {
      const approved = templates.get(`${template.name} ${template.language.code}`);
      // …/support/error-codes: 132001
      if (!approved) return refusal(404, 132001, 'Template name does not exist in the translation');
      const refused = refusedParameters(approved, template.components);
      if (refused) return refusal(400, ...refused);
    }
    // …/support/error-codes: 131047 "More than 24 hours have passed since the recipient last replied".
    if (closed.has(to) && !template) return refusal(400, 131047, 'Re-engagement message');
    const wamid = `wamid.OUT${String(taken.length).padStart(20, '0')}==`;
    taken.push({ ...message.data, wamid });
    watch.seen();
    return json(200, {
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id: to }],
      messages: [{ id: wamid }],
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    const [path = ''] = url.replace(/^\/v24\.0/, '').split('?');
    const always = (process: () => HttpAnswer) => answerWith(undefined, process, request, response);
    // …/support/error-codes: 190 "Access token has expired", HTTP 401; media addresses want the token too (media#download-media).
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return always(() => refusal(401, 190, 'Invalid OAuth access token'));
    if (method === 'POST' && path === `/${PHONE_ID}/messages`) {
      const body: unknown = JSON.parse(await readBody(request));
      const to = z.looseObject({ to: z.string() }).safeParse(body).data?.to;
      const at = faults.findIndex(({ phone }) => phone === to);
      const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
      return answerWith(fault, () => take(body), request, response);
    }
    if (method === 'POST' && path === `/${PHONE_ID}/media`) {
      const id = await upload(request, files);
      return always(() => (id === undefined ? refusal(400, 100, 'Invalid parameter') : json(200, { id })));
    }
    if (path === `/${PHONE_ID}`) return always(() => json(200, { id: PHONE_ID, ...fake.number }));
    const isBytes = path.startsWith('/bytes/');
    const file = files.get(path.slice(isBytes ? '/bytes/'.length : 1));
    // Graph's answer to an object that is not there: code 100.
    if (!file) return always(() => refusal(400, 100, 'Unsupported get request'));
    if (!isBytes) return always(() => json(200, whereIs(path.slice(1), file)));
    response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
  }

  /** media#retrieve-media-url */
  function whereIs(id: string, { bytes, type }: FakeFile): object {
    const url = `${origin}/bytes/${id}`;
    return { messaging_product: 'whatsapp', url, mime_type: type, file_size: String(bytes.length), id };
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const fake: FakeWhatsApp = {
    apiRoot: `${origin}/v24.0`,
    token: TOKEN,
    taken,
    read,
    files,
    templates,
    number: { display_phone_number: '+7 495 000-00-00', status: 'CONNECTED', quality_rating: 'GREEN' },
    saidTo: (phone) => taken.filter(({ to, type }) => to === phone && type !== 'reaction').map(wordsOf),
    hears: (phone, count) => watch.hears(() => fake.saidTo(phone), count),
    fault: (phone, fault) => void faults.push({ phone, fault }),
    closeWindow: (phone) => void closed.add(phone),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

function wordsOf({ text, interactive }: TakenMessage): string {
  return text?.body ?? interactive?.body.text ?? '';
}

/** media#upload-media: `file`, `type` and `messaging_product` are required. */
async function upload(request: IncomingMessage, files: Map<string, FakeFile>): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = { 'content-type': String(request.headers['content-type']) };
  const form = await new Response(Buffer.concat(chunks), { headers }).formData();
  const file = form.get('file');
  const type = form.get('type');
  if (!(file instanceof Blob) || typeof type !== 'string') return undefined;
  if (form.get('messaging_product') !== 'whatsapp') return undefined;
  const id = `uploaded-${files.size}`;
  files.set(id, { bytes: Buffer.from(await file.arrayBuffer()), type });
  return id;
}

function json(status: number, value: unknown): HttpAnswer {
  return { status, type: 'application/json', text: JSON.stringify(value) };
}

/** …/support/error-codes#handling-errors */
export function refusal(status: number, code: number, title: string): HttpAnswer {
  return json(status, {
    error: { message: `(#${code}) ${title}`, type: 'OAuthException', code, fbtrace_id: 'A1b' },
  });
}
