import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesInBucket } from '../../../gateway/media/bucket.ts';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-key' };
const REGION = 'eu-north-1';
const HASH = 'a'.repeat(64);

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

let server: Server;
let endpoint: string;
let objects: Map<string, Buffer>;
let failWith: number | undefined;

/**
 * A bucket that checks each request as Signature Version 4 has it
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), by its own arithmetic.
 */
beforeEach(async () => {
  objects = new Map();
  failWith = undefined;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const path = request.url ?? '';
    if (failWith) return response.writeHead(failWith).end();
    if (!isSigned(request, body)) return response.writeHead(403).end('<Code>SignatureDoesNotMatch</Code>');
    if (request.method === 'PUT') objects.set(path, body);
    if (request.method === 'DELETE') {
      objects.delete(path);
      return response.writeHead(204).end();
    }
    const found = objects.get(path);
    return found ? response.writeHead(200).end(found) : response.writeHead(404).end('<Code>NoSuchKey</Code>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function isSigned({ method = '', url = '', headers }: IncomingMessage, body: Buffer): boolean {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      String(headers.authorization),
    );
  if (!found) return false;
  const [, keyId, day = '', region = '', signed = '', signature] = found;
  const hash = String(headers['x-amz-content-sha256']);
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body)) return false;
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, url, '', lines.join(''), signed, hash].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, sha256(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${KEYS.secretAccessKey}`,
  );
  return keyId === KEYS.accessKeyId && region === REGION && hmac(key, toSign).toString('hex') === signature;
}

test('puts, gets and removes, each request signed', async () => {
  const files = filesInBucket({ endpoint, bucket: 'okno', region: REGION, ...KEYS });
  expect(await files.get(HASH)).toBeUndefined();
  await files.put(HASH, Buffer.from('bytes'));
  expect([...objects.keys()]).toEqual([`/okno/${HASH}`]);
  expect(Buffer.from((await files.get(HASH)) ?? []).toString()).toBe('bytes');
  await files.remove(HASH);
  await files.remove(HASH);
  expect(objects.size).toBe(0);
});

test('says so where the bucket refuses or is away, and keeps to hashes', async () => {
  const wrong = filesInBucket({
    endpoint,
    bucket: 'okno',
    region: REGION,
    ...KEYS,
    secretAccessKey: 'other',
  });
  await expect(wrong.put(HASH, Buffer.from('x'))).rejects.toThrow('403');
  const files = filesInBucket({ endpoint, bucket: 'okno', region: REGION, ...KEYS });
  failWith = 503;
  await expect(files.get(HASH)).rejects.toThrow('503');
  await expect(files.put('../../etc/passwd', Buffer.from('x'))).rejects.toThrow('64 hexadecimal');
});
