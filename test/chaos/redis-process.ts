import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../fixtures/hub.ts';

const READY_LIMIT_MS = 10_000;

/** A Redis that keeps nothing on disk: each kill also wipes it. */
export interface RedisProcess {
  readonly url: string;
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  restart(): Promise<void>;
}

export async function startRedis(): Promise<RedisProcess> {
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: 'ignore' },
    );
    await once(child, 'spawn');
    const until = Date.now() + READY_LIMIT_MS;
    while (!(await listens(port))) {
      if (Date.now() > until) throw new Error('Redis did not start');
      await sleep(20);
    }
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      const killed = child;
      child = undefined;
      if (!killed) return;
      const gone = once(killed, 'exit');
      killed.kill('SIGKILL');
      await gone;
    },
    restart: start,
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}
