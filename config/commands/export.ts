import { once } from 'node:events';
import { loadScripts } from '../../bots/check.ts';
import { recordAudit } from '../../gateway/access/audit.ts';
import { type MaskText, maskLine } from '../../gateway/mask-export.ts';
import type { ContactId } from '../../gateway/model/ids.ts';
import { exportConversations } from '../../gateway/store/export.ts';
import { maskedKinds } from '../../nlu/entities/data-class.ts';
import { maskPersonal } from '../../nlu/mask.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { SCRIPTS_DIR } from '../bot.ts';
import { parse, type Run, UsageError } from './command.ts';
import { onlyId } from './ids.ts';
import { withDatabase } from './store.ts';

/** `okno export`: conversations with their events as JSON lines; who took what is in the audit trail. */
export const run: Run = async (argv, { stdout, stderr }) => {
  const { values } = parse(argv, {
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      contact: { type: 'string' },
      plain: { type: 'boolean', default: false },
      json: { type: 'boolean' },
    },
  });
  const { plain } = values;
  const range = {
    from: dateOf('--from', values.from),
    to: dateOf('--to', values.to),
    contact: values.contact === undefined ? undefined : (onlyId([values.contact]) as ContactId),
  };
  const mask = plain ? undefined : await createMask();
  let conversations = 0;
  let events = 0;
  await withDatabase('export', async (db) => {
    // Before the first line: what went out is on record however the command ends.
    await recordAudit(db, new Date(), {
      who: 'cli',
      act: 'conversations.exported',
      ...(range.contact && { subject: range.contact }),
      detail: {
        data: plain ? 'plain' : 'masked',
        ...(range.from && { from: range.from.toISOString() }),
        ...(range.to && { to: range.to.toISOString() }),
      },
    });
    for await (const line of exportConversations(db, range)) {
      if (line.type === 'conversation') conversations++;
      else events++;
      const shown = mask ? maskLine(line, mask) : line;
      if (!stdout.write(`${JSON.stringify(shown)}\n`)) await once(stdout, 'drain');
    }
  });
  stderr.write(`${conversations} conversations, ${events} events${plain ? '' : ', personal data masked'}\n`);
  return 0;
};

/** A day (`2026-11-01`, from its beginning in UTC) or a moment as ISO 8601 writes it. */
function dateOf(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text) || Number.isNaN(date.getTime()))
    throw new UsageError(`${option} ${text} is no date; write 2026-11-01 or 2026-11-01T12:00:00Z`);
  return date;
}

/** Takes out what the entities know as personal, the bot's own patterns among them. */
async function createMask(): Promise<MaskText> {
  const { custom } = await loadScripts(SCRIPTS_DIR);
  const { understand } = createUnderstanding(shippedModel());
  return (text) => {
    const { entities, language } = understand(text, { kinds: maskedKinds, custom });
    return maskPersonal(text, entities, language);
  };
}
