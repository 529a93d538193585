import { once } from 'node:events';
import { checkScripts } from '../../bots/check.ts';
import { describeProblem } from '../../bots/problem.ts';
import { type ChangedTurn, type Recorded, replayConversation } from '../../bots/replay.ts';
import { createResponder } from '../../bots/responder.ts';
import { recordAudit } from '../../gateway/access/audit.ts';
import { networks } from '../../gateway/connectors/index.ts';
import type { Identity } from '../../gateway/model/contact.ts';
import type { Event } from '../../gateway/model/events.ts';
import type { Responder } from '../../gateway/model/turn.ts';
import { readingTurns } from '../../gateway/read-turn.ts';
import type { Database } from '../../gateway/store/database.ts';
import {
  type ExportedConversation,
  type ExportedIdentity,
  type ExportRange,
  exportConversations,
} from '../../gateway/store/export.ts';
import { toEvent } from '../../gateway/store/rows.ts';
import { planHandoff } from '../../handoff/planner.ts';
import { decodeModel } from '../../nlu/model.ts';
import { readBytes } from '../../nlu/read-file.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createSignals, shippedSignals } from '../../nlu/signals.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { SCRIPTS_DIR } from '../bot.ts';
import { configuredChannels } from '../channels.ts';
import { readSettings } from '../settings.ts';
import { ROOT } from '../version.ts';
import { type Io, parse, type Run } from './command.ts';
import { auditOf, createMask, RANGE_OPTIONS, rangeOf } from './ledger-range.ts';
import { withDatabase } from './store.ts';

/** `okno script replay`: which turns of stored conversations these scripts would answer otherwise; has no effect. */
export const run: Run = async (argv, io) => {
  const { values } = parse(argv, {
    options: {
      ...RANGE_OPTIONS,
      scripts: { type: 'string', default: SCRIPTS_DIR },
      model: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { plain, json, scripts, model } = values;
  const range = rangeOf(values);
  const { set, problems } = await checkScripts(scripts);
  if (!set) {
    for (const problem of problems) io.stderr.write(`${describeProblem(problem)}\n`);
    return 1;
  }
  const understanding = createUnderstanding(
    model === undefined ? shippedModel() : decodeModel(readBytes(model), model),
  );
  const bot = createResponder({
    scripts: set,
    understand: understanding.understand,
    readSignals: createSignals(shippedSignals()),
  });
  const mask = plain ? (text: string) => text : await createMask();
  const counts = { conversations: 0, turns: 0, changed: 0 };
  await withDatabase('script replay', async (db) => {
    await recordAudit(db, new Date(), auditOf('conversations.replayed', range, plain));
    for await (const recorded of recordedIn(db, range)) {
      const { turns, changed } = replayConversation(recorded, asTurnsAreRead(bot), planHandoff);
      counts.conversations++;
      counts.turns += turns;
      counts.changed += changed.length;
      for (const turn of changed) await show(io, recorded.id, masked(turn, mask), json);
    }
  });
  io.stdout.write(
    json
      ? `${JSON.stringify(counts)}\n`
      : `${counts.changed} of ${counts.turns} turns in ${counts.conversations} conversations are answered otherwise\n`,
  );
  return 0;
};

/** Numbers answer lists, and albums are one message, by the channels that are on here. */
function asTurnsAreRead(bot: Responder): Responder {
  const channels = configuredChannels(readSettings(process.env, ROOT).channels, networks);
  return readingTurns(bot, (id) => channels.find((channel) => channel.id === id)?.definition.capabilities);
}

async function* recordedIn(db: Database, range: ExportRange): AsyncGenerator<Recorded> {
  let head: ExportedConversation | undefined;
  let events: Event[] = [];
  for await (const line of exportConversations(db, range)) {
    if (line.type === 'event') {
      const { event: type, ...row } = line;
      events.push(toEvent({ ...row, type }));
      continue;
    }
    if (head) yield recordedOf(head, events);
    head = line;
    events = [];
  }
  if (head) yield recordedOf(head, events);
}

function recordedOf({ id, contact, identities }: ExportedConversation, events: readonly Event[]): Recorded {
  return { id, contact, identities: identities.map(identityOf), events };
}

function identityOf({ id, channel, evidence, name, username }: ExportedIdentity): Identity {
  return { id, channel, evidence, ...(name !== null && { name }), ...(username !== null && { username }) };
}

function masked({ seq, asked, was, now }: ChangedTurn, mask: (text: string) => string): ChangedTurn {
  return { seq, asked: mask(asked), was: was.map(mask), now: now.map(mask) };
}

async function show({ stdout }: Io, conversation: string, turn: ChangedTurn, json: boolean): Promise<void> {
  const { seq, asked, was, now } = turn;
  const lines = [
    `${conversation} ${seq}: ${asked}`,
    ...was.map((line) => `- ${line}`),
    ...now.map((line) => `+ ${line}`),
  ];
  const text = json ? JSON.stringify({ conversation, ...turn }) : lines.join('\n').replaceAll('\n', '\n  ');
  if (!stdout.write(`${text}\n`)) await once(stdout, 'drain');
}
