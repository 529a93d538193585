import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Connector } from '../../../../gateway/connectors/connector.ts';
import { webchat } from '../../../../gateway/connectors/webchat/index.ts';
import { type ChatClient, openChat } from '../chat-client.ts';
import { type MemoryHost, memoryHost } from '../host.ts';

export let host: MemoryHost;
let server: Server;
let sockets: WebSocketServer;
export let serverSide: WebSocket[];
export let connector: Connector;
export let clients: ChatClient[];
export let time: Date;
/** The address that pages come from. */
let from: string;

export const key = Buffer.alloc(32, 7);
export const IDENTITY = { identityKey: key.toString('base64url') };

/** Serves sockets as the hub does. */
async function serve(settings: object = {}, onSocket?: (socket: WebSocket) => void): Promise<void> {
  connector = webchat.connect(webchat.settings.parse(settings), host);
  server = createServer();
  serverSide = [];
  sockets = new WebSocketServer({ server, maxPayload: 256 * 1024 });
  sockets.on('connection', (socket, request) => {
    serverSide.push(socket);
    if (onSocket) onSocket(socket);
    else connector.socket?.(socket, { origin: request.headers.origin, ip: from, url: request.url ?? '' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

export async function open(origin?: string): Promise<ChatClient> {
  const { port } = server.address() as AddressInfo;
  const client = await openChat(`ws://127.0.0.1:${port}/`, origin === undefined ? {} : { origin });
  clients.push(client);
  return client;
}

/** Serves a channel of its own to each test of a file. */
export function startStage(): void {
  beforeEach(async () => {
    time = new Date('2026-11-23T10:00:00Z');
    from = '127.0.0.1';
    host = memoryHost('webchat', () => time);
    clients = [];
    await serve();
  });
  afterEach(async () => {
    for (const client of clients) client.socket.terminate();
    sockets.close();
    await new Promise((resolve) => server.close(resolve));
  });
}

/** Lets time go by, milliseconds. */
export function pass(ms: number): void {
  time = new Date(time.getTime() + ms);
}

/** Pages come from this address from now on. */
export function comeFrom(ip: string): void {
  from = ip;
}

export async function reopen(settings: object, onSocket?: (socket: WebSocket) => void): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
  await serve(settings, onSocket);
}

/** The hub's name for the visitor who spoke last. */
export function visitor(): string {
  const last = host.inbound.findLast((one) => one.type === 'message');
  return last?.type === 'message' ? last.sender.externalUser : '';
}

export const text = (said: string) => [{ kind: 'text' as const, text: said }];
