import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Session } from '../../gateway/access/api.ts';
import { signIn } from '../../gateway/access/api.ts';
import { label, moveAct, ownerAct, reply as replied, say } from '../../handoff/act-api.ts';
import {
  type ConversationRow,
  listQuery,
  searchQuery,
  type TranscriptItem,
  transcriptQuery,
} from '../../handoff/api.ts';
import { liveIn } from '../../handoff/live-api.ts';
import { DeskState, delivery, type Person, type Watcher } from './desk-state.ts';

/** Nothing from elsewhere and no code from text: what the hub's pages are served under. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const PASSWORD = 'demo-window';
export const PEOPLE = {
  operator: person(1, 'operator@demo.bank', 'Ольга Миронова', true),
  operator2: person(2, 'operator2@demo.bank', 'Иван Петров', true),
  reader: person(3, 'supervisor@demo.bank', 'Вера Лис', false),
} as const;

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly retryAfterS?: number;
}

/** What goes wrong with requests whose method and path match. */
export interface Fault {
  readonly on: RegExp;
  /** `answer-lost`: the work is done, and the connection ends before the answer. */
  readonly what: Refusal | 'hang' | 'cut' | 'answer-lost';
  /** How many requests; without it all of them until the fault is lifted. */
  times?: number;
}

export interface DeskServer {
  readonly url: string;
  readonly state: DeskState;
  readonly faults: Set<Fault>;
  /** Whether the demo logins are shown. */
  demo: boolean;
  /** Ends all live connections; where `refuse`, new ones fail until it is called again. */
  cutLive(refuse?: boolean): void;
  /** Ends all sessions, as the hub does at sign-out elsewhere. */
  endSessions(): void;
  stop(): Promise<void>;
}

/** A server of the desk's API in memory with the built pages, for states that the hub cannot show easily. */
export async function startDeskServer(pages: string, port = 0): Promise<DeskServer> {
  const app = Fastify({ forceCloseConnections: true });
  await app.register(fastifyCookie);
  await app.register(fastifyWebsocket);
  const server: Omit<DeskServer, 'url' | 'stop'> & { sessions: Map<string, Person>; refuseLive: boolean } = {
    state: new DeskState(),
    faults: new Set(),
    demo: true,
    sessions: new Map(),
    refuseLive: false,
    cutLive(refuse = false) {
      server.refuseLive = refuse;
      for (const client of app.websocketServer.clients) client.terminate();
    },
    endSessions() {
      server.sessions.clear();
      for (const watcher of server.state.watchers) watcher.send({ type: 'signed-out' });
      server.cutLive();
    },
  };
  addFaults(app, server.faults);
  addPages(app, pages);
  addSession(app, server);
  addDesk(app, server);
  addLive(app, server);
  await app.listen({ port, host: '127.0.0.1' });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return Object.assign(server, { url: `http://127.0.0.1:${address.port}`, stop: () => app.close() });
}

type Inner = { state: DeskState; demo: boolean; sessions: Map<string, Person>; refuseLive: boolean };

function person(number: number, email: string, name: string, mayAnswer: boolean): Person {
  return { id: `00000000-0000-4000-8000-00000000000${number}`, email, name, mayAnswer };
}

function addFaults(app: FastifyInstance, faults: Set<Fault>): void {
  const find = (request: FastifyRequest) => {
    for (const fault of faults) {
      if (!fault.on.test(`${request.method} ${request.url}`)) continue;
      if (fault.times !== undefined) {
        if (fault.times === 0) continue;
        fault.times -= 1;
      }
      return fault.what;
    }
    return undefined;
  };
  app.addHook('preHandler', async (request, reply) => {
    const what = find(request);
    if (what === undefined) return;
    if (what === 'hang') await new Promise(() => undefined);
    if (what === 'cut') {
      reply.hijack();
      reply.raw.destroy();
      return reply;
    }
    if (what === 'answer-lost') request.headers['x-answer-lost'] = '1';
    if (typeof what === 'object') {
      if (what.retryAfterS !== undefined) reply.header('retry-after', what.retryAfterS);
      return refuse(reply, what.status, what.code);
    }
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.headers['x-answer-lost']) reply.raw.destroy();
    return payload;
  });
}

