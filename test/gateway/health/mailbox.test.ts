import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Connector } from '../../../gateway/connectors/connector.ts';
import { email } from '../../../gateway/connectors/email/index.ts';
import type { ChannelStatus } from '../../../gateway/health/assess.ts';
import { createMonitor } from '../../../gateway/health/monitor.ts';
import type { ChannelId } from '../../../gateway/model/ids.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { channelTexts } from '../../../gateway/web/channels/texts/channels.ts';
import { type FakeSmtp, startFakeSmtp } from '../../fakes/smtp.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../../fixtures/dovecot.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';
import { memoryHost } from '../connectors/host.ts';

/** A mailbox that is dead is seen by the page of the channels, on a real mail server. */

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let db: Database;
let smtp: FakeSmtp;
let dovecot: Dovecot | undefined;

beforeAll(async () => {
  db = openDatabase(await freshDatabase(), () => {});
  smtp = await startFakeSmtp();
  if (hasDovecot) dovecot = await startDovecot();
});
afterAll(async () => {
  await db.end();
  await smtp.stop();
  await dovecot?.stop();
});

const EVERY_MS = 20_000;
const MAIL = 'mail' as ChannelId;

/** Watches over a channel by the hub's own timing; each `later` is one of its rounds. */
function watching(imapUrl: string, answerLimitMs?: number, smtpUrl = smtp.url) {
  // Of the timers only that of the rounds: the mail servers take their time.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const settings = email.settings.parse({ imapUrl, smtpUrl, address: 'help@bank.example' });
  const connectors = new Map<ChannelId, Connector>([[MAIL, email.connect(settings, memoryHost('mail'))]]);
  let tell = (_status: ChannelStatus | undefined) => {};
  const next = () =>
    new Promise<ChannelStatus | undefined>((resolve) => {
      tell = resolve;
    });
  const monitor = createMonitor({
    db,
    connectors,
    takeTraffic: () => [],
    networkOf: () => 'email',
    alarmAfterSilenceOf: () => undefined,
    now: () => new Date(),
    log: silent,
    onStatus: ([status]) => tell(status),
    ...(answerLimitMs !== undefined && { answerLimitMs }),
  });
  return {
    monitor,
    async begins() {
      const told = next();
      monitor.start();
      return told;
    },
    async later() {
      await db.query(
        `update channel_health set asked_at = asked_at - $1 * interval '1 ms', answered_at = answered_at - $1 * interval '1 ms'`,
        [EVERY_MS],
      );
      const told = next();
      vi.advanceTimersByTime(EVERY_MS);
      return told;
    },
  };
}

beforeEach(() => db.query('delete from channel_health'));
afterEach(() => {
  vi.useRealTimers();
});

test.skipIf(!hasDovecot)(
  'a mailbox whose password is refused is red at once, and says what to do',
  async () => {
    const { monitor, begins } = watching(dovecot?.url.replace('secret', 'other') ?? '');
    try {
      const status = await begins();
      expect(status).toMatchObject({
        state: 'broken',
        account: 'help@bank.example',
        findings: [{ problem: 'unauthorized', detail: 'imap: unauthorized' }],
      });
      expect(JSON.stringify(status)).not.toMatch(/other|secret/);
      expect(channelTexts.ru['problem.unauthorized']).toMatch(/парол.*настройк/);
      expect(channelTexts.en['problem.unauthorized']).toMatch(/password.*settings/);
    } finally {
      await monitor.stop();
    }
  },
);

test.skipIf(!hasDovecot)(
  'a mail server that goes away is red within two rounds of twenty seconds',
  async () => {
    const { monitor, begins, later } = watching(dovecot?.url ?? '');
    try {
      expect(await begins()).toMatchObject({ state: 'silent', findings: [] });
      expect(await later()).toMatchObject({ state: 'silent', findings: [] });
      await dovecot?.stop();
      dovecot = undefined;
      const [first, second] = [await later(), await later()];
      expect([first?.state, second?.state]).toEqual(['broken', 'broken']);
      expect(second?.findings).toMatchObject([
        { problem: 'unreachable', detail: expect.stringMatching(/^imap .*, ECONNREFUSED$/) },
      ]);
      expect(channelTexts.ru['problem.unreachable']).toMatch(/Проверьте/);
      expect(channelTexts.en['problem.unreachable']).toMatch(/Check/);
    } finally {
      await monitor.stop();
    }
  },
);

