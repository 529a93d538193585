import { migrate } from '../../gateway/store/migrate.ts';
import { parse, type Run } from './command.ts';
import { withDatabaseUrl } from './store.ts';

/** `okno migrate`: brings the database to this program's schema. */
export const run: Run = async (argv, { stdout }) => {
  const { values } = parse(argv, { options: { json: { type: 'boolean' } } });
  const applied = await withDatabaseUrl('migrate', migrate);
  if (values.json) stdout.write(`${JSON.stringify({ applied })}\n`);
  else
    stdout.write(applied.length === 0 ? 'The schema is up to date.\n' : `Applied: ${applied.join(', ')}\n`);
  return 0;
};
