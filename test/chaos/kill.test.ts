import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Verified } from '../../gateway/store/verify.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { freePort } from '../fixtures/hub.ts';

const BIN = join(import.meta.dirname, '..', '..', 'config', 'bin.mjs');
const CHATS = Array.from({ length: 50 }, (_, number) => 1000 + number);
const KILLS = 20;
const READY_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 60_000;

let telegram: FakeTelegram;
let dataDir: string;
let env: NodeJS.ProcessEnv;
let url: string;
let hub: ChildProcess;

beforeAll(async () => {
  telegram = await startFakeTelegram();
  dataDir = mkdtempSync(join(tmpdir(), 'okno-kill-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  env = {
    ...process.env,
    PORT: String(port),
    DATA_DIR: dataDir,
    OKNO_DEMO: 'echo',
    LOG_LEVEL: 'fatal',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
  };
});

afterAll(async () => {
  hub.kill('SIGTERM');
  await exited(hub);
  await telegram.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}

async function start(): Promise<void> {
  hub = spawn(process.execPath, [BIN, 'start'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const until = Date.now() + READY_LIMIT_MS;
  while (!(await isReady())) {
    if (hub.exitCode !== null) throw new Error(`the hub ended with ${hub.exitCode} instead of starting`);
    if (Date.now() > until) throw new Error('the hub did not become ready');
    await sleep(50);
  }
}

const isReady = () =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** The moments of the kills: the same in every run (a linear congruential generator, Numerical Recipes). */
function* moments(): Generator<number> {
  for (let state = 20_261_123; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const withoutRepeats = (said: readonly string[]) => said.filter((line, index) => line !== said[index - 1]);

test('loses nothing and keeps the order over 20 kills -9 while 50 conversations run', {
  timeout: 600_000,
}, async () => {
  const expected = new Map(CHATS.map((chat) => [chat, [] as string[]]));
  let speaking = true;
  let said = 0;
  const speak = async () => {
    while (speaking) {
      const chat = CHATS[said % CHATS.length] ?? 0;
      telegram.say(chat, `сообщение ${said}`);
      expected.get(chat)?.push(`you said сообщение ${said}`);
      said++;
      await sleep(25);
    }
  };

  await start();
  const speaker = speak();
  const random = moments();
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(50 + 1_500 * random.next().value);
    hub.kill('SIGKILL');
    await exited(hub);
    await start();
  }
  speaking = false;
  await speaker;
  for (const [chat, answers] of expected) await telegram.hears(chat, answers.length, ANSWER_LIMIT_MS);
  const until = Date.now() + ANSWER_LIMIT_MS;
  while (CHATS.some((chat) => new Set(telegram.saidTo(chat)).size < (expected.get(chat)?.length ?? 0))) {
    if (Date.now() > until) break;
    await sleep(100);
  }

  for (const [chat, answers] of expected) expect(withoutRepeats(telegram.saidTo(chat))).toEqual(answers);
  const verified = await verify();
  const heard = CHATS.reduce((sum, chat) => sum + telegram.saidTo(chat).length, 0);
  console.log(
    `${said} messages, ${KILLS} kills: ${heard - said} repeated answers, ${verified.unknown} unknown deliveries`,
  );
  expect(verified.broken).toEqual([]);
  expect(heard - said).toBeLessThanOrEqual(verified.unknown);
});

async function verify(): Promise<Verified> {
  const child = spawn(process.execPath, [BIN, 'verify', '--full', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}
