import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../config/version.ts';
import { freePort } from '../../fixtures/hub.ts';
import { startChannelApi } from '../driver/channel-api.ts';
import { createHttpClient } from '../driver/http-client.ts';
import { updateOf } from '../driver/updates.ts';
import { startChild } from './child.ts';
import type { Subject } from './subject.ts';

const PEERS = join(ROOT, 'test/perf/peers');

export const arePeersInstalled = (): boolean => existsSync(join(PEERS, 'node_modules'));

/** Installs what the lock file names; nothing of it is part of the hub or of its tests. */
export function installPeers(): void {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: PEERS,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the peers could not be installed');
}

async function startPeer(name: string, program: string, connections: number): Promise<Subject> {
  const api = await startChannelApi();
  const waiting = new Map<number, () => void>();
  api.onMessage = (chat) => waiting.get(chat)?.();
  const env = { ...process.env, API_URL: api.url, PORT: String(await freePort()), NODE_ENV: 'production' };
  const child = await startChild([join(PEERS, program)], env, PEERS);
  const client = createHttpClient({ url: `${child.url}/message`, connections });
  return {
    name,
    pid: child.pid,
    async operate(chat) {
      const heard = new Promise<void>((resolve) => waiting.set(chat, resolve));
      const { status } = await client.post(updateOf(chat, 'hello'));
      if (status !== 200) throw new Error(`${name} answered ${status}`);
      await heard;
    },
    async stop() {
      client.close();
      await child.stop();
      api.stop();
    },
  };
}

/** Bots of others, which store nothing: the same webhook in, the same request out. */
export const startBotkit = (connections: number) =>
  startPeer('Botkit, echo; nothing stored', 'botkit.js', connections);
export const startRedBot = (connections: number) =>
  startPeer('RedBot, echo; nothing stored', 'redbot.js', connections);
export const startNlpjs = (connections: number) =>
  startPeer('nlp.js and express, FAQ; nothing stored', 'nlpjs.js', connections);
