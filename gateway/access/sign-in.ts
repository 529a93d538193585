import type { OperatorId } from '../model/ids.ts';
import type { Database } from '../store/database.ts';
import { type AttemptLimit, type Attempts, addressKey } from './attempts.ts';
import { recordAudit } from './audit.ts';
import { createPasswordCheck } from './password.ts';
import type { From, Sessions } from './sessions.ts';
import { emailKey } from './users.ts';

export type SignedIn =
  | { readonly outcome: 'signed-in'; readonly token: string }
  /** The same for a wrong password, an unknown e-mail and a disabled user. */
  | { readonly outcome: 'wrong-password' }
  | { readonly outcome: 'too-many-attempts'; readonly retryAfterMs: number };

export type SignIn = (email: string, password: string, from: From) => Promise<SignedIn>;

const MINUTE_MS = 60_000;
/** Guesses at one account from one place: a stranger who guesses locks nobody out but themselves. */
const BY_EMAIL_AND_ADDRESS: AttemptLimit = { attempts: 10, perMs: 15 * MINUTE_MS };
/** Guesses at one account from many places together. */
const BY_EMAIL: AttemptLimit = { attempts: 200, perMs: 15 * MINUTE_MS };
/** Guesses from one place; more, since a whole shift may share its address. */
const BY_ADDRESS: AttemptLimit = { attempts: 50, perMs: 15 * MINUTE_MS };

/** Counts attempts under a name of its own: on this node, or on all nodes together. */
export type CountAttempts = (name: string, limit: AttemptLimit) => Attempts;

/** Signs people in by e-mail and password. Good sign-ins count towards no limit. */
export function createSignIn(
  db: Database,
  sessions: Sessions,
  countAttempts: CountAttempts,
  now: () => Date,
): SignIn {
  const byEmailAndAddress = countAttempts('sign-in-email-address', BY_EMAIL_AND_ADDRESS);
  const byEmail = countAttempts('sign-in-email', BY_EMAIL);
  const byAddress = countAttempts('sign-in-address', BY_ADDRESS);
  const password = createPasswordCheck();

  return async (typed, secret, from) => {
    const email = emailKey(typed);
    const place = addressKey(from.address);
    const emailAndPlace = `${place} ${email}`;
    const retryAfterMs =
      (await byAddress.take(place, now())) ||
      (await byEmailAndAddress.take(emailAndPlace, now())) ||
      (await byEmail.take(email, now()));
    if (retryAfterMs > 0) return { outcome: 'too-many-attempts', retryAfterMs };

    const user = await findCredentials(db, email);
    const matches = await password.matches(secret, user?.password);
    const { address } = from;
    if (!user || !matches || user.disabled) {
      // What was typed is not written down: it may be a password in the wrong field.
      const detail = { reason: refusal(user) };
      await recordAudit(db, now(), {
        who: 'unknown',
        act: 'session.refused',
        subject: user?.id,
        address,
        detail,
      });
      return { outcome: 'wrong-password' };
    }
    byAddress.giveBack(place);
    byEmailAndAddress.giveBack(emailAndPlace);
    byEmail.giveBack(email);
    const token = await sessions.open(user.id, from);
    await recordAudit(db, now(), { who: user.id, act: 'session.opened', subject: user.id, address });
    return { outcome: 'signed-in', token };
  };
}

/** For the audit trail alone; the answer never tells. */
function refusal(user: Credentials | undefined): string {
  if (!user) return 'unknown-user';
  return user.disabled ? 'disabled' : 'wrong-password';
}

interface Credentials {
  readonly id: OperatorId;
  readonly password: string;
  readonly disabled: boolean;
}

async function findCredentials(db: Database, email: string): Promise<Credentials | undefined> {
  const { rows } = await db.query<Credentials>(
    'select id, password, disabled_at is not null as disabled from users where lower(email) = lower($1)',
    [email],
  );
  return rows[0];
}
