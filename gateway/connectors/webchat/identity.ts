import { type CryptoKey, importSPKI, jwtVerify } from 'jose';
import { z } from 'zod';

/** Who the bank's page says that its visitor is. */
export interface Signed {
  /** The bank's number of the customer. */
  readonly customer: string;
  readonly name?: string;
  /** When the signature ends; what is said later proves nothing. */
  readonly until: Date;
}

/** Checks a signed identity; undefined where it is not valid for this channel, now. */
export type CheckIdentity = (jwt: string) => Promise<Signed | undefined>;

const LONGEST_LIFE_S = 600;
const CLOCKS_DIFFER_S = 5;

const claims = z.object({
  sub: z.string().min(1).max(128),
  exp: z.number(),
  name: z.string().max(200).optional().catch(undefined),
});

/** True for a key that `createIdentityCheck` takes. */
export function isIdentityKey(key: string): boolean {
  return isPublicKey(key) || (/^[A-Za-z0-9_-]+$/.test(key) && Buffer.from(key, 'base64url').length >= 32);
}

/**
 * Checks JWTs (RFC 7519) that the bank's server signs for its page: `sub` is the customer, `aud` the channel, `exp` at
 * most ten minutes away. `key` decides the algorithm, the token never does: a public key in PEM is for ES256, a secret
 * of at least 32 bytes in base64url for HS256.
 */
export function createIdentityCheck(key: string, channel: string, now: () => Date): CheckIdentity {
  const algorithm = isPublicKey(key) ? 'ES256' : 'HS256';
  let imported: Promise<CryptoKey | Uint8Array> | undefined;
  return async (jwt) => {
    imported ??= isPublicKey(key)
      ? importSPKI(key, 'ES256')
      : Promise.resolve(new Uint8Array(Buffer.from(key, 'base64url')));
    const verified = await jwtVerify(jwt, await imported, {
      algorithms: [algorithm],
      audience: channel,
      clockTolerance: CLOCKS_DIFFER_S,
      currentDate: now(),
    }).catch(() => undefined);
    const parsed = claims.safeParse(verified?.payload);
    if (!parsed.success) return undefined;
    const { sub, exp, name } = parsed.data;
    if (exp > now().getTime() / 1000 + LONGEST_LIFE_S + CLOCKS_DIFFER_S) return undefined;
    return { customer: sub, until: new Date(exp * 1000), ...(name && { name }) };
  };
}

function isPublicKey(key: string): boolean {
  return key.includes('-----BEGIN PUBLIC KEY-----');
}
