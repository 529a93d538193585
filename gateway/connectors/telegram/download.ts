import { type Api, GrammyError } from 'grammy';
import type { Downloaded } from '../connector.ts';
import { fetchFile } from '../fetch-file.ts';
import { callSignal } from './api.ts';
import { outcomeOfFailure } from './outcome.ts';

/**
 * Fetches a file by its `file_id`: https://core.telegram.org/bots/api#getfile, "The file can then be downloaded via the
 * link https://api.telegram.org/file/bot<token>/<file_path>"; the cloud gives no file of more than 20 MB.
 */
export async function downloadFile(
  api: Api,
  {
    token,
    apiRoot,
    maxBytes,
  }: { readonly token: string; readonly apiRoot: string; readonly maxBytes: number },
  fileId: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<Downloaded> {
  const found = await findFile(api, fileId, signal);
  if ('outcome' in found) return found;
  const { path, size } = found;
  if (size > maxBytes) return { outcome: 'refused', reason: 'too-large' };
  // A local server in its local mode answers with a path on its own disk, which we may not reach.
  if (path.startsWith('/')) return { outcome: 'refused', reason: 'local-mode' };
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const url = `${apiRoot}/file/bot${token}/${encoded}`;
  return fetchFile(fetch, { url, hosts: [new URL(apiRoot).host], maxBytes, signal });
}

async function findFile(
  api: Api,
  fileId: string,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly size: number } | Downloaded> {
  try {
    const { file_path: path, file_size: size = 0 } = await api.getFile(fileId, callSignal(signal));
    return path === undefined ? { outcome: 'refused', reason: 'no-path' } : { path, size };
  } catch (error) {
    if (error instanceof GrammyError && error.description.includes('file is too big'))
      return { outcome: 'refused', reason: 'too-large' };
    const outcome = outcomeOfFailure(error);
    // Asking for a file changes nothing, so an answer that was lost is asked for again.
    if (outcome.outcome === 'rejected') return { outcome: 'refused', reason: outcome.reason };
    const reason = outcome.outcome === 'accepted' ? 'no-file' : outcome.reason;
    const afterMs = outcome.outcome === 'retry' ? outcome.afterMs : undefined;
    return { outcome: 'retry', reason, ...(afterMs !== undefined && { afterMs }) };
  }
}
