import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApiClient } from '../../gateway/web/api-client.ts';

const answer = z.object({ ok: z.boolean() });

function clientOf(respond: (request: Request) => Response | Promise<Response>) {
  const requests: Request[] = [];
  let signedOut = 0;
  const client = createApiClient({
    fetch: async (input, init) => {
      const request = new Request(new URL(String(input), 'http://hub.test'), init);
      requests.push(request);
      return respond(request);
    },
    locale: () => 'ru',
    onSignedOut: () => {
      signedOut += 1;
    },
    timeoutMs: 1000,
  });
  return { client, requests, signedOut: () => signedOut };
}
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ type: 'about:blank', title: 'Так нельзя', status, code }), {
    status,
    headers,
  });

describe('the API client', () => {
  it('marks what changes something with our header, and asks in the language of the page', async () => {
    const { client, requests } = clientOf(() => Response.json({ ok: true }));
    await client.get('/api/v1/x', answer);
    await client.post('/api/v1/x', { a: 1 }, answer);
    expect(requests.map(({ headers }) => headers.get('x-okno'))).toEqual([null, '1']);
    expect(requests[1]?.headers.get('content-type')).toBe('application/json');
    expect(requests[0]?.headers.get('accept-language')).toBe('ru');
  });

  it('rejects with the stable code and when to try again', async () => {
    const { client } = clientOf(() => problem(429, 'too-many-attempts', { 'retry-after': '30' }));
    await expect(client.get('/api/v1/x', answer)).rejects.toMatchObject({
      code: 'too-many-attempts',
      status: 429,
      title: 'Так нельзя',
      retryAfterMs: 30_000,
    });
  });

  it('says that the session is over, but not for a wrong password', async () => {
    const over = clientOf(() => problem(401, 'signed-out'));
    await expect(over.client.get('/api/v1/x', answer)).rejects.toMatchObject({ status: 401 });
    expect(over.signedOut()).toBe(1);
    const wrong = clientOf(() => problem(401, 'wrong-password'));
    await expect(wrong.client.post('/api/v1/session', {}, answer)).rejects.toMatchObject({ status: 401 });
    expect(wrong.signedOut()).toBe(0);
  });

  it('calls a failed connection, a proxy’s page and a strange answer by their names', async () => {
    const cut = clientOf(() => Promise.reject(new TypeError('fetch failed')));
    await expect(cut.client.get('/api/v1/x', answer)).rejects.toMatchObject({ code: 'network', status: 0 });
    const proxy = clientOf(() => new Response('<html>502</html>', { status: 502 }));
    await expect(proxy.client.get('/api/v1/x', answer)).rejects.toMatchObject({
      code: 'unexpected',
      status: 502,
    });
    const strange = clientOf(() => Response.json({ ok: 'yes' }));
    await expect(strange.client.get('/api/v1/x', answer)).rejects.toMatchObject({
      code: 'unexpected',
      status: 200,
    });
  });
});
