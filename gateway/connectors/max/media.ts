import type { AttachmentRequest, UploadType } from '@maxhub/max-bot-api/types';
import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { ConnectorHost, Downloaded } from '../connector.ts';
import { fetchFile } from '../fetch-file.ts';
import { askOnce } from '../http-answer.ts';
import type { OutgoingMedia, SendOutcome } from '../outgoing.ts';
import type { MaxApi } from './api.ts';
import { refusalOf } from './outcome.ts';

/** Where MAX keeps files: observed, not documented (docs/max.md). */
const FILE_DOMAINS = ['.max.ru', '.oneme.ru', '.okcdn.ru', '.mycdn.me'];

/** https://dev.max.ru/docs-api/methods/POST/uploads: for video and audio the token comes before the bytes went. */
const place = z.looseObject({ url: z.url({ protocol: /^https?$/ }), token: z.string().optional() });
const photos = z.looseObject({ photos: z.record(z.string(), z.looseObject({ token: z.string() })) });
const file = z.looseObject({ token: z.string() });

/** Uploads a file, which shows nothing to anybody yet: whatever fails may simply be done again. */
export async function uploadMedia(
  api: MaxApi,
  host: Pick<ConnectorHost, 'fetch' | 'readMedia'>,
  { kind, media, name }: OutgoingMedia,
  signal: AbortSignal,
): Promise<{ readonly attachment: AttachmentRequest } | Exclude<SendOutcome, { outcome: 'accepted' }>> {
  const bytes = await host.readMedia(media.id).catch(() => undefined);
  if (!bytes) return { outcome: 'retry', reason: 'media-away' };
  // Stickers are no kind of ours to send: its capabilities have none.
  const type: UploadType = kind === 'sticker' ? 'image' : kind;
  const answer = await api({ method: 'POST', path: `/uploads?type=${type}`, signal });
  if (!answer.complete) return { outcome: 'retry', reason: answer.outcome.reason };
  if (answer.status !== 200) return refusalOf(answer);
  const { data: where } = place.safeParse(parseJson(answer.text));
  if (!where) return { outcome: 'retry', reason: 'garbled-answer' };
  const form = new FormData();
  form.set('data', new Blob([Buffer.from(bytes)], { type: media.type }), name ?? 'file');
  // The address is secret enough: the official client sends no token there either.
  const taken = await askOnce(host.fetch, where.url, { method: 'POST', body: form, signal });
  if (!taken.complete) return { outcome: 'retry', reason: taken.outcome.reason };
  if (taken.status !== 200) return { outcome: 'retry', reason: `upload-http-${taken.status}` };
  const attachment = attachmentOf(type, where.token, parseJson(taken.text));
  return attachment ? { attachment } : { outcome: 'retry', reason: 'garbled-answer' };
}

function attachmentOf(
  type: UploadType,
  early: string | undefined,
  taken: unknown,
): AttachmentRequest | undefined {
  if (type === 'image') {
    const { data } = photos.safeParse(taken);
    return data && { type, payload: { photos: data.photos } };
  }
  const token = file.safeParse(taken).data?.token ?? early;
  return token === undefined ? undefined : { type, payload: { token } };
}

/** Fetches a file from the address that came with its message, where that is one of MAX; no token goes there. */
export function downloadMedia(
  fetch: typeof globalThis.fetch,
  apiRoot: string,
  url: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Downloaded> {
  const hosts = [new URL(apiRoot).host, ...FILE_DOMAINS];
  return fetchFile(fetch, { url, hosts, maxBytes, signal });
}
