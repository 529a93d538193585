import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import { SignJWT } from 'jose';
import type { ChannelSettings } from '../settings.ts';
import { createDemoBankService } from './bank.ts';
import { createDemoBank } from './core.ts';
import { people } from './people.ts';

/** The demo: a bank to call, and what its page needs. */
export interface Demo {
  /** Where the bank's actions are called. */
  readonly bankUrl: string;
  /** The channels, with the key by which the demo's page identifies its client. */
  withIdentityKey(channels: readonly ChannelSettings[]): readonly ChannelSettings[];
  /** `/demo/identity` and `/demo/codes`, for the demo's page. */
  readonly routes: FastifyPluginAsync;
  stop(): Promise<void>;
}

const WEBCHAT = 'webchat';
const TOKEN_LIFE = '5m';

/** Starts the demo bank on a loopback port of its own. */
export async function startDemo(now: () => Date): Promise<Demo> {
  const bank = createDemoBank({ now, newCode: () => String(randomInt(1_000_000)).padStart(6, '0') });
  const service = createDemoBankService(bank);
  const bankUrl = await service.listen();
  // As a bank would: its server signs with the private key, and the hub is given only the public one.
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const identityKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    bankUrl,
    withIdentityKey: (channels) =>
      channels.map((channel) =>
        channel.network === WEBCHAT
          ? { ...channel, settings: { ...channel.settings, identityKey } }
          : channel,
      ),
    routes: async (app) => {
      app.get('/demo/codes', { schema: { hide: true } }, () => bank.codes());
      app.get<{ Querystring: { locale?: string } }>(
        '/demo/identity',
        { schema: { hide: true } },
        async (request) => {
          const client = people.find(({ locale }) => locale === request.query.locale) ?? people[0];
          const token = new SignJWT({ name: client?.name })
            .setProtectedHeader({ alg: 'ES256' })
            .setSubject(client?.customer ?? '')
            .setAudience(WEBCHAT)
            .setJti(randomBytes(16).toString('base64url'))
            .setIssuedAt()
            .setExpirationTime(TOKEN_LIFE);
          return { token: await token.sign(privateKey), name: client?.name };
        },
      );
    },
    stop: () => service.close(),
  };
}