/** A server that accepts connections, says these lines, one to each that it is told, and then nothing more. */
async function startSilentImap(says: readonly ((tag: string) => string)[]) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    const [greeting, ...answers] = says;
    if (greeting) socket.write(greeting(''));
    socket.on('data', (data) => {
      const [tag = ''] = String(data).split(' ');
      const answer = answers.shift();
      if (answer) socket.write(answer(tag));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `imap://help:secret@127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => sockets.size,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const greeting = () => '* OK ready\r\n';
const capabilities = (tag: string) => `* CAPABILITY IMAP4rev1 ID\r\n${tag} OK done\r\n`;

test.each([
  ['nothing at all', []],
  ['a greeting and nothing more', [greeting]],
  ['what it can and nothing when we log in', [greeting, capabilities]],
])(
  'a mail server that accepts and says %s is red after one round, and says what to do',
  async (_what, says) => {
    const silentServer = await startSilentImap(says);
    const { monitor, begins, later } = watching(silentServer.url, 300);
    try {
      const { host } = new URL(silentServer.url);
      expect(await begins()).toMatchObject({
        state: 'broken',
        findings: [{ problem: 'server-silent', detail: `imap ${host}` }],
      });
      expect(JSON.stringify(await later())).not.toContain('secret');
      // No session is left behind at each look.
      await vi.waitFor(() => expect(silentServer.open()).toBe(0));
      expect(channelTexts.ru['problem.server-silent']).toMatch(
        /принимает соединения, а потом молчит.*проверьте порт/,
      );
      expect(channelTexts.en['problem.server-silent']).toMatch(
        /accepts connections and then says nothing.*check the port/,
      );
    } finally {
      await monitor.stop();
      await silentServer.stop();
    }
  },
);

test.each(['', 's'])(
  'both servers that accept and say nothing are named, over TLS too: imap%s',
  async (tls) => {
    const [incoming, outgoing] = [await startSilentImap([]), await startSilentImap([])];
    const [imap, mail] = [new URL(incoming.url).host, new URL(outgoing.url).host];
    const secret = 'help:secret@';
    const { monitor, begins } = watching(
      `imap${tls}://${secret}${imap}`,
      300,
      `smtp${tls}://${secret}${mail}`,
    );
    try {
      expect((await begins())?.findings).toEqual([
        { problem: 'server-silent', detail: `imap ${imap}` },
        { problem: 'server-silent', detail: `smtp ${mail}` },
      ]);
    } finally {
      await monitor.stop();
      await incoming.stop();
      await outgoing.stop();
    }
  },
);

test('servers that hang up, or are not there, are told apart, in no words of a mail package', async () => {
  const rude = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
  const { port } = rude.address() as AddressInfo;
  const servers = () => watching(`imap://help:secret@127.0.0.1:${port}`, 2_000, `smtp://127.0.0.1:${port}`);
  const [imap, mail] = [`imap 127.0.0.1:${port}`, `smtp 127.0.0.1:${port}`];
  const whileThere = servers();
  const status = await whileThere.begins();
  await whileThere.monitor.stop();
  expect(status?.findings).toEqual([
    { problem: 'server-hangs-up', detail: imap },
    { problem: 'server-hangs-up', detail: mail },
  ]);
  await new Promise((resolve) => rude.close(resolve));
  await db.query('delete from channel_health');
  const gone = servers();
  const away = await gone.begins();
  await gone.monitor.stop();
  expect(away?.findings).toEqual([
    { problem: 'unreachable', detail: `${imap}, ECONNREFUSED` },
    { problem: 'unreachable', detail: `${mail}, ECONNREFUSED` },
  ]);
});

test('a mail server that was well and falls silent is red after one round', async () => {
  let isSilent = false;
  const loggedIn = (tag: string) => `${tag} OK done\r\n`;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (!isSilent) socket.write(greeting());
    socket.on('data', (data) => {
      if (isSilent) return;
      const [tag = '', command = ''] = String(data).trim().split(' ');
      const more = /^(?:SELECT|EXAMINE)$/i.test(command) ? '* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n' : '';
      socket.write(/^CAPABILITY$/i.test(command) ? capabilities(tag) : more + loggedIn(tag));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { monitor, begins, later } = watching(`imap://help:secret@127.0.0.1:${port}`, 300);
  try {
    expect(await begins()).toMatchObject({ state: 'silent', findings: [] });
    isSilent = true;
    expect(await later()).toMatchObject({ state: 'broken', findings: [{ problem: 'server-silent' }] });
  } finally {
    await monitor.stop();
    server.close();
  }
});
