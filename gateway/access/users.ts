import { z } from 'zod';
import { newId } from '../ids.ts';
import type { OperatorId } from '../model/ids.ts';
import { isStorable } from '../storable-text.ts';
import { type Database, inTransaction } from '../store/database.ts';
import { type Role, role } from './api.ts';
import { recordAudit, type Who } from './audit.ts';
import { hashPassword } from './password.ts';

/** A person of ours. */
export interface User {
  readonly id: OperatorId;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  readonly createdAt: Date;
}

const newUser = z.object({
  email: z
    .string()
    .max(254, 'email is longer than 254 characters')
    .transform(emailKey)
    .refine(
      (email) => /^[^\s@]+@[^\s@]+$/.test(email) && isStorable(email),
      'email must look like name@bank.ru',
    ),
  name: z
    .string()
    .trim()
    .min(1, 'name is empty')
    .max(100, 'name is longer than 100 characters')
    .refine(isStorable, 'name holds characters that cannot be stored'),
  roles: z.array(role).min(1, 'at least one role is needed'),
  password: z
    .string()
    .min(10, 'password is shorter than 10 characters')
    .max(1024, 'password is longer than 1024 characters')
    .refine(isStorable, 'password holds characters that cannot be typed'),
});
export type NewUser = z.input<typeof newUser>;

/** What a person must mend before the user can be made; its message says how. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: 'invalid' | 'email-taken';

  constructor(code: 'invalid' | 'email-taken', message: string) {
    super(message);
    this.code = code;
  }
}

/** E-mails that differ in case or composition are one. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** Adds a person. Throws UserError where something is wrong with the wish or the e-mail is taken. */
export async function createUser(db: Database, wish: NewUser, at: Date, by: Who): Promise<User> {
  const checked = newUser.safeParse(wish);
  if (!checked.success)
    throw new UserError('invalid', checked.error.issues.map(({ message }) => message).join('; '));
  const { email, name, password } = checked.data;
  const roles = [...new Set(checked.data.roles)];
  const hashed = await hashPassword(password);
  const id = newId<OperatorId>();
  return inTransaction(db, async (client) => {
    const { rowCount } = await client.query(
      `insert into users (id, email, name, password, roles, created_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (lower(email)) do nothing`,
      [id, email, name, hashed, roles, at],
    );
    if (rowCount === 0) throw new UserError('email-taken', `there is a user ${email} already`);
    await recordAudit(client, at, { who: by, act: 'user.created', subject: id, detail: { roles } });
    return { id, email, name, roles, disabled: false, createdAt: at };
  });
}

/** A row of `users` as the driver gives it. */
export interface UserRow {
  readonly id: OperatorId;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

/** Everybody, in the order of their e-mails. */
export async function listUsers(db: Database): Promise<readonly User[]> {
  const { rows } = await db.query<UserRow>(
    'select id, email, name, roles, created_at, disabled_at from users order by lower(email)',
  );
  return rows.map(toUser);
}

/**
 * Disables a person by e-mail and ends their sessions; their live sockets close within seconds.
 * Undefined where there is no such user. Doing it again changes nothing.
 */
export async function disableUser(db: Database, email: string, at: Date, by: Who): Promise<User | undefined> {
  return inTransaction(db, async (client) => {
    const { rows } = await client.query<UserRow & { was_disabled: boolean }>(
      `update users u set disabled_at = coalesce(u.disabled_at, $2)
       from (select id, disabled_at from users where lower(email) = lower($1) for update) before
       where u.id = before.id
       returning u.id, u.email, u.name, u.roles, u.created_at, u.disabled_at,
         before.disabled_at is not null as was_disabled`,
      [emailKey(email), at],
    );
    const row = rows[0];
    if (!row) return undefined;
    await client.query('delete from session where holder = $1', [row.id]);
    if (!row.was_disabled) await recordAudit(client, at, { who: by, act: 'user.disabled', subject: row.id });
    return toUser(row);
  });
}

/** The user of a row. A role of a newer program is left out: it grants nothing here. */
function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    roles: toRoles(row.roles),
    disabled: row.disabled_at !== null,
    createdAt: row.created_at,
  };
}

export function toRoles(names: readonly string[]): readonly Role[] {
  return names.flatMap((name) => {
    const known = role.safeParse(name);
    return known.success ? [known.data] : [];
  });
}
