import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { clamdScan } from '../../../gateway/media/scan.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Clamd {
  readonly address: string;
  /** What was streamed, once whole. */
  readonly streams: Buffer[];
}

/**
 * A server that speaks clamd's INSTREAM as clamd(8) has it: "zINSTREAM" with a null character, chunks of
 * "<length><data>" with a 4-byte length in network byte order, ended by a chunk of zero length; the reply ends as the
 * command did. `answer`: undefined hangs up.
 */
async function clamd(answer: (bytes: Buffer) => string | undefined, maxBytes = 1e9): Promise<Clamd> {
  const streams: Buffer[] = [];
  const server = createServer((socket: Socket) => {
    let seen = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      seen = Buffer.concat([seen, data]);
      const command = seen.indexOf(0);
      if (command < 0 || seen.subarray(0, command).toString() !== 'zINSTREAM') return;
      const chunks: Buffer[] = [];
      let at = command + 1;
      while (seen.length >= at + 4) {
        const length = seen.readUInt32BE(at);
        const bytes = Buffer.concat(chunks);
        // "StreamMaxLength": "INSTREAM size limit exceeded. ERROR", and the connection is closed.
        if (bytes.length + length > maxBytes) return void socket.end('INSTREAM size limit exceeded. ERROR\0');
        if (length === 0) {
          streams.push(bytes);
          const reply = answer(bytes);
          return void (reply === undefined ? socket.destroy() : socket.end(`${reply}\0`));
        }
        if (seen.length < at + 4 + length) return;
        chunks.push(seen.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, streams };
}

test('streams the bytes whole and reads the verdict', async () => {
  const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
  const scanner = await clamd((bytes) =>
    bytes.toString('latin1').includes('EICAR') ? 'stream: Win.Test.EICAR_HDB-1 FOUND' : 'stream: OK',
  );
  const large = Buffer.alloc(300_000, 7);
  expect(await clamdScan(scanner.address)(large)).toEqual({ verdict: 'clean' });
  expect(scanner.streams[0]?.equals(large)).toBe(true);
  expect(await clamdScan(scanner.address)(Buffer.from(eicar))).toEqual({
    verdict: 'infected',
    name: 'Win.Test.EICAR_HDB-1',
  });
});

test('takes nothing for clean but the word for it', async () => {
  const limit = await clamd(() => 'stream: OK', 10);
  expect(await clamdScan(limit.address)(Buffer.alloc(100))).toEqual({
    verdict: 'away',
    reason: 'no-verdict',
  });
  const silent = await clamd(() => undefined);
  expect(await clamdScan(silent.address)(Buffer.alloc(1))).toEqual({ verdict: 'away', reason: 'no-answer' });
  const odd = await clamd(() => 'UNKNOWN COMMAND');
  expect(await clamdScan(odd.address)(Buffer.alloc(1))).toEqual({ verdict: 'away', reason: 'no-verdict' });
  expect(await clamdScan('127.0.0.1:1')(Buffer.alloc(1))).toEqual({
    verdict: 'away',
    reason: 'ECONNREFUSED',
  });
  expect(await clamdScan('/nowhere/clamd.sock')(Buffer.alloc(1))).toEqual({
    verdict: 'away',
    reason: 'ENOENT',
  });
});
