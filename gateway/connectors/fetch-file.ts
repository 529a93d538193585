import type { Downloaded } from './connector.ts';
import { readFetchFailure } from './fetch-failure.ts';

export interface FileRequest {
  readonly url: string;
  /**
   * Names of hosts that may be asked, with their port where it is not the protocol's own: `api.telegram.org`. With a
   * dot before it, all hosts of a domain: `.vk.com`.
   */
  readonly hosts: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Redirects followed, each to one of the hosts only; 0 unless told. */
  readonly maxRedirects?: number;
}

/**
 * Fetches a file from a network's own hosts and from no other, whatever the network's payload says, and reads no more
 * than `maxBytes`. Headers, which may hold a token, go to the first host only.
 */
export async function fetchFile(fetch: typeof globalThis.fetch, request: FileRequest): Promise<Downloaded> {
  const { hosts, maxBytes, signal, maxRedirects = 0 } = request;
  let url = request.url;
  for (let redirects = 0; ; redirects++) {
    if (!isOn(url, hosts)) return { outcome: 'refused', reason: 'foreign-host' };
    const isFirst = new URL(url).host === new URL(request.url).host;
    try {
      const response = await fetch(url, {
        redirect: 'manual',
        signal,
        ...(isFirst && request.headers && { headers: request.headers }),
      });
      const next = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || next === null)
        return await read(response, maxBytes);
      await response.body?.cancel();
      if (redirects === maxRedirects || !URL.canParse(next, url))
        return { outcome: 'refused', reason: 'redirect' };
      url = new URL(next, url).href;
    } catch (error) {
      return { outcome: 'retry', reason: readFetchFailure(error).reason };
    }
  }
}

function isOn(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  const isNamed = (one: string) => host === one || (one.startsWith('.') && `.${host}`.endsWith(one));
  return (protocol === 'https:' || protocol === 'http:') && hosts.some(isNamed);
}

async function read(response: Response, maxBytes: number): Promise<Downloaded> {
  const { status, headers } = response;
  if (status === 429 || status >= 500) {
    await response.body?.cancel();
    const seconds = Number(headers.get('retry-after'));
    return { outcome: 'retry', reason: `http-${status}`, ...(seconds > 0 && { afterMs: seconds * 1000 }) };
  }
  if (status !== 200 || Number(headers.get('content-length')) > maxBytes) {
    await response.body?.cancel();
    return { outcome: 'refused', reason: status === 200 ? 'too-large' : `http-${status}` };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return { outcome: 'refused', reason: 'too-large' };
    chunks.push(chunk);
  }
  const type = headers.get('content-type') ?? undefined;
  return { outcome: 'file', bytes: Buffer.concat(chunks), ...(type !== undefined && { type }) };
}
