import { assess, type ChannelStatus } from '../../gateway/health/assess.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';
import { readHealth } from '../../gateway/store/channel-health.ts';
import { type Database, isWritable } from '../../gateway/store/database.ts';
import { countPassedOver } from '../../gateway/store/log-follower.ts';
import { pendingMigrations } from '../../gateway/store/migrate.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** docs/operating.md: what serves as a store. */
const OLDEST_MAJOR = 14;
/** Leases go by the database's clock, waits and timers by the node's own. */
const CLOCK_LIMIT_MS = 2_000;

/** Does the store take what is written, in this program's schema, at about our time? */
export async function checkStore(db: Database): Promise<readonly Check[]> {
  const asked = Date.now();
  const { rows } = await db.query<{ version: string; number: number; now: Date }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::integer as number,
       clock_timestamp() as now`,
  );
  const [server] = rows;
  if (!server) throw new Error('the database did not say which version it is');
  const midway = (asked + Date.now()) / 2;
  const clock = checkClock(server.now.getTime() - midway);
  const schema = await checkSchema(db);
  const followers = schema.verdict === 'ok' ? [await checkFollowers(db)] : [];
  return [await checkServer(db, server), schema, clock, ...followers];
}

async function checkServer(db: Database, server: { version: string; number: number }): Promise<Check> {
  const about = 'database';
  const said = `PostgreSQL ${server.version}`;
  if (server.number < OLDEST_MAJOR * 10_000)
    return fail(about, `${said} is older than ${OLDEST_MAJOR}`, 'upgrade PostgreSQL');
  if (await isWritable(db)) return ok(about, `${said}, takes what is written`);
  return fail(about, `${said} is read-only`, 'point DATABASE_URL to the primary, or let it be written to');
}

async function checkSchema(db: Database): Promise<Check> {
  const about = 'schema';
  const { pending, newer } = await pendingMigrations(db);
  if (newer.length > 0)
    return fail(
      about,
      `of a newer Okno (${newer.join(', ')})`,
      'run that version, or restore a backup from before it',
    );
  if (pending.length === 0) return ok(about, 'up to date');
  return warn(about, `${pending.join(', ')} is missing`, 'run `okno migrate`; the next start does it too');
}

/** What learns from the log or indexes it, and what it could not take. */
async function checkFollowers(db: Database): Promise<Check> {
  const about = 'log followers';
  const passedOver = [...(await countPassedOver(db))];
  if (passedOver.length === 0) return ok(about, 'no conversation was passed over');
  const said = passedOver.map(([follower, count]) => `${follower} passed over ${count}`).join(', ');
  return warn(about, `${said} (conversations)`, 'the log says why: "a conversation was passed over"');
}

function checkClock(differenceMs: number): Check {
  const about = 'clock';
  const said = `${Math.abs(Math.round(differenceMs))} ms from the database's`;
  return Math.abs(differenceMs) <= CLOCK_LIMIT_MS
    ? ok(about, said)
    : warn(about, said, 'set the clocks of both machines by NTP');
}

/** How the channels were when a hub last looked; of those that the policy pack keeps off it is said elsewhere. */
export async function checkChannels(
  db: Database,
  networks: ReadonlyMap<ChannelId, string>,
  keptOff: ReadonlySet<ChannelId>,
): Promise<readonly Check[]> {
  const now = new Date();
  const stored = await readHealth(db, [...networks.keys()]);
  const watched = stored.filter(({ channel }) => !keptOff.has(channel));
  return watched.map(({ answeredAt, findings, ...known }) => {
    const network = networks.get(known.channel);
    const answer = answeredAt && { findings, at: answeredAt };
    // Whether a network can be asked is known to the hub that did.
    const facts = { ...known, canBeAsked: true, ...(network && { network }), ...(answer && { answer }) };
    return checkChannel(assess(facts, now));
  });
}

function checkChannel({ channel, state, findings, account }: ChannelStatus): Check {
  const about = `channel ${channel}`;
  if (state === 'unknown') return ok(about, 'its network was not asked, or cannot be');
  if (findings.length === 0) return ok(about, account ? `${state}, as ${account}` : state);
  const said = findings
    .map(({ problem, detail }) => (detail === undefined ? problem : `${problem} (${detail})`))
    .join(', ');
  const fix = 'see /window/channels, which says what to do';
  return state === 'broken' ? fail(about, said, fix) : warn(about, said, fix);
}
