import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { ConnectorHost, Downloaded } from '../connector.ts';
import { fetchFile } from '../fetch-file.ts';
import { askOnce } from '../http-answer.ts';
import type { OutgoingMedia, SendOutcome } from '../outgoing.ts';
import { refusalOf } from './outcome.ts';

/** Where the Cloud API is, and as whom we ask. */
export interface Account {
  readonly apiRoot: string;
  readonly phoneId: string;
  readonly token: string;
}

const uploaded = z.looseObject({ id: z.string().regex(/^[\w-]{1,128}$/) });

/**
 * Uploads a file (https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#upload-media), which shows
 * nothing to anybody yet, so whatever fails may simply be done again.
 */
export async function uploadMedia(
  { apiRoot, phoneId, token }: Account,
  host: Pick<ConnectorHost, 'fetch' | 'readMedia'>,
  { media, name }: OutgoingMedia,
  signal: AbortSignal,
): Promise<{ readonly id: string } | SendOutcome> {
  const bytes = await host.readMedia(media.id).catch(() => undefined);
  if (!bytes) return { outcome: 'retry', reason: 'media-away' };
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('type', media.type);
  form.set('file', new Blob([Buffer.from(bytes)], { type: media.type }), name ?? 'file');
  const headers = { authorization: `Bearer ${token}` };
  const init = { method: 'POST', headers, body: form, signal };
  const answer = await askOnce(host.fetch, `${apiRoot}/${phoneId}/media`, init);
  if (!answer.complete) return { outcome: 'retry', reason: answer.outcome.reason };
  if (answer.status < 200 || answer.status >= 300) return refusalOf(answer);
  const { data } = uploaded.safeParse(parseJson(answer.text));
  return data ? { id: data.id } : { outcome: 'retry', reason: 'garbled-answer' };
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#retrieve-media-url */
const found = z.looseObject({
  url: z.string(),
  mime_type: z.string().optional(),
  file_size: z.coerce.number().optional(),
});

/** Media lie there behind addresses that live for five minutes and want the token again (…#download-media). */
const MEDIA_HOST = 'lookaside.fbsbx.com';

/** Asks where the file is, then reads it there. */
export async function downloadMedia(
  { apiRoot, phoneId, token }: Account,
  fetch: typeof globalThis.fetch,
  id: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Downloaded> {
  const headers = { authorization: `Bearer ${token}` };
  const where = `${apiRoot}/${encodeURIComponent(id)}?phone_number_id=${phoneId}`;
  const answer = await askOnce(fetch, where, { headers, signal });
  if (!answer.complete) return { outcome: 'retry', reason: answer.outcome.reason };
  if (answer.status !== 200) return refusedDownload(refusalOf(answer));
  const { data } = found.safeParse(parseJson(answer.text));
  if (!data) return { outcome: 'retry', reason: 'garbled-answer' };
  if ((data.file_size ?? 0) > maxBytes) return { outcome: 'refused', reason: 'too-large' };
  const hosts = [MEDIA_HOST, new URL(apiRoot).host];
  const file = await fetchFile(fetch, { url: data.url, hosts, headers, maxBytes, signal });
  // The address is already too old, https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#download-media
  if (file.outcome === 'refused' && file.reason === 'http-404')
    return { outcome: 'retry', reason: 'http-404' };
  if (file.outcome !== 'file') return file;
  return { ...file, ...(data.mime_type !== undefined && { type: data.mime_type }) };
}

function refusedDownload(outcome: SendOutcome): Downloaded {
  if (outcome.outcome === 'retry') {
    const { reason, afterMs } = outcome;
    return { outcome: 'retry', reason, ...(afterMs !== undefined && { afterMs }) };
  }
  return { outcome: 'refused', reason: outcome.outcome === 'rejected' ? outcome.reason : 'no-file' };
}
