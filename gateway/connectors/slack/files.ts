import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { ConnectorHost, Downloaded, DownloadLimits } from '../connector.ts';
import { readFetchFailure } from '../fetch-failure.ts';
import { fetchFile } from '../fetch-file.ts';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';
import { type Bolt, isUnauthorized } from './api.ts';
import { externalIdOf, placeOf } from './place.ts';
import { escapeText } from './text.ts';

type Files = Extract<OutgoingPart, { kind: 'media' }>;

/**
 * Sends files as one message (https://docs.slack.dev/messaging/working-with-files#uploading_files): each is uploaded to
 * an address of its own, which shows nothing to anybody; the last call shares them all at once.
 */
export async function sendFiles(
  api: webApi.WebClient,
  host: ConnectorHost,
  part: Files,
): Promise<SendOutcome> {
  const { channel, threadTs } = placeOf(part.externalThread);
  const files: { id: string; title: string }[] = [];
  for (const { media, name } of part.media) {
    const bytes = await host.readMedia(media.id);
    const filename = name ?? `file.${media.type.split('/')[1] ?? 'bin'}`;
    const { upload_url: address, file_id: id } = await api.files.getUploadURLExternal({
      filename,
      length: bytes.length,
    });
    if (!address || !id) return { outcome: 'retry', reason: 'no-upload-address' };
    const refusal = await upload(host, address, bytes);
    if (refusal) return refusal;
    files.push({ id, title: filename });
  }
  const [first, ...rest] = files;
  if (!first) return { outcome: 'rejected', reason: 'no-media' };
  const comment = part.media
    .map(({ caption }) => caption ?? '')
    .filter(Boolean)
    .join('\n');
  await api.files.completeUploadExternal({
    files: [first, ...rest],
    channel_id: channel,
    ...(comment && { initial_comment: escapeText(comment) }),
    ...(threadTs && { thread_ts: threadTs }),
  } as Parameters<webApi.WebClient['files']['completeUploadExternal']>[0]);
  const ts = await findShare(api, first.id, channel);
  return { outcome: 'accepted', ...(ts !== undefined && { externalId: externalIdOf(channel, ts) }) };
}

/** How long after the files were shared they are looked at, each time, milliseconds. */
const LOOKS_MS = [100, 400, 1_500];

/**
 * The message in which Slack has shown a file; undefined where it has not yet. Files are shared after the answer, and
 * `shares` of files.info tells where (https://docs.slack.dev/reference/objects/file-object). They are shared whatever
 * comes of this question.
 */
async function findShare(api: webApi.WebClient, file: string, channel: string): Promise<string | undefined> {
  for (const afterMs of LOOKS_MS) {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const info = await api.files.info({ file }).catch(() => undefined);
    const parsed = shares.safeParse(info?.file?.shares);
    if (!parsed.success) continue;
    const place = parsed.data.private?.[channel] ?? parsed.data.public?.[channel];
    if (place?.[0]) return place[0].ts;
  }
  return undefined;
}

const places = z.record(z.string(), z.array(z.looseObject({ ts: z.string() }))).optional();
const shares = z.looseObject({ public: places, private: places });

/** Undefined where it went well. Nothing was shared yet, so whatever failed may simply be done again. */
async function upload(
  { fetch }: ConnectorHost,
  address: string,
  bytes: Uint8Array,
): Promise<SendOutcome | undefined> {
  try {
    const answer = await fetch(address, { method: 'POST', body: Buffer.from(bytes), redirect: 'manual' });
    await answer.body?.cancel();
    return answer.ok ? undefined : { outcome: 'retry', reason: `http-${answer.status}` };
  } catch (error) {
    return { outcome: 'retry', reason: readFetchFailure(error).reason };
  }
}

/** Asks Slack where the file is, and reads it there with our token. */
export async function downloadFile(
  { webApi: { WebAPIPlatformError } }: Bolt,
  api: webApi.WebClient,
  { token, apiUrl }: { token: string; apiUrl: string },
  host: ConnectorHost,
  { source, limits, signal }: { source: string; limits: DownloadLimits; signal: AbortSignal },
): Promise<Downloaded> {
  const info = await api.files.info({ file: source }).catch((error: unknown) => {
    if (error instanceof WebAPIPlatformError && !isUnauthorized(error.data.error))
      return { refused: error.data.error };
    throw error;
  });
  if ('refused' in info) return { outcome: 'refused', reason: info.refused };
  const { url_private_download, url_private, mimetype, name, size } = info.file ?? {};
  const address = url_private_download ?? url_private;
  if (!address) return { outcome: 'refused', reason: 'no-address' };
  if ((size ?? 0) > limits.maxBytes) return { outcome: 'refused', reason: 'too-large' };
  const fetched = await fetchFile(host.fetch, {
    url: address,
    // Files are at files.slack.com; a proxy of the Web API has them beside it.
    hosts: ['files.slack.com', new URL(apiUrl).host],
    headers: { authorization: `Bearer ${token}` },
    maxBytes: limits.maxBytes,
    signal,
  });
  if (fetched.outcome !== 'file') return fetched;
  return { ...fetched, ...(mimetype && { type: mimetype }), ...(name && { name }) };
}
