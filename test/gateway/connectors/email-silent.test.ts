import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { email } from '../../../gateway/connectors/email/index.ts';
import { createListening } from '../../../gateway/listening.ts';
import type { ChannelId } from '../../../gateway/model/ids.ts';
import { openDatabase } from '../../../gateway/store/database.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';
import { memoryHost } from './host.ts';

/** A mail server that accepts connections and then falls silent: what listens gives it up and tries again. */

type Answer = (tag: string) => string;
const greeting: Answer = () => '* OK ready\r\n';
const capability: Answer = (tag) => `* CAPABILITY IMAP4rev1 ID\r\n${tag} OK done\r\n`;
const done: Answer = (tag) => `${tag} OK done\r\n`;
const opened: Answer = (tag) => `* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n${tag} OK done\r\n`;

const ANSWERS: Readonly<Record<string, Answer>> = {
  CAPABILITY: capability,
  ID: done,
  LOGIN: done,
  NAMESPACE: done,
  LIST: done,
  LSUB: done,
  SELECT: opened,
};

/** Answers every command but this one and those after it. */
async function startServer(silentAt: string) {
  const open = new Set<Socket>();
  /** Commands that were left without an answer, one of each session. */
  const unanswered: string[] = [];
  const server = createServer((socket) => {
    let isSilent = false;
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    socket.write(greeting(''));
    socket.on('data', (data) => {
      const [tag = '', command = ''] = String(data).trim().split(' ');
      if (isSilent) return;
      if (command === silentAt) {
        isSilent = true;
        unanswered.push(command);
      } else socket.write((ANSWERS[command] ?? done)(tag));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `imap://help:secret@127.0.0.1:${address.port}`,
    open,
    unanswered,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

afterEach(() => {
  vi.useRealTimers();
});

const SIGN_IN_MS = 30_000;
/** The real clock's, whatever is faked later. */
const later = setTimeout;

/** Waits by the real clock: vitest's own ways of waiting would move the faked timers along. */
async function until(isSo: () => boolean): Promise<void> {
  for (let looks = 0; looks < 2_000; looks++) {
    if (isSo()) return;
    await new Promise((resolve) => later(resolve, 10));
  }
  throw new Error('it did not come to that');
}

test.each(['LOGIN', 'SELECT'])(
  'a server that says nothing to %s is given up after half a minute, and tried again',
  async (silentAt) => {
    const db = openDatabase(await freshDatabase(), () => {});
    const server = await startServer(silentAt);
    const channel = 'mail' as ChannelId;
    const host = memoryHost(channel);
    const settings = { imapUrl: server.url, smtpUrl: 'smtp://127.0.0.1:1', address: 'help@bank.example' };
    const connectors = new Map([[channel, email.connect(email.settings.parse(settings), host)]]);
    const shards = { node: '0199aaaa-0000-7000-8000-000000000001', isAlive: () => true };
    const listening = createListening({ db, shards, connectors, now: () => new Date(), log: host.log });
    // Of the timers only those that the time is given to by hand: sockets and the database take theirs.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await listening.start();
      await until(() => server.unanswered.length === 1);
      vi.advanceTimersByTime(SIGN_IN_MS - 1);
      // Time enough for the end of a connection to be seen.
      await new Promise((resolve) => later(resolve, 100));
      expect(server.open.size).toBe(1);
      vi.advanceTimersByTime(1);
      await until(() => server.open.size === 0);
      await until(() => host.logged.join().includes('imap: SIGN_IN_TIMEOUT'));
      expect(host.logged.join()).not.toContain('secret');
      await until(() => {
        vi.advanceTimersByTime(500);
        return server.unanswered.length === 2;
      });
      expect(server.unanswered).toEqual([silentAt, silentAt]);
    } finally {
      vi.useRealTimers();
      await listening.stop();
      await server.stop();
      await db.end();
    }
  },
);
