import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Answer, type BotState, refuse } from './telegram-answer.ts';
import { type ChatMessage, Chats } from './telegram-chats.ts';
import { answerControl } from './telegram-control.ts';
import {
  answerFaultily,
  type Fault,
  type FaultRule,
  FaultRules,
  writeAnswer,
  writeJson,
} from './telegram-faults.ts';
import { METHODS } from './telegram-methods.ts';
import { addSaid, pressed } from './telegram-people.ts';
import { type Update, Updates } from './telegram-updates.ts';

interface Request {
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly at: number;
  readonly fault?: Fault['kind'];
}

/** A Bot API server with one bot. */
export interface FakeTelegram extends BotState {
  /** For `TELEGRAM_API_ROOT`. */
  readonly url: string;
  readonly token: string;
  /** Every request to the bot's methods, in order. */
  readonly requests: readonly Request[];
  /** A person writes; what is told about them counts from their first message. Returns the update for the bot. */
  say(chat: number, text: string, about?: { firstName?: string; language?: string }): Update;
  /** A person presses the newest button with this label or callback data. */
  press(chat: number, button: string): Update;
  /** Any update: `{ message: … }`, without its number. With `id` for a chosen number. */
  push(update: Readonly<Record<string, unknown>>, id?: number): Update;
  /** Texts that the bot said in a chat, in the order in which they took effect. */
  saidTo(chat: number): readonly string[];
  /** Resolves once the bot said this many texts in a chat. */
  hears(chat: number, count: number, limitMs?: number): Promise<readonly string[]>;
  fault(rule: FaultRule): void;
  stop(): Promise<void>;
}

interface FakeTelegramOptions {
  readonly port?: number;
  readonly token?: string;
}

const MAX_BODY = 50 * 1024 * 1024;

/** Starts a Bot API server on the loopback interface. */
export async function startFakeTelegram(options: FakeTelegramOptions = {}): Promise<FakeTelegram> {
  const { port = 0, token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5P-fake' } = options;
  const state: BotState = {
    updates: new Updates(),
    chats: new Chats(),
    callbacks: new Set(),
    files: new Map(),
    answeredCallbacks: [],
  };
  const requests: Request[] = [];
  const rules = new FaultRules();
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const fake = playing({ state, requests, rules, token, server });
  return fake;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const body = await readBody(request);
    if (url.pathname.startsWith('/control/')) {
      const { status, value } = answerControl(
        fake,
        request.method ?? 'GET',
        url.pathname,
        body.toString('utf8'),
      );
      writeJson(response, status, value);
      return;
    }
    if (url.pathname.startsWith('/file/')) {
      serveFile(state, token, decodeURIComponent(url.pathname), rules, response);
      return;
    }
    const [, bot = '', method = ''] = url.pathname.split('/');
    const parameters = parametersOf(url, request, body);
    const fault = rules.take(method, parameters);
    if (bot === `bot${token}`) {
      requests.push({ method, parameters, at: Date.now(), fault: fault?.kind });
      state.chats.changed();
    }
    const process = () => processed({ bot, method, parameters }, token, state, response);
    if (fault) await answerFaultily(fault, process, request, response);
    else writeAnswer(response, await process());
  }
}

async function processed(
  asked: { bot: string; method: string; parameters: Readonly<Record<string, unknown>> },
  token: string,
  state: BotState,
  response: ServerResponse,
): Promise<Answer> {
  // "All queries … need to be presented in this form: https://api.telegram.org/bot<token>/METHOD_NAME"
  if (!/^bot\d+:[\w-]+$/.test(asked.bot)) return refuse(404, 'Not Found');
  if (asked.bot !== `bot${token}`) return refuse(401, 'Unauthorized');
  const run = METHODS.get(asked.method.toLowerCase());
  if (!run) return refuse(404, 'Not Found');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const answer = await run(asked.parameters, state, gone.signal);
  state.chats.changed();
  return answer;
}