function refuse(reply: FastifyReply, status: number, code: string): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: code, status, code }));
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function addPages(app: FastifyInstance, pages: string): void {
  app.get('/window', (_request, reply) => reply.redirect('/window/'));
  app.get<{ Params: { '*': string } }>('/window/*', async (request, reply) => {
    const name = request.params['*'];
    const file = /^assets\/[\w.-]+$/.test(name) ? name : 'index.html';
    return reply
      .header('content-security-policy', POLICY)
      .type(TYPES[extname(file)] ?? 'application/octet-stream')
      .send(await readFile(join(pages, file)));
  });
}

function signedIn(server: Inner, request: FastifyRequest): Person | undefined {
  return server.sessions.get(request.cookies.okno ?? '');
}

function sessionOf(server: Inner, who: Person): Session {
  return {
    user: {
      id: who.id,
      email: who.email,
      name: who.name,
      roles: [who.mayAnswer ? 'operator' : 'supervisor'],
    },
    permissions: who.mayAnswer ? ['desk.read', 'desk.answer'] : ['desk.read'],
    demo: server.demo,
  };
}

function addSession(app: FastifyInstance, server: Inner): void {
  app.get('/api/v1/demo', (_request, reply) =>
    server.demo
      ? reply.send({
          password: PASSWORD,
          logins: Object.values(PEOPLE).map((who) => ({
            email: who.email,
            name: who.name,
            roles: sessionOf(server, who).user.roles,
          })),
        })
      : refuse(reply, 404, 'not-found'),
  );
  app.get('/api/v1/session', (request, reply) => {
    const who = signedIn(server, request);
    return who ? reply.send(sessionOf(server, who)) : refuse(reply, 401, 'signed-out');
  });
  app.post('/api/v1/session', (request, reply) => {
    const { email, password } = signIn.parse(request.body);
    const who = Object.values(PEOPLE).find((each) => each.email === email);
    if (!who || password !== PASSWORD) return refuse(reply, 401, 'wrong-password');
    const cookie = `${who.id}.${server.sessions.size}`;
    server.sessions.set(cookie, who);
    return reply
      .setCookie('okno', cookie, { httpOnly: true, sameSite: 'strict', path: '/' })
      .send(sessionOf(server, who));
  });
  app.delete('/api/v1/session', (request, reply) => {
    server.sessions.delete(request.cookies.okno ?? '');
    return reply.code(204).send();
  });
}

function order(view: string): (one: ConversationRow, two: ConversationRow) => number {
  const since = (one: ConversationRow, two: ConversationRow) =>
    one.ownerSince.localeCompare(two.ownerSince) || one.id.localeCompare(two.id);
  if (view === 'queue') return since;
  if (view === 'all') return (one, two) => two.id.localeCompare(one.id);
  return (one, two) => -since(one, two);
}

function inView(row: ConversationRow, view: string, me: Person): boolean {
  if (view === 'closed') return row.status === 'closed';
  if (row.status !== 'open') return false;
  if (view === 'queue') return row.owner.kind === 'queue';
  return view === 'all' || (row.owner.kind === 'operator' && row.owner.operator === me.id);
}

const INTENTS = [
  { id: 'check_balance', title: { ru: 'Остаток на счёте', en: 'Account balance' } },
  { id: 'exchange_rate', title: { ru: 'Курс валют', en: 'Exchange rate' } },
  { id: 'none', title: { ru: 'Не к банку', en: 'None of the bank’s business' } },
];

type WithId = { Params: { id: string } };

