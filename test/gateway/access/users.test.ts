import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DEMO_LOGINS,
  ensureAdministrator,
  retireDemoUsers,
  seedDemoUsers,
} from '../../../gateway/access/first-users.ts';
import {
  createUser,
  disableUser,
  listUsers,
  type NewUser,
  UserError,
} from '../../../gateway/access/users.ts';
import { openDatabase } from '../../../gateway/store/database.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';
import { type AccessHub, PASSWORD, signingIn, startAccessHub } from './access-hub.ts';

let hub: AccessHub;

beforeAll(async () => {
  hub = await startAccessHub();
});

afterAll(() => hub.close());

const wish = (parts: Partial<NewUser> = {}): NewUser => ({
  email: 'ann@bank.test',
  name: 'Ann',
  roles: ['operator'],
  password: PASSWORD,
  ...parts,
});

describe('a user', () => {
  test('has an e-mail of their own, whatever its case', async () => {
    await createUser(
      hub.db,
      wish({ email: ' Ann@Bank.test ', roles: ['operator', 'operator'] }),
      new Date(),
      'cli',
    );
    await expect(createUser(hub.db, wish({ email: 'ANN@bank.TEST' }), new Date(), 'cli')).rejects.toThrow(
      'there is a user ann@bank.test already',
    );
    expect(await listUsers(hub.db)).toMatchObject([
      { email: 'ann@bank.test', name: 'Ann', roles: ['operator'], disabled: false },
    ]);
  });

  test.each([
    [{ email: 'ann' }, /email must look like/],
    [{ email: 'a b@bank.test' }, /email must look like/],
    [{ email: 'ann\u0000@bank.test' }, /email must look like/],
    [{ name: '  ' }, /name is empty/],
    [{ name: 'a\ud800' }, /name holds/],
    [{ roles: [] }, /at least one role/],
    [{ password: 'short' }, /password is shorter than 10/],
  ])('cannot be made with %j', async (parts, message) => {
    const made = createUser(hub.db, wish({ email: 'new@bank.test', ...parts }), new Date(), 'cli');
    await expect(made).rejects.toThrow(UserError);
    await expect(made).rejects.toThrow(message);
  });

  test('is disabled once, however often that is asked, and keeps the name that the log refers to', async () => {
    const { id } = await createUser(hub.db, wish({ email: 'leaving@bank.test' }), new Date(), 'cli');
    for (let time = 0; time < 2; time++) {
      expect(await disableUser(hub.db, 'Leaving@bank.test', new Date(), 'cli')).toMatchObject({
        id,
        disabled: true,
      });
    }
    const { rows } = await hub.db.query('select act, who from audit where subject = $1 order by id', [id]);
    expect(rows).toEqual([
      { act: 'user.created', who: 'cli' },
      { act: 'user.disabled', who: 'cli' },
    ]);
  });

  test('cannot be disabled where there is none', async () => {
    expect(await disableUser(hub.db, 'nobody@bank.test', new Date(), 'cli')).toBeUndefined();
  });
});

test('the audit trail can be changed and emptied by nobody', async () => {
  for (const statement of ["update audit set who = 'x'", 'delete from audit', 'truncate audit']) {
    await expect(hub.db.query(statement)).rejects.toThrow('audit is append-only');
  }
});

describe('the users of the demo', () => {
  const signIn = async (email: string) =>
    (await hub.app.inject(signingIn(email, DEMO_LOGINS.password))).statusCode;

  test('are made once, may not sign in after the demo, and come back with it', async () => {
    await Promise.all([seedDemoUsers(hub.db, new Date()), seedDemoUsers(hub.db, new Date())]);
    await seedDemoUsers(hub.db, new Date());
    expect(await signIn('admin@demo.bank')).toBe(200);
    await disableUser(hub.db, 'operator2@demo.bank', new Date(), 'cli');
    await retireDemoUsers(hub.db, new Date());
    expect(await signIn('admin@demo.bank')).toBe(401);
    await seedDemoUsers(hub.db, new Date());
    expect(await signIn('admin@demo.bank')).toBe(200);
    // Disabled by a person, not by the end of the demo.
    expect(await signIn('operator2@demo.bank')).toBe(401);
  });
});

describe('the first administrator', () => {
  test('is made once, with a password of its own that is told once', async () => {
    const db = openDatabase(await freshDatabase(), () => {});
    await seedDemoUsers(db, new Date());
    const made = await ensureAdministrator(db, undefined, new Date());
    expect(made?.generated).toMatch(/^[\w-]{24}$/);
    expect(await ensureAdministrator(db, 'another password', new Date())).toBeUndefined();
    await db.end();
  });

  test('takes the password given, and refuses a short one', async () => {
    await expect(ensureAdministrator(hub.db, 'short', new Date())).rejects.toThrow(/shorter than 10/);
    const made = await ensureAdministrator(hub.db, PASSWORD, new Date());
    expect(made).toEqual({ email: 'admin@localhost', generated: undefined });
    const answer = await hub.app.inject(signingIn('admin@localhost'));
    expect(answer.json().permissions).toContain('users.manage');
  });
});
