import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { answerWith, type HttpAnswer, type HttpFault } from './http-faults.ts';
import { GROUP, type Json, nextId } from './vk-events.ts';
import { createWatch } from './watch.ts';

const TOKEN = 'vk1.a.community-token';

/** The part of VK's API that a hub meets (https://dev.vk.com/ru/method, VKCOM/vk-api-schema). */
export interface FakeVk {
  readonly url: string;
  readonly token: string;
  /** Messages that stand in the dialogues, as sent or as edited last. */
  readonly messages: Map<string, TakenMessage>;
  readonly requests: readonly { readonly method: string; readonly parameters: Parameters }[];
  /** What groups.getCallbackServers tells; undefined: the token may not ask. */
  servers: readonly Json[] | undefined;
  /** What users.get tells of people, by their numbers. */
  readonly people: Map<string, Json>;
  /** Files by their path below /files/. */
  readonly files: Map<string, Buffer>;
  saidTo(peer: number): readonly string[];
  hears(peer: number, count: number): Promise<readonly string[]>;
  until(condition: () => boolean): Promise<void>;
  /** The next message to this person meets the fault. */
  fault(peer: number, fault: HttpFault): void;
  /** The next call of the method is refused with this error. */
  refuseNext(method: string, code: number): void;
  stop(): Promise<void>;
}

type Parameters = Readonly<Record<string, string>>;

const label = z.string().min(1).max(40);
const payload = z.string().max(255);
/** https://dev.vk.com/ru/api/bots/development/keyboard, `action` and `color`. */
const button = z.union([
  z.strictObject({
    color: z.enum(['primary', 'secondary', 'negative', 'positive']),
    action: z.strictObject({ type: z.literal('callback'), label, payload }),
  }),
  z.strictObject({
    action: z.strictObject({ type: z.literal('open_link'), label, link: z.url(), payload }),
  }),
  z.strictObject({ action: z.strictObject({ type: z.literal('location'), payload }) }),
]);

/** The same page: inline 5 by 6, at most 10 buttons, label 40, payload 255. */
const keyboard = z
  .object({
    inline: z.literal(true),
    buttons: z.array(z.array(button).min(1).max(5)).max(6),
  })
  .refine(({ buttons }) => buttons.flat().length <= 10);

export interface TakenMessage {
  readonly peer: string;
  readonly text: string;
  readonly keyboard?: z.infer<typeof keyboard>;
  readonly attachment?: string;
  readonly replyTo?: string;
  readonly place?: readonly [string, string];
}

/** https://dev.vk.com/ru/reference/objects/user, of a page that is no more. */
const NOBODY: Json = { first_name: 'DELETED', last_name: '', deactivated: 'deleted' };

