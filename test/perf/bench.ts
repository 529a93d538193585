import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../config/version.ts';
import { cpuOfTree } from './process-cpu.ts';

/**
 * `npm run bench`: what a durable turn costs. The real hub with its own PostgreSQL answers a webhook at the channel's
 * API; beside it, in interleaved passes of the same run, the bare HTTP server answers the same body and stores nothing.
 */

const PASSES = 5;
const PASS_MS = 4_000;
const WARM_UP_MS = 3_000;
const CHATS = 50;
const SECRET = 'bench';

interface Subject {
  readonly name: string;
  readonly pid: number;
  /** One operation for one of the conversations; resolves when it is done. */
  operate(chat: number): Promise<void>;
  stop(): Promise<void>;
}

interface Pass {
  readonly perSecond: number;
  /** CPU of the subject's processes, microseconds an operation. */
  readonly cpuUs: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: CHATS });

function post(url: string, body: string, headers: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

let updates = 0;
function updateOf(chat: number): string {
  updates += 1;
  const from = { id: chat, is_bot: false, first_name: 'Ann', language_code: 'en' };
  const text = `message ${updates}`;
  const message = {
    message_id: updates,
    date: 1_700_000_000,
    chat: { id: chat, type: 'private' },
    from,
    text,
  };
  return JSON.stringify({ update_id: updates, message });
}

function listening(child: ChildProcess, sign: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error('a subject without output');
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const found = sign.exec(line)?.[0];
      if (found) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`a subject ended with ${code}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.removeAllListeners('exit');
  child.kill('SIGTERM');
  await Promise.race([exit, once(child, 'exit')]);
}

async function startRaw(): Promise<Subject> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'test/perf/raw-fastify.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listening(child, /http:\S+/);
  return {
    name: 'fastify, schema, 200; nothing stored',
    pid: child.pid ?? 0,
    operate: (chat) => post(`${url}/`, updateOf(chat)),
    stop: () => end(child),
  };
}

/** The hub, and a Bot API that says yes: a turn is done when its answer has been sent there. */
async function startHub(): Promise<Subject> {
  const answered = new Map<number, () => void>();
  const api = createServer((asked, answer) => {
    let body = '';
    asked.setEncoding('utf8').on('data', (part) => {
      body += part;
    });
    asked.on('end', () => {
      const isMessage = asked.url?.endsWith('/sendMessage') ?? false;
      const result = isMessage ? { message_id: 1, date: 0, chat: { id: 1, type: 'private' } } : true;
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify({ ok: true, result }));
      if (isMessage) answered.get(Number(JSON.parse(body).chat_id))?.();
    });
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'okno-bench-'));
  // As root the database runs as another user, who must come through.
  chmodSync(folder, 0o711);
  const child = spawn(process.execPath, [join(ROOT, 'config/bin.mjs'), 'start'], {
    env: {
      ...process.env,
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      OKNO_DEMO: 'echo',
      LOG_LEVEL: 'fatal',
      TELEGRAM_BOT_TOKEN: '1:bench',
      TELEGRAM_API_ROOT: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      TELEGRAM_WEBHOOK_SECRET: SECRET,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listening(child, /http:\/\/[\d.]+:\d+/);
  return {
    name: 'a durable turn: webhook, store, answer, mark, send, record (echo script)',
    pid: child.pid ?? 0,
    async operate(chat) {
      const heard = new Promise<void>((resolve) => answered.set(chat, resolve));
      const headers = { 'x-telegram-bot-api-secret-token': SECRET };
      await post(`${url}/channels/telegram/webhook`, updateOf(chat), headers);
      await heard;
    },
    async stop() {
      await end(child);
      api.closeAllConnections();
      api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** All conversations at once, each as fast as it is answered. */
async function run({ pid, operate }: Subject, milliseconds: number): Promise<Pass> {
  const cpu = cpuOfTree(pid);
  const began = performance.now();
  let done = 0;
  const converse = async (chat: number) => {
    while (performance.now() - began < milliseconds) {
      await operate(chat);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CHATS }, (_, index) => converse(1_000 + index)));
  const seconds = (performance.now() - began) / 1_000;
  return { perSecond: done / seconds, cpuUs: ((cpuOfTree(pid) - cpu) / done) * 1e6 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const subjects = [await startRaw(), await startHub()];
try {
  const passes = subjects.map((): Pass[] => []);
  for (const subject of subjects) await run(subject, WARM_UP_MS);
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [index, subject] of subjects.entries()) passes[index]?.push(await run(subject, PASS_MS));
  }
  const rows = subjects.map(({ name }, index) => ({
    name,
    perSecond: median((passes[index] ?? []).map(({ perSecond }) => perSecond)),
    cpuUs: median((passes[index] ?? []).map(({ cpuUs }) => cpuUs)),
  }));
  console.log('| what | per second | CPU µs each, PostgreSQL’s included |\n|---|---|---|');
  for (const { name, perSecond, cpuUs } of rows)
    console.log(`| ${name} | ${Math.round(perSecond)} | ${Math.round(cpuUs)} |`);
  const [raw, turn] = rows;
  const ratio = ((turn?.cpuUs ?? 0) / (raw?.cpuUs ?? 1)).toFixed(1);
  console.log(`\nCPU of a durable turn over the bare server: ${ratio} × (limit 9, aim 4.5)`);
} finally {
  for (const subject of subjects) await subject.stop();
  agent.destroy();
}
