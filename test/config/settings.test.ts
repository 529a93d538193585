import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createScriptBot, SCRIPTS_DIR } from '../../config/bot.ts';
import { channelsUnder, configuredChannels } from '../../config/channels.ts';
import { readSettings } from '../../config/settings.ts';
import { SettingsError } from '../../config/settings-file.ts';
import { networks } from '../../gateway/connectors/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const SHIPPED = readFileSync(join(ROOT, 'config/hub.yaml'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'okno-settings-'));
const file = join(folder, 'hub.yaml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (env: Record<string, string> = {}) => readSettings(env, ROOT);

/** Reads a settings file of one's own. */
function readFile(text: string, env: Record<string, string> = {}) {
  writeFileSync(file, text);
  return readSettings({ OKNO_CONFIG: file, ...env }, ROOT);
}

describe('the settings', () => {
  it('are those of the documentation without any variable', () => {
    expect(read()).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      dataDir: join(ROOT, 'data'),
      databaseUrl: undefined,
      demo: 'bank',
      logLevel: 'info',
      policyPack: 'neutral',
    });
    expect(read().channels.map(({ id }) => id)).toEqual(['webchat']);
  });

  it('name the proxies before the hub, and refuse what is no address', () => {
    expect(read({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,fd00::/8 uniquelocal' }).trustedProxies).toEqual([
      '127.0.0.1',
      '10.0.0.0/8',
      'fd00::/8',
      'uniquelocal',
    ]);
    for (const wrong of ['proxy.bank', '10.0.0.0/33', '10.0.0.0/', '/8', '1.2.3'])
      expect(() => read({ TRUSTED_PROXIES: wrong })).toThrow(/^TRUSTED_PROXIES: "/);
  });

  it('tell an address that a browser can open where all addresses are listened on', () => {
    for (const HOST of ['0.0.0.0', '::']) expect(read({ HOST }).publicUrl).toBe('http://localhost:3000');
    expect(read({ HOST: '::1' }).publicUrl).toBe('http://[::1]:3000');
  });

  it('name a folder of scripts, whose mistakes stop the start with their place', async () => {
    expect(read().scriptsDir).toBeUndefined();
    expect(read({ OKNO_SCRIPTS: 'my-scripts' }).scriptsDir).toBe(join(ROOT, 'my-scripts'));
    const own = join(folder, 'scripts');
    cpSync(SCRIPTS_DIR, own, { recursive: true });
    const bankUrl = 'http://bank.example';
    const { taught } = await createScriptBot({ bankUrl, scriptsDir: read({ OKNO_SCRIPTS: own }).scriptsDir });
    expect(taught?.scripts.scripts.has('balance')).toBe(true);
    writeFileSync(
      join(own, 'balance.yaml'),
      'script: balance\ntitle: { ru: остаток, en: balance }\nsteps: []\n',
    );
    await expect(createScriptBot({ bankUrl, scriptsDir: own })).rejects.toThrow(
      /balance\.yaml:3 steps: is empty/,
    );
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(read(), { port: 1 })).toThrow(TypeError);
  });

  it('take address and place from the environment', () => {
    const settings = read({ HOST: '::1', PORT: '8080', DATA_DIR: '/srv/okno', LOG_LEVEL: 'warn' });
    expect(settings).toMatchObject({
      publicUrl: 'http://[::1]:8080',
      dataDir: '/srv/okno',
      logLevel: 'warn',
    });
    expect(read({ PUBLIC_URL: 'https://chat.bank.example/' }).publicUrl).toBe('https://chat.bank.example');
  });

  it.each([
    [{}, 'bank'],
    [{ HOST: '0.0.0.0' }, 'off'],
    [{ HOST: '0.0.0.0', OKNO_DEMO: '1' }, 'bank'],
    [{ DATABASE_URL: 'postgres://db/okno' }, 'off'],
    [{ DATABASE_URL: 'postgres://db/okno', OKNO_DEMO: '1' }, 'bank'],
    [{ OKNO_DEMO: '0' }, 'off'],
    [{ OKNO_DEMO: 'echo' }, 'echo'],
  ])('with %o the demo is %s', (env, demo) => {
    expect(read(env).demo).toBe(demo);
  });

  it.each([
    [{ PORT: 'abc' }, /^PORT=abc is not a whole number from 0 to 65535/],
    [{ PORT: '70000' }, /^PORT=70000 is not/],
    [{ OKNO_DEMO: 'yes' }, /^OKNO_DEMO=yes is none of 1, 0, echo/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL=loud is none of info, /],
    [
      { PUBLIC_URL: 'bank.example' },
      /^PUBLIC_URL is not an address that begins with http:\/\/ or https:\/\//,
    ],
    [{ OKNO_CONFIG: '/nowhere/hub.yaml' }, /^\/nowhere\/hub.yaml cannot be read; set OKNO_CONFIG/],
  ])('with %o say what is wrong', (env, message) => {
    expect(() => read(env)).toThrow(message);
    expect(() => read(env)).toThrow(SettingsError);
  });

  it('never repeat a password in an error', () => {
    expect(() => read({ DATABASE_URL: 'mysql://okno:s3cret@db/okno' })).toThrow(/^DATABASE_URL is not/);
    expect(() => read({ DATABASE_URL: 'mysql://okno:s3cret@db/okno' })).not.toThrow(/s3cret/);
  });
});

/** Of the length that Standard Webhooks asks for. */
const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;

