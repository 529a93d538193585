import { type Database, inTransaction } from '../store/database.ts';
import type { Role } from './api.ts';
import { recordAudit } from './audit.ts';
import { newPassword } from './password.ts';
import { createUser, disableUser, type NewUser, UserError } from './users.ts';

/** The demo's logins, shown on its sign-in page. Everybody knows their password. */
export const DEMO_LOGINS = {
  password: 'demo-window',
  logins: [
    { email: 'operator@demo.bank', name: 'Анна Смирнова', roles: ['operator'] },
    { email: 'operator2@demo.bank', name: 'Олег Петров', roles: ['operator'] },
    { email: 'supervisor@demo.bank', name: 'Елена Орлова', roles: ['supervisor'] },
    { email: 'admin@demo.bank', name: 'Мария Ковалёва', roles: ['admin'] },
    { email: 'marketer@demo.bank', name: 'Дарья Белова', roles: ['marketer'] },
    { email: 'compliance@demo.bank', name: 'Игорь Волков', roles: ['compliance'] },
  ] satisfies { email: string; name: string; roles: Role[] }[],
};

const DEMO_EMAILS = DEMO_LOGINS.logins.map(({ email }) => email);

/** Makes the demo's users where they are missing, and brings back those that `retireDemoUsers` disabled. */
export async function seedDemoUsers(db: Database, at: Date): Promise<void> {
  const { rows } = await db.query<{ email: string }>('select email from users where lower(email) = any($1)', [
    DEMO_EMAILS,
  ]);
  const known = new Set(rows.map(({ email }) => email));
  for (const login of DEMO_LOGINS.logins) {
    if (!known.has(login.email)) await createOnce(db, { ...login, password: DEMO_LOGINS.password }, at);
  }
  await bringBack(db, at);
}

/** Disables the demo's users: their password is known to all, so a hub without the demo must not let them in. */
export async function retireDemoUsers(db: Database, at: Date): Promise<void> {
  const { rows } = await db.query<{ id: string; email: string }>(
    'select id, email from users where lower(email) = any($1) and disabled_at is null',
    [DEMO_EMAILS],
  );
  for (const { id, email } of rows) {
    await disableUser(db, email, at, 'hub');
    await recordAudit(db, at, { who: 'hub', act: 'user.retired', subject: id });
  }
}

/** Whom a person disabled stays disabled. */
async function bringBack(db: Database, at: Date): Promise<void> {
  await inTransaction(db, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `update users u set disabled_at = null
       where lower(u.email) = any($1) and u.disabled_at is not null and 'user.retired' =
         (select a.act from audit a where a.subject = u.id::text and a.act like 'user.%' order by a.id desc limit 1)
       returning u.id`,
      [DEMO_EMAILS],
    );
    for (const { id } of rows)
      await recordAudit(client, at, { who: 'hub', act: 'user.enabled', subject: id });
  });
}

const FIRST_ADMINISTRATOR = 'admin@localhost';

/** The first administrator, as just made. `generated` is there when no password was given: show it once. */
export interface FirstAdministrator {
  readonly email: string;
  readonly generated?: string;
}

/**
 * Makes the first administrator; undefined where there has been one. Throws UserError where the given password is
 * too short.
 */
export async function ensureAdministrator(
  db: Database,
  password: string | undefined,
  at: Date,
): Promise<FirstAdministrator | undefined> {
  const { rowCount } = await db.query(
    `select from users where 'admin' = any(roles) and lower(email) <> all($1) limit 1`,
    [DEMO_EMAILS],
  );
  if (rowCount !== 0) return undefined;
  const chosen = password || newPassword();
  const wish: NewUser = {
    email: FIRST_ADMINISTRATOR,
    name: 'Administrator',
    roles: ['admin'],
    password: chosen,
  };
  const made = await createOnce(db, wish, at);
  if (!made) return undefined;
  return { email: FIRST_ADMINISTRATOR, generated: password ? undefined : chosen };
}

/** False where another process, started at the same time, was quicker. */
async function createOnce(db: Database, wish: NewUser, at: Date): Promise<boolean> {
  try {
    await createUser(db, wish, at, 'hub');
    return true;
  } catch (error) {
    if (error instanceof UserError && error.code === 'email-taken') return false;
    throw error;
  }
}
