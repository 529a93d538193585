import { networks } from '../../gateway/connectors/index.ts';
import { openDatabase } from '../../gateway/store/database.ts';
import { channelsUnder, configuredChannels, KEPT_OFF } from '../channels.ts';
import { explainDatabaseError } from '../database-away.ts';
import { type Check, fail, ok, warn } from '../doctor/check.ts';
import { checkAddress, checkDataFolder, checkHub } from '../doctor/machine.ts';
import { checkModel } from '../doctor/model.ts';
import { checkRedis } from '../doctor/redis.ts';
import { checkChannels, checkStore } from '../doctor/store.ts';
import { inUrl, readSettings, type Settings } from '../settings.ts';
import { ROOT, version } from '../version.ts';
import { parse, type Run } from './command.ts';
import { withDatabaseUrl } from './store.ts';

/** `okno doctor`: 0 where nothing fails, 1 where something does. */
export const run: Run = async (argv, { stdout }) => {
  const { values } = parse(argv, { options: { json: { type: 'boolean' } } });
  const checks = await examine();
  const isWell = checks.every(({ verdict }) => verdict !== 'fail');
  stdout.write(values.json ? `${JSON.stringify({ ok: isWell, checks })}\n` : checks.map(lineOf).join(''));
  return isWell ? 0 : 1;
};

async function examine(): Promise<readonly Check[]> {
  const program = ok('program', `Okno ${version}, Node ${process.versions.node}, ${process.platform}`);
  let settings: Settings;
  let under: ReturnType<typeof channelsUnder>;
  try {
    settings = readSettings(process.env, ROOT);
    under = channelsUnder(settings.policyPack, configuredChannels(settings.channels, networks));
  } catch (error) {
    return [program, fail('settings', messageOf(error), 'correct it; docs/operating.md lists all settings')];
  }
  return [
    program,
    ok('settings', `channels that are on: ${under.allowed.length}`),
    ...under.forbidden.map(({ id }) => warn(`channel ${id}`, 'off', KEPT_OFF)),
    checkDataFolder(settings.dataDir),
    checkAddress(settings),
    ...(await examineStore(under)),
    ...(settings.redisUrl ? [await checkRedis(settings.redisUrl)] : []),
    await checkHub(`http://${inUrl(settings.host)}:${settings.port}`),
  ];
}

async function examineStore({
  allowed,
  forbidden,
}: ReturnType<typeof channelsUnder>): Promise<readonly Check[]> {
  const ids = new Map(allowed.map(({ id, definition }) => [id, definition.name]));
  const keptOff = new Set(forbidden.map(({ id }) => id));
  try {
    return await withDatabaseUrl('doctor', async (url) => {
      const db = openDatabase(url, () => {});
      try {
        const store = await checkStore(db);
        const isUsable = store.every(({ about, verdict }) => about !== 'schema' || verdict === 'ok');
        return isUsable
          ? [...store, await checkModel(db), ...(await checkChannels(db, ids, keptOff))]
          : store;
      } finally {
        await db.end();
      }
    });
  } catch (error) {
    return [fail('database', messageOf(explainDatabaseError(error)), 'see docs/operating.md')];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

function lineOf({ about, verdict, said, fix }: Check): string {
  const line = `${MARKS[verdict]}  ${about.padEnd(16)}  ${said}\n`;
  return fix === undefined ? line : `${line}${' '.repeat(24)}→ ${fix}\n`;
}