describe('the settings file', () => {
  it('switches a channel on once its variables are set', () => {
    const { channels } = read({ TELEGRAM_BOT_TOKEN: '1:token', TELEGRAM_WEBHOOK_SECRET: 'secret' });
    expect(channels.map(({ id }) => id)).toEqual(['webchat', 'telegram']);
    expect(channels[1]?.settings).toEqual({
      token: '1:token',
      apiRoot: 'https://api.telegram.org',
      webhookSecret: 'secret',
    });
  });

  it('names a second channel of a network', () => {
    const text = `${SHIPPED}
  telegram-vip:
    network: telegram
    settings: { token: "\${VIP_TOKEN}" }
`;
    const { channels } = readFile(text, { VIP_TOKEN: '2:token' });
    expect(channels.map(({ id, network }) => [id, network])).toEqual([
      ['webchat', 'webchat'],
      ['telegram-vip', 'telegram'],
    ]);
  });

  it('says how much a channel may carry, where a bank knows better than its network', () => {
    const text = SHIPPED.replace('network: webhook\n', 'network: webhook\n    dataClass: bank-secret\n');
    const { channels } = readFile(text, {
      OKNO_WEBHOOK_URL: 'https://bank.example',
      OKNO_WEBHOOK_SECRETS: SECRET,
    });
    const [webchat, webhook] = configuredChannels(channels, networks);
    expect(webchat?.definition).toBe(networks.find(({ name }) => name === 'webchat'));
    expect(webhook?.definition.capabilities).toEqual({
      ...networks.find(({ name }) => name === 'webhook')?.capabilities,
      dataClass: 'bank-secret',
    });
    expect(() => readFile(text.replace('dataClass: bank-secret', 'dataClass: secret'))).toThrow(
      /line \d+: channels\.webhook\.dataClass is "secret"\. Invalid option: expected one of "public"\|"personal"\|"bank-secret"/,
    );
  });

  it('asks for a variable that has no default, with its place', () => {
    const text = SHIPPED.replace('OKNO_BANK_URL:-', 'OKNO_BANK_URL');
    expect(() => readFile(text)).toThrow(
      /hub\.yaml, line \d+: bank\.url needs the environment variable OKNO_BANK_URL/,
    );
  });

  it.each([
    ['desk:', 'dask:', 'desk:', 'desk is missing; take it from config/hub.yaml'],
    ['desk:', 'dask: 1\ndesk:', 'dask', 'dask is not a setting; take it out'],
    [
      'pack: neutral',
      'pack: us',
      'pack',
      'policy.pack is "us". Invalid option: expected one of "neutral"|"ru-bank"',
    ],
    [
      'Hours: 24',
      'Hours: soon',
      'soon',
      'conversations.closeAfterSilenceHours is "soon". Invalid input: expected number',
    ],
    ['  telegram:', '  Telegram!:', 'Telegram!', 'Telegram! is not a channel id: lower-case letters'],
    ['network: webchat', 'netwrk: webchat', 'webchat:', 'channels.webchat.network is missing'],
  ])('with %j become %j says where and what', (good, bad, there, message) => {
    const text = SHIPPED.replace(good, bad);
    const line = text.split('\n').findIndex((one) => one.includes(there)) + 1;
    const told = () => readFile(text);
    expect(told).toThrow(`hub.yaml, line ${Math.max(line, 1)}: `);
    expect(told).toThrow(message);
  });

  it('tells the line of broken YAML and quotes nothing of it', () => {
    const text = `${SHIPPED}\n    token: "s3cret\n  : [`;
    expect(() => readFile(text)).toThrow(/hub\.yaml, line \d+: /);
    expect(() => readFile(text)).not.toThrow(/s3cret/);
  });
});

describe('the channels', () => {
  const place = 'hub.yaml: channels.mine';

  it('fit the networks that Okno has', () => {
    const { channels } = read({ TELEGRAM_BOT_TOKEN: '1:token' });
    expect(configuredChannels(channels, networks).map(({ id }) => id)).toEqual(['webchat', 'telegram']);
  });

  it('are kept off by the pack of Russian banks where the network is under foreign law', () => {
    const under = (pack: 'neutral' | 'ru-bank') => {
      const { channels } = read({ TELEGRAM_BOT_TOKEN: '1:token', MAX_BOT_TOKEN: 'token' });
      const { allowed, forbidden } = channelsUnder(pack, configuredChannels(channels, networks));
      return { allowed: allowed.map(({ id }) => id), forbidden: forbidden.map(({ id }) => id) };
    };
    expect(under('neutral')).toEqual({ allowed: ['webchat', 'telegram', 'max'], forbidden: [] });
    expect(under('ru-bank')).toEqual({ allowed: ['webchat', 'max'], forbidden: ['telegram'] });
  });

  it('are of a network that Okno has', () => {
    expect(() =>
      configuredChannels([{ id: 'mine', network: 'pigeon', settings: {}, place }], networks),
    ).toThrow(/channels\.mine\.network: pigeon is not a network; known are .*telegram/);
  });

  it('have the settings that their network asks for', () => {
    const [webchat] = networks.filter(({ name }) => name === 'webchat');
    if (!webchat) throw new Error('there is no web chat');
    const strict = { ...webchat, settings: z.strictObject({ colour: z.string() }) };
    const mine = { id: 'mine', network: 'webchat', settings: {}, place };
    expect(() => configuredChannels([mine], [strict])).toThrow(/channels\.mine\.settings\.colour: /);
  });
});
