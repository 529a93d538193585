import { connect, type Socket } from 'node:net';

/** `away`: the scanner did not answer, or not in words that we know. */
export type Scanned =
  | { readonly verdict: 'clean' }
  | { readonly verdict: 'infected'; readonly name: string }
  | { readonly verdict: 'away'; readonly reason: string };

export type Scan = (bytes: Uint8Array) => Promise<Scanned>;

const CHUNK = 64 * 1024;
const LIMIT_MS = 30_000;
const MAX_REPLY = 4_096;

/**
 * Asks a clamd, or what speaks its protocol, by INSTREAM (clamd(8), https://manpages.debian.org/clamd.8): the command,
 * chunks of a 4-byte length in network order with their data, an empty chunk at the end; then one reply.
 * `address` is `host:port` or the path of a socket.
 */
export function clamdScan(address: string): Scan {
  return (bytes) =>
    new Promise((resolve) => {
      const socket = open(address);
      let reply = '';
      const end = (scanned: Scanned) => {
        socket.destroy();
        resolve(scanned);
      };
      socket.setTimeout(LIMIT_MS, () => end({ verdict: 'away', reason: 'timeout' }));
      socket.on('error', (error: NodeJS.ErrnoException) =>
        end({ verdict: 'away', reason: error.code ?? 'broken-connection' }),
      );
      socket.on('data', (data) => {
        reply += data.toString('latin1');
        if (reply.includes('\0') || reply.length > MAX_REPLY) end(read(reply));
      });
      socket.on('close', () => end(read(reply)));
      socket.on('connect', () => send(socket, bytes));
    });
}

function open(address: string): Socket {
  if (address.startsWith('/')) return connect({ path: address });
  const colon = address.lastIndexOf(':');
  return connect({
    host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(address.slice(colon + 1)),
  });
}

function send(socket: Socket, bytes: Uint8Array): void {
  socket.write('zINSTREAM\0');
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = bytes.subarray(at, at + CHUNK);
    socket.write(lengthOf(chunk.length));
    socket.write(chunk);
  }
  socket.write(lengthOf(0));
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** `stream: OK`, `stream: NAME FOUND`; anything else, such as `INSTREAM size limit exceeded. ERROR`, is no verdict. */
function read(reply: string): Scanned {
  const line = reply.split('\0')[0]?.trim() ?? '';
  if (line === 'stream: OK') return { verdict: 'clean' };
  const name = /^stream: (.+) FOUND$/.exec(line)?.[1];
  if (name) return { verdict: 'infected', name };
  return { verdict: 'away', reason: line === '' ? 'no-answer' : 'no-verdict' };
}
