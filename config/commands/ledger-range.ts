import { loadScripts } from '../../bots/check.ts';
import type { MaskText } from '../../gateway/mask-export.ts';
import type { ContactId } from '../../gateway/model/ids.ts';
import type { ExportRange } from '../../gateway/store/export.ts';
import { maskedKinds } from '../../nlu/entities/data-class.ts';
import { maskPersonal } from '../../nlu/mask.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { SCRIPTS_DIR } from '../bot.ts';
import { UsageError } from './command.ts';
import { onlyId } from './ids.ts';

/** Options of commands that read conversations of the store. */
export const RANGE_OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  contact: { type: 'string' },
  plain: { type: 'boolean', default: false },
} as const;

interface Given {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly contact?: string | undefined;
}

/** Which conversations were asked for. Throws UsageError for what is no date or no id, and for an end before the beginning. */
export function rangeOf({ from, to, contact }: Given): ExportRange {
  const [opened, before] = [dateOf('--from', from), dateOf('--to', to)];
  if (opened && before && opened > before)
    throw new UsageError(`--from ${from} is later than --to ${to}; give the earlier one first`);
  return {
    from: opened,
    to: before,
    contact: contact === undefined ? undefined : (onlyId([contact]) as ContactId),
  };
}

/** The line of the audit trail that says who read what. */
export function auditOf(act: string, { from, to, contact }: ExportRange, plain: boolean) {
  return {
    who: 'cli' as const,
    act,
    ...(contact && { subject: contact }),
    detail: {
      data: plain ? 'plain' : 'masked',
      ...(from && { from: from.toISOString() }),
      ...(to && { to: to.toISOString() }),
    },
  };
}

/** A day (`2026-11-01`, from its beginning in UTC) or a moment as ISO 8601 writes it. */
function dateOf(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text) || Number.isNaN(date.getTime()))
    throw new UsageError(`${option} ${text} is no date; write 2026-11-01 or 2026-11-01T12:00:00Z`);
  return date;
}

/** Takes out what the entities know as personal, the bot's own patterns among them. */
export async function createMask(): Promise<MaskText> {
  const { custom } = await loadScripts(SCRIPTS_DIR);
  const { understand } = createUnderstanding(shippedModel());
  return (text) => {
    const { entities, language } = understand(text, { kinds: maskedKinds, custom });
    return maskPersonal(text, entities, language);
  };
}
