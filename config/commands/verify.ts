import { verify } from '../../gateway/store/verify.ts';
import { parse, type Run } from './command.ts';
import { withDatabase } from './store.ts';

/** `okno verify`: 0 where every invariant holds, 1 where one is broken. */
export const run: Run = async (argv, { stdout }) => {
  const { values } = parse(argv, { options: { json: { type: 'boolean' }, full: { type: 'boolean' } } });
  const verified = await withDatabase('verify', (db) => verify(db, { full: values.full ?? false }));
  if (values.json) {
    stdout.write(`${JSON.stringify(verified)}\n`);
    return verified.ok ? 0 : 1;
  }
  for (const [name, count] of Object.entries(verified.checked)) {
    const lines = verified.broken.filter((line) => line.startsWith(`${name}: `));
    stdout.write(`${lines.length === 0 ? 'ok    ' : 'BROKEN'} ${String(count).padStart(9)}  ${name}\n`);
    for (const line of lines) stdout.write(`                  ${line.slice(name.length + 2)}\n`);
  }
  const { unknown, quarantined, dead } = verified;
  stdout.write(`\nunknown ${unknown}, quarantined ${quarantined}, dead ${dead}\n`);
  return verified.ok ? 0 : 1;
};
