import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { fetchFile } from '../../../gateway/connectors/fetch-file.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const get = (url: string, hosts: readonly string[], more: object = {}) =>
  fetchFile(globalThis.fetch, { url, hosts, maxBytes: 100, signal: AbortSignal.timeout(5_000), ...more });

test('asks no other host than those of the network, however the address is written', async () => {
  let asked = 0;
  const host = await serve((_request, response) => {
    asked += 1;
    response.end('secret of the inner network');
  });
  for (const url of [`http://${host}/`, 'http://169.254.169.254/', 'file:///etc/passwd', 'no address'])
    expect(await get(url, ['api.network.example'])).toEqual({ outcome: 'refused', reason: 'foreign-host' });
  expect(await get(`http://api.network.example@${host}/`, ['api.network.example'])).toEqual({
    outcome: 'refused',
    reason: 'foreign-host',
  });
  expect(asked).toBe(0);
});

test('asks all hosts of a domain that is named with a dot, and no name that only looks like it', async () => {
  const asked: string[] = [];
  const network: typeof fetch = async (input) => {
    const url = String(input);
    asked.push(url);
    if (url === 'https://vk.example/doc1')
      return new Response(null, { status: 302, headers: { location: 'https://p4.files.example/1' } });
    return new Response('bytes');
  };
  const hosts = ['.vk.example', '.files.example'];
  const limits = { maxBytes: 100, signal: AbortSignal.timeout(5_000), maxRedirects: 1 };
  const file = await fetchFile(network, { url: 'https://vk.example/doc1', hosts, ...limits });
  expect(file).toMatchObject({ outcome: 'file', bytes: Buffer.from('bytes') });
  for (const host of ['evilvk.example', 'vk.example.evil', 'vk.example:8443', 'example'])
    expect(await fetchFile(network, { url: `https://${host}/`, hosts, ...limits }), host).toEqual({
      outcome: 'refused',
      reason: 'foreign-host',
    });
  expect(asked).toEqual(['https://vk.example/doc1', 'https://p4.files.example/1']);
});

test('follows a redirect to its own hosts only, and takes the token nowhere else', async () => {
  const tokens: (string | undefined)[] = [];
  const files = await serve((request, response) => {
    tokens.push(request.headers.authorization);
    response.end('bytes');
  });
  const api = await serve((_request, response) =>
    response.writeHead(302, { location: `http://${files}/file` }).end(),
  );
  const headers = { authorization: 'Bearer token' };
  expect(await get(`http://${api}/`, [api], { headers, maxRedirects: 1 })).toEqual({
    outcome: 'refused',
    reason: 'foreign-host',
  });
  expect(await get(`http://${api}/`, [api, files], { headers })).toEqual({
    outcome: 'refused',
    reason: 'redirect',
  });
  expect(await get(`http://${api}/`, [api, files], { headers, maxRedirects: 1 })).toMatchObject({
    outcome: 'file',
  });
  expect(tokens).toEqual([undefined]);
});

test('stops reading at the limit, whether the size was announced or not', async () => {
  const announced = await serve((_request, response) =>
    response.writeHead(200, { 'content-length': 101 }).end('x'.repeat(101)),
  );
  let written = 0;
  const endless = await serve((_request, response) => {
    const write = () => {
      if (response.destroyed) return;
      written += 1_000;
      response.write('x'.repeat(1_000), () => setImmediate(write));
    };
    write();
  });
  expect(await get(`http://${announced}/`, [announced])).toEqual({ outcome: 'refused', reason: 'too-large' });
  expect(await get(`http://${endless}/`, [endless])).toEqual({ outcome: 'refused', reason: 'too-large' });
  expect(written).toBeLessThan(50_000_000);
});
