import { AwsClient } from 'aws4fetch';
import type { MediaFiles } from './files.ts';

export interface BucketSettings {
  /** Such as `https://minio.bank.example`; the bucket follows in the path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const LIMIT_MS = 60_000;

/** Media in a bucket of S3 or what speaks its protocol, such as MinIO. */
export function filesInBucket(settings: BucketSettings): MediaFiles {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = settings;
  // Its own retries would hold a worker; ours are stored.
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });

  async function ask(hash: string, method: string, body?: Uint8Array): Promise<Response> {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('a hash of media is not 64 hexadecimal digits');
    const url = `${endpoint}/${bucket}/${hash}`;
    return client.fetch(url, {
      method,
      signal: AbortSignal.timeout(LIMIT_MS),
      ...(body && { body: Buffer.from(body), headers: { 'content-type': 'application/octet-stream' } }),
    });
  }

  return {
    async put(hash, bytes) {
      const answer = await ask(hash, 'PUT', bytes);
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`the bucket refused media: ${answer.status}`);
    },
    async get(hash) {
      const answer = await ask(hash, 'GET');
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
      await answer.body?.cancel();
      if (answer.status === 404) return undefined;
      throw new Error(`the bucket gave no media: ${answer.status}`);
    },
    async remove(hash) {
      const answer = await ask(hash, 'DELETE');
      await answer.body?.cancel();
      if (!answer.ok && answer.status !== 404) throw new Error(`the bucket kept media: ${answer.status}`);
    },
  };
}
