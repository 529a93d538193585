import { isIP } from 'node:net';
import { isAbsolute, join, resolve } from 'node:path';
import type { DataClass } from '../gateway/model/data-class.ts';
import type { PolicyPack } from '../gateway/policy/pack.ts';
import type { Retention } from '../gateway/store/retention.ts';
import { WAITING_WORDS, type WaitingWords } from '../handoff/waiting-words.ts';
import { type Environment, readSettingsFile, SettingsError, type SettingsFile } from './settings-file.ts';

const DAY_MS = 86_400_000;

/** The hub's settings: the environment and the settings file, checked. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  /** Proxies before the hub that tell from where a request comes. */
  readonly trustedProxies: readonly string[];
  readonly dataDir: string;
  /** An external PostgreSQL; undefined: the embedded one. */
  readonly databaseUrl?: string;
  /** Redis of several nodes that share the work; undefined: this node is the only one. */
  readonly redisUrl?: string;
  /** How long a node is taken to live without a word of it. */
  readonly leaseMs: number;
  /** `bank`: the demo bank answers; `echo`: every message is answered with itself; `off`: neither. */
  readonly demo: 'bank' | 'echo' | 'off';
  readonly adminPassword?: string;
  readonly logLevel: string;
  /** Where the bank's actions are called; the demo brings its own. */
  readonly bankUrl?: string;
  /** The folder of the bot's scripts; undefined: those that ship. */
  readonly scriptsDir?: string;
  /** The channel that carries the codes by which clients show who they are; undefined: the bank sends its own. */
  readonly codes?: { readonly channel: string; readonly perMinute: number };
  readonly media: SettingsFile['media'];
  readonly policyPack: PolicyPack;
  readonly closeAfterSilenceMs: number;
  readonly operatorGoneMs: number;
  /** What operators read at a desk that is a channel. */
  readonly deskLocale: 'ru' | 'en';
  /** Clients are asked how it was when an operator closes their conversation. */
  readonly asksRating: boolean;
  /** What clients hear who wait for an operator; undefined: nothing. */
  readonly waiting?: { readonly afterMs: number; readonly words: WaitingWords };
  readonly retention: Retention;
  readonly channels: readonly ChannelSettings[];
}

/** A channel that is on. `settings` are checked by its network's own schema. */
export interface ChannelSettings {
  readonly id: string;
  readonly network: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where nothing comes in for so long, something is wrong; undefined: silence is nothing unusual. */
  readonly alarmAfterSilenceMs?: number;
  /** The most that the bank lets be said there of a person; undefined: what is usual on its network. */
  readonly dataClass?: DataClass;
  /** Where it stands, for errors: `config/hub.yaml: channels.telegram`. */
  readonly place: string;
}

/**
 * Reads the settings from the environment and the settings file.
 * Throws SettingsError where a value is missing or wrong; secrets are never part of its message.
 */
