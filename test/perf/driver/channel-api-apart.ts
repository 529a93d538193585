import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Network } from './channel-api.ts';
import type { Told } from './channel-api-process.ts';

/** The network in a process of its own. */
export interface NetworkApart extends Network {
  /** How late it was in each second so far with what it had to do, p99, milliseconds. */
  readonly lateMs: readonly number[];
}

/**
 * A Bot API that answers at once however busy the driver is: a driver that sends all it can is a slow network, and what
 * is held up for a slow network is no fault of the hub.
 */
export async function startChannelApiApart(): Promise<NetworkApart> {
  const child = fork(join(import.meta.dirname, 'channel-api-process.ts'), { execArgv: ['--import', 'tsx'] });
  const lateMs: number[] = [];
  return new Promise((resolve, reject) => {
    const api: NetworkApart = { url: '', onMessage() {}, lateMs, stop: () => child.disconnect() };
    child.once('exit', (code) => reject(new Error(`the network ended with ${code}`)));
    child.on('message', (told: Told) => {
      if ('url' in told) resolve(Object.assign(api, told));
      else if ('lateMs' in told) lateMs.push(told.lateMs);
      else for (const [chat, text] of told.said) api.onMessage(chat, text);
    });
  });
}