/** The side of the people who talk to the bot, and of the test that looks on. */
function playing(parts: {
  state: BotState;
  requests: readonly Request[];
  rules: FaultRules;
  token: string;
  server: Server;
}): FakeTelegram {
  const { state, requests, rules, token, server } = parts;
  const fake: FakeTelegram = {
    ...state,
    url: `http://127.0.0.1:${portOf(server)}`,
    token,
    requests,
    say(id, text, about) {
      state.chats.open(id, about);
      return fake.push({ message: addSaid(state.chats, id, text) });
    },
    press(id, button) {
      const { query, update } = pressed(state.chats, id, button);
      state.callbacks.add(query);
      return fake.push(update);
    },
    push(update, id = state.updates.nextId()) {
      const numbered: Update = { update_id: id, ...update };
      state.updates.add(numbered);
      return numbered;
    },
    saidTo: (id) => textsOf(state.chats.find(id)?.messages ?? []),
    async hears(id, count, limitMs) {
      const what = `the ${count}. answer in chat ${id}`;
      await state.chats.until(() => fake.saidTo(id).length >= count, what, limitMs);
      return fake.saidTo(id);
    },
    fault: (rule) => rules.add(rule),
    async stop() {
      state.updates.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

/** "https://api.telegram.org/file/bot<token>/<file_path>" (#getfile); a fault of `file` strikes here. */
function serveFile(
  state: BotState,
  token: string,
  path: string,
  rules: FaultRules,
  response: ServerResponse,
): void {
  const file = [...state.files.values()].find((one) => `/file/bot${token}/${one.path}` === path);
  const fault = rules.take('file', {});
  if (fault?.kind === 'cut-before') response.destroy();
  else if (fault?.kind === 'proxy-error') response.writeHead(fault.status).end();
  else if (file) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
  else response.writeHead(404).end();
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** "We support GET and POST HTTP methods" and parameters in the URL, as a form or as JSON (#making-requests). */
function parametersOf(url: URL, request: IncomingMessage, body: Buffer): Record<string, unknown> {
  const query = Object.fromEntries(url.searchParams);
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return query;
  if (type.includes('multipart/form-data')) return { ...query, ...formOf(type, body) };
  const text = body.toString('utf8');
  if (type.includes('json')) return { ...query, ...(JSON.parse(text) as object) };
  return { ...query, ...Object.fromEntries(new URLSearchParams(text)) };
}

/** multipart/form-data as RFC 7578 has it, read leniently: headers in any case, with or without spaces. */
function formOf(type: string, body: Buffer): Record<string, unknown> {
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1] ?? '';
  const fields: Record<string, unknown> = {};
  // Latin-1 keeps every byte as one character.
  for (const part of body.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
    const end = part.indexOf('\r\n\r\n');
    const head = Buffer.from(part.slice(0, end), 'latin1').toString('utf8');
    const bytes = Buffer.from(part.slice(end + 4, -2), 'latin1');
    const name = /[; ]name="([^"]*)"/.exec(head)?.[1] ?? '';
    // grammY writes the name without quotes.
    const file = /filename="?([^"\r]*)/.exec(head)?.[1];
    fields[name] = file === undefined ? bytes.toString('utf8') : { name: file, bytes };
  }
  return fields;
}

function textsOf(messages: readonly ChatMessage[]): readonly string[] {
  return messages.filter(({ from }) => from === 'bot').map(({ text }) => text);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const USAGE = `npx tsx test/fakes/telegram.ts [--port N] [--token TOKEN]
A Bot API server to talk to a hub through: TELEGRAM_API_ROOT and TELEGRAM_BOT_TOKEN as printed.
  POST /control/say     {"chat": 1, "text": "привет", "firstName"?: "Анна", "language"?: "ru"}
  POST /control/press   {"chat": 1, "button": "Да"}
  POST /control/update  {"message": {…}}
  POST /control/fault   {"method": "sendMessage", "fault": {"kind": "cut-after"}, "times": 1}
  GET  /control/chat/1`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8081' },
      token: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const fake = await startFakeTelegram({
    port: Number(values.port),
    ...(values.token !== undefined && { token: values.token }),
  });
  console.log(`TELEGRAM_API_ROOT=${fake.url}\nTELEGRAM_BOT_TOKEN=${fake.token}`);
  process.once('SIGINT', () => void fake.stop());
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