export async function startFakeVk(): Promise<FakeVk> {
  const messages = new Map<string, TakenMessage>();
  /** By person and random_id, "to avoid resending the message" (messages.send): the id that was given first. */
  const taken = new Map<string, number>();
  const sent: { peer: string; text: string }[] = [];
  const requests: { method: string; parameters: Parameters }[] = [];
  const files = new Map<string, Buffer>();
  const faults: { peer: string; fault: HttpFault }[] = [];
  const refusals: { method: string; code: number }[] = [];
  const watch = createWatch();

  function send(parameters: Parameters): HttpAnswer {
    const { peer_id: peer = '', random_id = '' } = parameters;
    // Required since 5.90.
    if (!/^\d{1,19}$/.test(random_id)) return error(100);
    const first = taken.get(`${peer} ${random_id}`);
    if (first !== undefined) return json({ response: first });
    const message = read(peer, parameters);
    if (typeof message === 'number') return error(message);
    const id = nextId();
    taken.set(`${peer} ${random_id}`, id);
    messages.set(String(id), message);
    sent.push({ peer, text: message.text });
    watch.seen();
    return json({ response: id });
  }

  /** An edit leaves nothing of the old message that it does not name (docs/vk.md). */
  function edit(parameters: Parameters): HttpAnswer {
    const { peer_id: peer = '', message_id = '' } = parameters;
    if (messages.get(message_id)?.peer !== peer) return error(909);
    const message = read(peer, parameters);
    if (typeof message === 'number') return error(message);
    messages.set(message_id, message);
    watch.seen();
    return json({ response: 1 });
  }

  function remove({ message_ids = '', delete_for_all }: Parameters): HttpAnswer {
    if (delete_for_all !== '1' || !messages.delete(message_ids)) return error(924);
    watch.seen();
    return json({ response: { [message_ids]: 1 } });
  }

  function call(method: string, parameters: Parameters): HttpAnswer {
    switch (method) {
      case 'messages.send':
        return send(parameters);
      case 'messages.edit':
        return edit(parameters);
      case 'messages.delete':
        return remove(parameters);
      case 'messages.sendMessageEventAnswer':
      case 'messages.setActivity':
        return json({ response: 1 });
      case 'messages.getById': {
        const { message_ids = '' } = parameters;
        const items = messages.has(message_ids) ? [{ id: Number(message_ids) }] : [];
        return json({ response: { count: items.length, items } });
      }
      case 'users.get':
        // An array, also of one (https://dev.vk.com/ru/method/users.get).
        return json({ response: [fake.people.get(parameters.user_ids ?? '') ?? NOBODY] });
      case 'groups.getById':
        return json({
          response: { groups: [{ id: GROUP, name: 'Банк', screen_name: 'bank' }], profiles: [] },
        });
      case 'groups.getCallbackServers':
        // 15: "Access denied", without the right to manage the community.
        return fake.servers
          ? json({ response: { count: fake.servers.length, items: fake.servers } })
          : error(15);
      case 'photos.getMessagesUploadServer':
        return json({ response: { upload_url: `${fake.url}/upload/photo`, album_id: -64, group_id: 0 } });
      case 'docs.getMessagesUploadServer':
        return json({ response: { upload_url: `${fake.url}/upload/file` } });
      case 'photos.saveMessagesPhoto':
        return json({ response: [{ id: 7, owner_id: -GROUP, access_key: 'key', album_id: -64 }] });
      case 'docs.save':
        return json({ response: { type: 'doc', doc: { id: 8, owner_id: -GROUP, title: parameters.title } } });
      default:
        return error(3);
    }
  }

  /** https://dev.vk.com/ru/api/upload: a photo in `photo`, a document in `file`; no MP3 and nothing executable. */
  async function upload(path: string, form: FormData): Promise<HttpAnswer> {
    const field = path === '/upload/photo' ? 'photo' : 'file';
    const file = form.get(field);
    if (!(file instanceof Blob)) return json({ error: 'ERR_UPLOAD_BAD_FORM' });
    const title = 'name' in file ? String(file.name) : '';
    if (field === 'file' && /\.(?:mp3|exe)$/.test(title))
      return json({ error: 'ERR_UPLOAD_FILE_NOT_UPLOADED' });
    files.set(field, Buffer.from(await file.arrayBuffer()));
    return field === 'photo'
      ? json({ server: 1, photo: '[{"photo":"x"}]', hash: 'h' })
      : json({ file: 'a|b' });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://vk');
    const file = files.get(pathname.replace('/files/', ''));
    if (pathname.startsWith('/files/') && file) return void response.end(file);
    const form = await readForm(request);
    if (pathname.startsWith('/upload/')) {
      const done = await upload(pathname, form);
      return answerWith(undefined, () => done, request, response);
    }
    const method = pathname.replace('/method/', '');
    const parameters = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
    // 5: "User authorization failed".
    if (request.headers.authorization !== `Bearer ${TOKEN}` || parameters.v !== '5.199')
      return answerWith(undefined, () => error(5), request, response);
    requests.push({ method, parameters });
    watch.seen();
    const refused = refusals.findIndex((one) => one.method === method);
    const code = refused < 0 ? undefined : refusals.splice(refused, 1)[0]?.code;
    const struck = faults.findIndex(({ peer }) => method === 'messages.send' && peer === parameters.peer_id);
    const fault = struck < 0 ? undefined : faults.splice(struck, 1)[0]?.fault;
    return answerWith(
      fault,
      () => (code === undefined ? call(method, parameters) : error(code)),
      request,
      response,
    );
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const fake: FakeVk = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: TOKEN,
    messages,
    requests,
    servers: undefined,
    people: new Map(),
    files,
    saidTo: (to) => sent.flatMap(({ peer, text }) => (peer === String(to) ? [text] : [])),
    hears: (to, count) => watch.hears(() => fake.saidTo(to), count),
    until: watch.until,
    fault: (to, fault) => void faults.push({ peer: String(to), fault }),
    refuseNext: (method, code) => void refusals.push({ method, code }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

/** The message, or the code of what is wrong with it: 100 for a parameter, 911 for the keyboard, 914 for its length. */
function read(peer: string, parameters: Parameters): TakenMessage | number {
  const { message: text = '', attachment, reply_to: replyTo, lat, long } = parameters;
  const isEmpty = text === '' && !attachment && lat === undefined;
  if (!/^\d+$/.test(peer) || isEmpty) return 100;
  if (text.length > 4096) return 914;
  const buttons =
    parameters.keyboard === undefined ? undefined : keyboard.safeParse(JSON.parse(parameters.keyboard));
  if (buttons && !buttons.success) return 911;
  return {
    peer,
    text,
    ...(buttons && { keyboard: buttons.data }),
    ...(attachment && { attachment }),
    ...(replyTo && { replyTo }),
    ...(lat !== undefined && long !== undefined && { place: [lat, long] as const }),
  };
}

/** Parameters come as a form (https://dev.vk.com/ru/api/api-requests). */
async function readForm(request: IncomingMessage): Promise<FormData> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const type = request.headers['content-type'] ?? 'application/x-www-form-urlencoded';
  return new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData();
}

function json(value: unknown): HttpAnswer {
  return { status: 200, type: 'application/json', text: JSON.stringify(value) };
}

/** https://dev.vk.com/ru/reference/errors: with 200, and with the parameters of the request. */
export function error(code: number): HttpAnswer {
  const request_params = [{ key: 'method', value: 'messages.send' }];
  return json({ error: { error_code: code, error_msg: 'in words', request_params } });
}
