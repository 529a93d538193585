import { ROLES, role } from '../../gateway/access/api.ts';
import { newPassword } from '../../gateway/access/password.ts';
import { createUser, disableUser, listUsers } from '../../gateway/access/users.ts';
import { parse, type Run, UsageError } from './command.ts';
import { withDatabase, withMigratedDatabase } from './store.ts';

const JSON_OPTION = { json: { type: 'boolean' } } as const;

/** `okno user add`: the password comes from OKNO_PASSWORD, so that it stands in no history; else one is made and shown. */
export const add: Run = async (argv, { stdout }) => {
  const { values, positionals } = parse(argv, {
    allowPositionals: true,
    options: { ...JSON_OPTION, name: { type: 'string' }, role: { type: 'string', multiple: true } },
  });
  const email = onlyOne(positionals, 'an e-mail address');
  const roles = (values.role ?? ['operator']).map((name) => {
    const known = role.safeParse(name);
    if (!known.success) throw new UsageError(`${name} is not a role; known are ${ROLES.join(', ')}`);
    return known.data;
  });
  const given = process.env.OKNO_PASSWORD;
  const password = given || newPassword();
  const user = await withMigratedDatabase('user add', (db) =>
    createUser(db, { email, name: values.name ?? email, roles, password }, new Date(), 'cli'),
  );
  const made = given ? undefined : password;
  if (values.json)
    stdout.write(`${JSON.stringify({ id: user.id, email: user.email, roles, password: made })}\n`);
  else stdout.write(`Added ${user.email} (${roles.join(', ')}).${made ? ` Password: ${made}` : ''}\n`);
  return 0;
};

/** `okno user list` */
export const list: Run = async (argv, { stdout }) => {
  const { values } = parse(argv, { options: JSON_OPTION });
  const users = await withDatabase('user list', listUsers);
  if (values.json) {
    stdout.write(`${JSON.stringify(users)}\n`);
    return 0;
  }
  for (const { email, name, roles, disabled } of users) {
    stdout.write(`${email}\t${name}\t${roles.join(', ')}${disabled ? '\tdisabled' : ''}\n`);
  }
  return 0;
};

/** `okno user disable`: ends the person's sessions too. */
export const disable: Run = async (argv, { stdout, stderr }) => {
  const { values, positionals } = parse(argv, { allowPositionals: true, options: JSON_OPTION });
  const email = onlyOne(positionals, 'an e-mail address');
  const user = await withDatabase('user disable', (db) => disableUser(db, email, new Date(), 'cli'));
  if (!user) {
    stderr.write(`There is no user ${email}; see \`okno user list\`.\n`);
    return 1;
  }
  stdout.write(
    values.json ? `${JSON.stringify({ email: user.email, disabled: true })}\n` : `Disabled ${user.email}.\n`,
  );
  return 0;
};

function onlyOne(positionals: readonly string[], what: string): string {
  const [one, ...more] = positionals;
  if (!one || more.length > 0) throw new UsageError(`give ${what}`);
  return one;
}
