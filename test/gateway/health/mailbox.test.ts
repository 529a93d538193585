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
function watching(imapUrl: string) {
  // Of the timers only that of the rounds: the mail servers take their time.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const settings = email.settings.parse({ imapUrl, smtpUrl: smtp.url, address: 'help@bank.example' });
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
        { problem: 'unreachable', detail: expect.stringMatching(/^imap: /) },
      ]);
      expect(channelTexts.ru['problem.unreachable']).toMatch(/Проверьте/);
      expect(channelTexts.en['problem.unreachable']).toMatch(/Check/);
    } finally {
      await monitor.stop();
    }
  },
);
