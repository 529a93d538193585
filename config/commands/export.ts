import { once } from 'node:events';
import { counted } from '../../bots/command.ts';
import { recordAudit } from '../../gateway/access/audit.ts';
import { maskLine } from '../../gateway/mask-export.ts';
import { exportConversations } from '../../gateway/store/export.ts';
import { parse, type Run } from './command.ts';
import { auditOf, createMask, RANGE_OPTIONS, rangeOf } from './ledger-range.ts';
import { withDatabase } from './store.ts';

/** `okno export`: conversations with their events as JSON lines; who took what is in the audit trail. */
export const run: Run = async (argv, { stdout, stderr }) => {
  const { values } = parse(argv, { options: { ...RANGE_OPTIONS, json: { type: 'boolean' } } });
  const { plain } = values;
  const range = rangeOf(values);
  const mask = plain ? undefined : await createMask();
  let conversations = 0;
  let events = 0;
  await withDatabase('export', async (db) => {
    // Before the first line: what went out is on record however the command ends.
    await recordAudit(db, new Date(), auditOf('conversations.exported', range, plain));
    for await (const line of exportConversations(db, range)) {
      if (line.type === 'conversation') conversations++;
      else events++;
      const shown = mask ? maskLine(line, mask) : line;
      if (!stdout.write(`${JSON.stringify(shown)}\n`)) await once(stdout, 'drain');
    }
  });
  stderr.write(
    `${counted(conversations, 'conversation')}, ${counted(events, 'event')}${plain ? '' : ', personal data masked'}\n`,
  );
  return 0;
};
