import { join } from 'node:path';
import { ROOT } from '../../../config/version.ts';
import { createHttpClient } from '../driver/http-client.ts';
import { updateOf } from '../driver/updates.ts';
import { startChild } from './child.ts';
import type { Subject } from './subject.ts';

/** What the hub is measured against: the same HTTP server with less behind it. */
async function startServer(name: string, program: string, connections: number): Promise<Subject> {
  const child = await startChild(['--import', 'tsx', join(ROOT, 'test/perf', program)], process.env, ROOT);
  const client = createHttpClient({ url: `${child.url}/`, connections });
  return {
    name,
    pid: child.pid,
    async operate(chat) {
      const { status } = await client.post(updateOf(chat, 'how are you'));
      if (status !== 200) throw new Error(`${name} answered ${status}`);
    },
    async stop() {
      client.close();
      await child.stop();
    },
  };
}

export const startRaw = (connections: number) =>
  startServer('fastify, schema, 200; nothing stored', 'raw-fastify.ts', connections);

export const startGrouped = (connections: number) =>
  startServer(
    'fastify, schema, one grouped insert, 200; nothing answered',
    'grouped-fastify.ts',
    connections,
  );