export function readSettings(env: Environment, root: string): Settings {
  const path = resolve(root, env.OKNO_CONFIG ?? join('config', 'hub.yaml'));
  const file = readSettingsFile(path, env);
  const host = env.HOST || '127.0.0.1';
  const port = integer(env, 'PORT', 3000, 0, 65_535);
  const databaseUrl = databaseAddress(env);
  const dataDir = env.DATA_DIR || 'data';
  return Object.freeze({
    host,
    port,
    publicUrl: (url(env, 'PUBLIC_URL', ['http:', 'https:']) ?? `http://${inUrl(host)}:${port}`).replace(
      /\/+$/,
      '',
    ),
    trustedProxies: proxiesOf(env),
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(root, dataDir),
    databaseUrl,
    redisUrl: url(env, 'REDIS_URL', ['redis:', 'rediss:']),
    leaseMs: file.nodes.leaseSeconds * 1000,
    demo: demoOf(env, host, databaseUrl),
    adminPassword: env.OKNO_ADMIN_PASSWORD || undefined,
    logLevel: oneOf(env, 'LOG_LEVEL', ['info', 'fatal', 'error', 'warn', 'debug', 'trace', 'silent']),
    bankUrl: file.bank.url || undefined,
    ...(file.scripts.folder !== '' && { scriptsDir: resolve(root, file.scripts.folder) }),
    ...(file.codes.channel !== '' && { codes: file.codes }),
    media: mediaOf(file.media),
    policyPack: file.policy.pack,
    closeAfterSilenceMs: file.conversations.closeAfterSilenceHours * 3_600_000,
    operatorGoneMs: file.desk.operatorGoneSeconds * 1000,
    deskLocale: file.desk.locale,
    asksRating: file.rating.afterOperator,
    ...(file.waiting.afterSeconds > 0 && {
      waiting: {
        afterMs: file.waiting.afterSeconds * 1000,
        words: { ...WAITING_WORDS, ...file.waiting.words },
      },
    }),
    retention: {
      conversationsMs: file.retention.conversationsDays * DAY_MS,
      quarantineMs: file.retention.quarantineDays * DAY_MS,
    },
    channels: Object.entries(file.channels)
      .filter(([, { on }]) => on !== false && on !== '' && on !== '0' && on !== 'false')
      .map(([id, { network, settings, alarmAfterSilentMinutes: minutes, dataClass }]) => ({
        id,
        network,
        settings,
        ...(minutes !== undefined && { alarmAfterSilenceMs: minutes * 60_000 }),
        ...(dataClass && { dataClass }),
        place: `${path}: channels.${id}`,
      })),
  });
}

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

function proxiesOf({ TRUSTED_PROXIES = '' }: Environment): readonly string[] {
  const proxies = TRUSTED_PROXIES.split(/[\s,]+/).filter((proxy) => proxy !== '');
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
    const isRange =
      bits > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits));
    if (!isRange && !['loopback', 'linklocal', 'uniquelocal'].includes(proxy))
      throw new SettingsError(
        `TRUSTED_PROXIES: "${proxy}" is neither an address nor a range such as 10.0.0.0/8, nor loopback, linklocal or uniquelocal`,
      );
  }
  return proxies;
}

function demoOf(env: Environment, host: string, databaseUrl: string | undefined): Settings['demo'] {
  const byDefault = !databaseUrl && isLoopback(host) ? '1' : '0';
  switch (oneOf(env, 'OKNO_DEMO', [byDefault, '0', '1', 'echo'])) {
    case '1':
      return 'bank';
    case 'echo':
      return 'echo';
    default:
      return 'off';
  }
}

function mediaOf(media: SettingsFile['media']): SettingsFile['media'] {
  const { endpoint, accessKeyId, secretAccessKey } = media.s3;
  if (endpoint === '') return media;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new SettingsError(
      'media.s3.endpoint is not an address that begins with http:// or https://; set MEDIA_S3_ENDPOINT',
    );
  if (accessKeyId === '' || secretAccessKey === '')
    throw new SettingsError(
      'media.s3 has an endpoint and no keys; set MEDIA_S3_ACCESS_KEY_ID and MEDIA_S3_SECRET_ACCESS_KEY',
    );
  return { ...media, s3: { ...media.s3, endpoint: endpoint.replace(/\/+$/, '') } };
}

function integer(env: Environment, name: string, fallback: number, least: number, most: number): number {
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SettingsError(`${name}=${text} is not a whole number from ${least} to ${most}`);
}

/** The first of `values` is the default. */
function oneOf(env: Environment, name: string, values: readonly [string, ...string[]]): string {
  const value = env[name] || values[0];
  if (values.includes(value)) return value;
  throw new SettingsError(`${name}=${value} is none of ${[...new Set(values)].join(', ')}`);
}

/** PostgreSQL's own form of address: it may have no host, and a socket's folder among its parameters. */
function databaseAddress({ DATABASE_URL: value }: Environment): string | undefined {
  if (!value || /^postgres(ql)?:\/\//.test(value)) return value || undefined;
  throw new SettingsError('DATABASE_URL is not an address that begins with postgres:// or postgresql://');
}

function url(env: Environment, name: string, protocols: readonly string[]): string | undefined {
  const value = env[name];
  if (!value) return undefined;
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
  // Without the value: an address may hold a password.
  throw new SettingsError(
    `${name} is not an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  );
}

/** How this machine reaches what listens there: all addresses together are none that a browser can open. */
export function inUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
