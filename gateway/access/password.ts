import { randomBytes } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';

// OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes and one lane at least.
// 2 is the package's Argon2id; its const enum cannot be imported from isolated modules.
const COST: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A salted Argon2id hash in PHC format. The same password typed with composed or decomposed letters is one. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), COST);
}

export interface PasswordCheck {
  /**
   * True when the password is that of the hash. Without a hash it is false after the same work, so that the time
   * taken does not tell who has an account.
   */
  matches(password: string, hashed: string | undefined): Promise<boolean>;
}

export function createPasswordCheck(): PasswordCheck {
  const nobodys = hashPassword(randomBytes(16).toString('hex'));
  // Heard again by every check; unheard until then it would end the process.
  nobodys.catch(() => {});
  return {
    async matches(password, hashed) {
      const fallback = await nobodys;
      const same = await verify(hashed ?? fallback, password.normalize('NFC'));
      return same && hashed !== undefined;
    },
  };
}

/** A password for a person to copy once: 24 characters, 144 bits. */
export function newPassword(): string {
  return randomBytes(18).toString('base64url');
}
