import { z } from 'zod';
import type { ContactId, ConversationId } from '../../gateway/model/ids.ts';
import { hold as holdIt, listHolds, release as releaseIt } from '../../gateway/store/holds.ts';
import { applyRetention, planRetention } from '../../gateway/store/retention.ts';
import { readSettings } from '../settings.ts';
import { ROOT } from '../version.ts';
import { parse, type Run, UsageError } from './command.ts';
import { limitOf, onlyId } from './ids.ts';
import { withDatabase } from './store.ts';

/** `okno retention`: removes what is past its time, or with --dry-run says what would go, and what stays and why. */
export const run: Run = async (argv, { stdout }) => {
  const { values } = parse(argv, { options: { json: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } });
  const { retention } = readSettings(process.env, ROOT);
  const done = await withDatabase('retention', async (db) => {
    const now = new Date();
    const planned = await planRetention(db, retention, now);
    return values['dry-run'] ? planned : { ...planned, ...(await applyRetention(db, retention, now)) };
  });
  if (values.json) {
    stdout.write(`${JSON.stringify({ ...done, dryRun: values['dry-run'] ?? false })}\n`);
    return 0;
  }
  const { before, conversations, partitions, quarantined, kept } = done;
  const verb = values['dry-run'] ? 'would go' : 'gone';
  stdout.write(
    `${conversations} conversations ended before ${before.toISOString()}: ${verb}
${partitions.length} months of the log: ${verb}${partitions.length > 0 ? ` (${partitions.join(', ')})` : ''}
${quarantined} payloads of the quarantine: ${verb}
kept although their time is over: ${kept.held} by a legal hold, ${kept.unfinished} with something still to be done
`,
  );
  return 0;
};

/** `okno retention hold CONTACT` or `--conversation ID`. */
export const hold: Run = async (argv, { stdout, stderr }) => {
  const { values, positionals } = parse(argv, {
    allowPositionals: true,
    options: { json: { type: 'boolean' }, conversation: { type: 'string' }, reason: { type: 'string' } },
  });
  const { conversation } = values;
  const reason = z.string().trim().min(1).max(500).safeParse(values.reason);
  if (!reason.success) throw new UsageError('give --reason: why it must be kept, up to 500 characters');
  if ((conversation === undefined) === (positionals.length === 0))
    throw new UsageError('give a contact, or --conversation ID');
  const what =
    conversation === undefined
      ? { contact: onlyId(positionals) as ContactId }
      : { conversation: onlyId([conversation]) as ConversationId };
  const id = await withDatabase('retention hold', (db) => holdIt(db, what, reason.data, 'cli', new Date()));
  if (!id) {
    stderr.write(`There is no ${conversation === undefined ? 'contact' : 'conversation'} of this id.\n`);
    return 1;
  }
  stdout.write(values.json ? `${JSON.stringify({ id, ...what })}\n` : `Held: ${id}\n`);
  return 0;
};

/** `okno retention holds` */
export const holds: Run = async (argv, { stdout }) => {
  const { values } = parse(argv, {
    options: { json: { type: 'boolean' }, limit: { type: 'string' }, before: { type: 'string' } },
  });
  const before = values.before === undefined ? undefined : onlyId([values.before]);
  const page = await withDatabase('retention holds', (db) => listHolds(db, limitOf(values.limit), before));
  if (values.json) {
    stdout.write(`${JSON.stringify(page)}\n`);
    return 0;
  }
  for (const { id, contact, conversation, reason, at } of page.rows) {
    const what = contact ? `contact ${contact}` : `conversation ${conversation}`;
    stdout.write(`${id}\t${at.toISOString()}\t${what}\t${reason}\n`);
  }
  if (page.next) stdout.write(`More: --before ${page.next}\n`);
  return 0;
};

/** `okno retention release HOLD` */
export const release: Run = async (argv, { stdout, stderr }) => {
  const { values, positionals } = parse(argv, {
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const id = onlyId(positionals);
  if (!(await withDatabase('retention release', (db) => releaseIt(db, id, 'cli', new Date())))) {
    stderr.write(`There is no hold ${id}; see \`okno retention holds\`.\n`);
    return 1;
  }
  stdout.write(values.json ? `${JSON.stringify({ id, released: true })}\n` : `Released: ${id}\n`);
  return 0;
};
