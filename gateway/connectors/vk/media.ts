import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { ConnectorHost, Downloaded } from '../connector.ts';
import { fetchFile } from '../fetch-file.ts';
import { askOnce, type HttpAnswer } from '../http-answer.ts';
import type { OutgoingMedia } from '../outgoing.ts';
import type { VkApi } from './api.ts';
import { type Refusal, readAnswer } from './outcome.ts';

/** Where VK keeps files: observed, not documented (docs/vk.md). */
const FILE_DOMAINS = ['.vk.com', '.vk.ru', '.userapi.com', '.vkuserphoto.ru', '.vkuser.net'];
/** A document's address leads on to where its bytes are. */
const MAX_REDIRECTS = 3;

const place = z.object({ upload_url: z.url({ protocol: /^https?$/ }) });
const takenPhoto = z.object({ server: z.int(), photo: z.string(), hash: z.string() });
const takenFile = z.object({ file: z.string().min(1) });
const saved = z.object({ id: z.int(), owner_id: z.int(), access_key: z.string().optional() });

export interface Upload {
  readonly media: OutgoingMedia;
  readonly externalThread: string;
  readonly signal: AbortSignal;
}

/**
 * Uploads a file in VK's three steps (https://dev.vk.com/ru/api/upload); the attachment names it for messages.send. It
 * shows nothing to anybody yet: whatever fails may simply be done again.
 */
export async function uploadMedia(
  api: VkApi,
  host: Pick<ConnectorHost, 'fetch' | 'readMedia'>,
  { media: { kind, media, name }, externalThread: peer_id, signal }: Upload,
): Promise<{ readonly attachment: string } | Refusal> {
  const bytes = await host.readMedia(media.id).catch(() => undefined);
  if (!bytes) return { outcome: 'retry', reason: 'media-away' };
  const blob = new Blob([Buffer.from(bytes)], { type: media.type });
  const title = name ?? 'file';
  const put = async (url: string, field: string): Promise<HttpAnswer> => {
    const form = new FormData();
    form.set(field, blob, title);
    // The address is secret enough: VK asks for no token there.
    return askOnce(host.fetch, url, { method: 'POST', body: form, signal });
  };
  const ask = async <T>(method: string, parameters: Record<string, string | number>, schema: z.ZodType<T>) =>
    responseOf(await api(method, parameters, signal), schema);

  if (kind === 'image') {
    const where = await ask('photos.getMessagesUploadServer', { peer_id }, place);
    if ('outcome' in where) return where;
    const taken = takenOf(await put(where.upload_url, 'photo'), takenPhoto);
    if ('outcome' in taken) return taken;
    const { photo, server, hash } = taken;
    const photos = await ask('photos.saveMessagesPhoto', { photo, server, hash }, z.tuple([saved], saved));
    return 'outcome' in photos ? photos : { attachment: nameOf('photo', photos[0]) };
  }
  const where = await ask('docs.getMessagesUploadServer', { type: 'doc', peer_id }, place);
  if ('outcome' in where) return where;
  const taken = takenOf(await put(where.upload_url, 'file'), takenFile);
  if ('outcome' in taken) return taken;
  const document = await ask('docs.save', { file: taken.file, title }, z.object({ doc: saved }));
  return 'outcome' in document ? document : { attachment: nameOf('doc', document.doc) };
}

function nameOf(type: 'photo' | 'doc', { id, owner_id, access_key }: z.infer<typeof saved>): string {
  return [`${type}${owner_id}_${id}`, ...(access_key ? [access_key] : [])].join('_');
}

/** What a step returned; a step whose outcome is unknown has shown nothing to anybody. */
function responseOf<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | Refusal {
  const read = readAnswer(answer);
  if ('outcome' in read) return read.outcome === 'unknown' ? { ...read, outcome: 'retry' } : read;
  return schema.safeParse(read.response).data ?? { outcome: 'retry', reason: 'garbled-answer' };
}

/** The server that takes the bytes answers without an envelope; `{"error":…}` where it does not want them. */
function takenOf<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | Refusal {
  if (!answer.complete) return { outcome: 'retry', reason: answer.outcome.reason };
  if (answer.status !== 200) return { outcome: 'retry', reason: `upload-http-${answer.status}` };
  const json = parseJson(answer.text);
  const { data } = schema.safeParse(json);
  if (data !== undefined) return data;
  const isRefused = z.looseObject({ error: z.string() }).safeParse(json).success;
  return isRefused
    ? { outcome: 'rejected', reason: 'file-refused' }
    : { outcome: 'retry', reason: 'garbled-answer' };
}

/** Fetches a file from the address that came with its message, where that is one of VK; no token goes there. */
export function downloadMedia(
  fetch: typeof globalThis.fetch,
  apiRoot: string,
  url: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Downloaded> {
  const hosts = [new URL(apiRoot).host, ...FILE_DOMAINS];
  return fetchFile(fetch, { url, hosts, maxBytes, signal, maxRedirects: MAX_REDIRECTS });
}