function addDesk(app: FastifyInstance, server: Inner): void {
  const { state } = server;
  app.addHook('preHandler', async (request, reply) => {
    if (!request.url.startsWith('/api/v1/conversations')) return;
    if (!signedIn(server, request)) return refuse(reply, 401, 'signed-out');
    if (request.method === 'POST' && request.headers['x-okno'] !== '1')
      return refuse(reply, 403, 'forbidden');
    const { id } = request.params as { id?: string };
    if (id !== undefined && !state.has(id)) return refuse(reply, 404, 'not-found');
  });
  app.get('/api/v1/conversations', (request, reply) => {
    const me = signedIn(server, request) ?? PEOPLE.operator;
    const { view, before, limit } = listQuery.parse(request.query);
    const all = state
      .rows()
      .filter((row) => inView(row, view, me))
      .sort(order(view));
    const start = before === undefined ? 0 : all.findIndex(({ id }) => id === before) + 1;
    const rows = all.slice(start, start + limit);
    const next = start + limit < all.length ? { next: rows.at(-1)?.id } : {};
    return reply.send({ rows, ...next, counts: state.counts(me) });
  });
  app.get<WithId>('/api/v1/conversations/:id', (request, reply) =>
    reply.send(state.get(request.params.id).view),
  );
  app.get<WithId>('/api/v1/conversations/:id/transcript', (request, reply) => {
    const { after, before, limit } = transcriptQuery.parse(request.query);
    return reply.send(page(state.get(request.params.id).items, after, before, limit));
  });
  for (const act of ['take', 'release', 'return', 'close'] as const) {
    app.post<WithId>(`/api/v1/conversations/:id/${act}`, (request, reply) =>
      perform(server, request, reply, request.params.id, act),
    );
  }
  app.get('/api/v1/search', (request, reply) => {
    const { q, before, limit } = searchQuery.parse(request.query);
    const hits = state.search(q);
    const from = before === undefined ? 0 : Number(before);
    const next = from + limit < hits.length ? { next: String(from + limit) } : {};
    return reply.send({ hits: hits.slice(from, from + limit), ...next });
  });
  app.get('/api/v1/intents', (_request, reply) => reply.send({ intents: INTENTS }));
  app.put<{ Params: { id: string; seq: string } }>(
    '/api/v1/conversations/:id/messages/:seq/label',
    (request, reply) => {
      const { intent } = label.parse(request.body);
      const of = Number(request.params.seq);
      state.add(request.params.id, {
        type: 'revision',
        what: 'labelled',
        by: 'operator',
        of,
        intent,
        content: [],
        emoji: [],
      });
      return reply.code(204).send();
    },
  );
  app.get('/api/v1/conversations/:id/move', (_request, reply) =>
    reply.send({
      channels: [
        { channel: 'telegram', byLink: true },
        { channel: 'twilio', byLink: false },
      ],
    }),
  );
  app.post<WithId>('/api/v1/conversations/:id/move', (request, reply) => {
    const { to = '' } = moveAct.parse(request.body);
    const { id } = request.params;
    state.operatorSays(id, PEOPLE.operator.name, `123 456 789 ${to}`, { delivery: delivery('due') });
    const { epoch, seq } = state.get(id).view;
    return reply.send({ epoch, seq });
  });
  app.post<WithId>('/api/v1/conversations/:id/messages', (request, reply) =>
    speak(server, request, reply, request.params.id, 'reply'),
  );
  app.post<WithId>('/api/v1/conversations/:id/notes', (request, reply) =>
    speak(server, request, reply, request.params.id, 'note'),
  );
  app.post<WithId>('/api/v1/conversations/:id/typing', (request, reply) => {
    state.typing(request.params.id, 'operator');
    return reply.code(204).send();
  });
}

function page(items: TranscriptItem[], after: number | undefined, before: number | undefined, limit: number) {
  const head = items.at(-1)?.seq ?? 0;
  if (after !== undefined) {
    return { items: items.filter(({ seq }) => seq > after).slice(0, limit), head, hasOlder: after > 0 };
  }
  const upTo = before === undefined ? items : items.filter(({ seq }) => seq < before);
  return { items: upTo.slice(-limit), head, hasOlder: upTo.length > limit };
}

