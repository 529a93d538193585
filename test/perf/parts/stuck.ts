import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../../config/version.ts';
import { startChannelApi } from '../driver/channel-api.ts';
import type { Figure } from '../driver/figures.ts';
import { createHttpClient } from '../driver/http-client.ts';
import { median } from '../driver/statistics.ts';
import { talk } from '../driver/talk.ts';
import { updateOf } from '../driver/updates.ts';
import { type BenchHub, startBenchHub } from '../subjects/hub.ts';
import type { Part } from './part.ts';

const CONNECTIONS = 50;
const CHATS = 200;
const PER_SECOND = 100;
const SECONDS = 5;
/** Chats that the network never answers for. */
const STUCK_CHAT = 1;
const DEAD_CHATS = 200;
const SECRET = 'bench';

/** What one stuck conversation, or a network that never answers, does to the others. */
export const stuck: Part = async ({ passes, seconds = SECONDS }) => {
  const dead = await startChannelApi();
  for (let chat = 0; chat < DEAD_CHATS; chat++) dead.deaf.add(chat);
  const config = writeSettings(dead.url);
  const api = await startChannelApi();
  api.deaf.add(STUCK_CHAT);
  const env = { OKNO_CONFIG: config };
  const hub = await startBenchHub({ demo: 'echo', connections: CONNECTIONS, api, env });
  const toDead = createHttpClient({
    url: `${hub.url}/channels/second/webhook`,
    headers: { 'x-telegram-bot-api-secret-token': SECRET },
    connections: 4,
  });
  try {
    const talking = { hub, perSecond: PER_SECOND, seconds, chats: CHATS };
    await talk(talking);
    const p99: Record<'idle' | 'stuck' | 'dead', number[]> = { idle: [], stuck: [], dead: [] };
    for (let pass = 0; pass < passes; pass++) {
      p99.idle.push((await talk(talking)).answerP99);
      await sayToStuck(hub);
      p99.stuck.push((await talk(talking)).answerP99);
      for (let chat = 0; chat < DEAD_CHATS; chat++) await toDead.post(updateOf(chat, 'anybody there?'));
      p99.dead.push((await talk(talking)).answerP99);
      // The attempts under way there are given up after 30 s; idle means idle.
      await sleep(1_000);
    }
    const over = (which: 'stuck' | 'dead') => median(p99[which]) / median(p99.idle);
    const figures: Figure[] = [
      {
        name: 'answers of others, p99, beside a chat that its network never answers for, over idle',
        value: over('stuck'),
        unit: '×',
        limit: { most: 2 },
      },
      {
        name: `answers of others, p99, beside a dead network with ${DEAD_CHATS} chats, over idle`,
        value: over('dead'),
        unit: '×',
        limit: { most: 2 },
      },
    ];
    return figures;
  } finally {
    toDead.close();
    await hub.stop();
    dead.stop();
    rmSync(config);
  }
};

async function sayToStuck(hub: BenchHub): Promise<void> {
  for (let message = 0; message < 5; message++) await hub.post(STUCK_CHAT, 'hello?');
}

/** The hub's own settings, with a second channel whose network never answers. */
function writeSettings(apiRoot: string): string {
  const own = readFileSync(join(ROOT, 'config/hub.yaml'), 'utf8');
  const second = `  second:
    network: telegram
    settings: { token: '2:bench', apiRoot: '${apiRoot}', webhookSecret: ${SECRET} }
`;
  const path = join(tmpdir(), `okno-bench-${process.pid}.yaml`);
  writeFileSync(path, own.replace(/^channels:\n/m, `channels:\n${second}`));
  return path;
}