function perform(
  server: Inner,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  act: 'take' | 'release' | 'return' | 'close',
) {
  const { state } = server;
  const me = signedIn(server, request) ?? PEOPLE.operator;
  const { epoch } = ownerAct.parse(request.body);
  const { view } = state.get(id);
  if (act === 'take') {
    if (view.owner.kind === 'operator' || view.status === 'closed')
      return refuse(reply, 409, 'already-taken');
    state.own(id, { kind: 'operator', operator: me.id, name: me.name }, 'taken');
  } else {
    if (view.epoch !== epoch) return refuse(reply, 409, 'conversation-changed');
    if (act === 'release') state.own(id, { kind: 'queue', queue: 'main' }, 'released');
    if (act === 'return') state.own(id, { kind: 'bot' }, 'returned');
    if (act === 'close') {
      state.own(id, { kind: 'nobody' }, 'closed');
      state.add(id, {
        type: 'line',
        what: 'conversation.closed',
        detail: { by: 'operator', reason: 'closed', name: me.name },
      });
    }
  }
  const now = state.get(id).view;
  return reply.send({ epoch: now.epoch, seq: now.seq });
}

function speak(
  server: Inner,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  mode: 'reply' | 'note',
) {
  const { state } = server;
  const me = signedIn(server, request) ?? PEOPLE.operator;
  const { id: clientId, text } =
    mode === 'note' ? say.parse(request.body) : saidBy(replied.parse(request.body));
  const known = state.said.get(clientId);
  if (known !== undefined) return reply.send({ seq: known });
  const { owner } = state.get(id).view;
  if (mode === 'reply' && (owner.kind !== 'operator' || owner.operator !== me.id)) {
    return refuse(reply, 409, 'not-yours');
  }
  const seq =
    mode === 'note'
      ? state.add(id, { type: 'note', by: me.name, text, clientId })
      : state.operatorSays(id, me.name, text, { clientId, delivery: delivery('due') });
  state.said.set(clientId, seq);
  return reply.send({ seq });
}

/** What a reply says, in the words of its template where it has one. */
function saidBy({ id, text, template }: z.infer<typeof replied>): { id: string; text: string } {
  return { id, text: template ? `${template.name}: ${template.parameters.join(', ')}` : text };
}

function addLive(app: FastifyInstance, server: Inner): void {
  const { state } = server;
  const preValidation = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!signedIn(server, request)) return refuse(reply, 401, 'signed-out');
    if (server.refuseLive) return refuse(reply, 503, 'store-away');
  };
  app.get('/api/v1/live', { websocket: true, preValidation }, (socket, request) => {
    const who = signedIn(server, request) ?? PEOPLE.operator;
    const watcher: Watcher = {
      person: who,
      watched: null,
      send: (frame) => socket.send(JSON.stringify(frame)),
    };
    state.watchers.add(watcher);
    const heartbeat = setInterval(() => {
      const head = watcher.watched === null ? null : (state.get(watcher.watched).items.at(-1)?.seq ?? 0);
      watcher.send({ type: 'heartbeat', head });
    }, 1000);
    socket.on('message', (data) => {
      const frame = liveIn.safeParse(JSON.parse(String(data))).data;
      if (frame?.type !== 'watch') return;
      watcher.watched = frame.conversation;
      if (frame.conversation === null || !state.has(frame.conversation)) return;
      const items = state.get(frame.conversation).items.filter(({ seq }) => seq > frame.after);
      const head = items.at(-1)?.seq;
      if (head !== undefined) watcher.send({ type: 'items', conversation: frame.conversation, items, head });
    });
    socket.on('close', () => {
      clearInterval(heartbeat);
      state.watchers.delete(watcher);
    });
  });
}
