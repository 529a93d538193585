import { networks } from '../../gateway/connectors/index.ts';
import { createLetters, type Letters } from '../../gateway/ledger/letters.ts';
import { refusalKind } from '../../gateway/ledger/problems.ts';
import { showLetter, showLetterView } from '../../gateway/ledger/show.ts';
import type { ChannelId, DeliveryId } from '../../gateway/model/ids.ts';
import { createDataPolicy } from '../../gateway/policy/data-policy.ts';
import { createChangeLog } from '../../gateway/store/change-log.ts';
import type { Database } from '../../gateway/store/database.ts';
import { attemptsOf, findDeadLetter, listDeadLetters } from '../../gateway/store/dead-letters.ts';
import { channelsUnder, configuredChannels } from '../channels.ts';
import { readSettings } from '../settings.ts';
import { ROOT } from '../version.ts';
import { classOfText } from '../whole-numbers.ts';
import { type Io, parse, type Run, UsageError } from './command.ts';
import { ids, limitOf, onlyId } from './ids.ts';
import { withDatabase } from './store.ts';

/** `okno dead list`: what waits for a person, newest first. */
export const list: Run = async (argv, { stdout }) => {
  const { values } = parse(argv, {
    options: {
      json: { type: 'boolean' },
      channel: { type: 'string' },
      decided: { type: 'boolean' },
      limit: { type: 'string' },
      before: { type: 'string' },
    },
  });
  const { json, channel, decided = false, before } = values;
  if (before !== undefined && !/^\d{1,15}$/.test(before))
    throw new UsageError(`--before ${before} is not the \`next\` of a page before`);
  const page = await withDatabase('dead list', (db) =>
    listDeadLetters(
      db,
      { channel: channel as ChannelId | undefined, decided },
      limitOf(values.limit),
      before === undefined ? undefined : Number(before),
    ),
  );
  const rows = page.rows.map(showLetter);
  if (json) {
    stdout.write(`${JSON.stringify({ rows, next: page.next })}\n`);
    return 0;
  }
  if (rows.length === 0)
    stdout.write(decided ? 'Nothing was decided.\n' : 'No message waits for a decision.\n');
  for (const { id, at, channel: where, state, reason = '', decision } of rows) {
    stdout.write(
      `${id}\t${at}\t${where}\t${state}\t${reason}${decision ? `\t${decision.decision} by ${decision.by}` : ''}\n`,
    );
  }
  if (page.next) stdout.write(`More: --before ${page.next}\n`);
  return 0;
};

/** `okno dead show ID` */
export const show: Run = async (argv, { stdout, stderr }) => {
  const { positionals } = parse(argv, { allowPositionals: true, options: { json: { type: 'boolean' } } });
  const id = onlyId(positionals) as DeliveryId;
  const view = await withDatabase('dead show', async (db) => {
    const letter = await findDeadLetter(db, id);
    return letter && showLetterView(letter, await attemptsOf(db, id));
  });
  if (!view) {
    stderr.write(`There is no dead letter ${id}; see \`okno dead list\`.\n`);
    return 1;
  }
  stdout.write(`${JSON.stringify(view)}\n`);
  return 0;
};

/** `okno dead retry ID…`: sends them again; a running hub takes the new deliveries up within seconds. */
export const retry: Run = (argv, io) =>
  decide('dead retry', argv, io, (letters, id) => letters.retry(id, CLI));

/** `okno dead discard ID…` */
export const discard: Run = (argv, io) =>
  decide('dead discard', argv, io, (letters, id) => letters.discard(id, CLI));

const CLI = { who: 'cli' } as const;

async function decide(
  what: string,
  argv: readonly string[],
  { stdout, stderr }: Io,
  act: (letters: Letters, id: DeliveryId) => ReturnType<Letters['retry'] | Letters['discard']>,
): Promise<number> {
  const { values, positionals } = parse(argv, {
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const wanted = ids(positionals);
  let failed = 0;
  await withDatabase(what, async (db) => {
    const letters = lettersOf(db);
    for (const id of wanted) {
      const done = await act(letters, id as DeliveryId);
      const isDone = done.outcome === 'retried' || done.outcome === 'discarded';
      const notSent = 'notSent' in done ? done.notSent : undefined;
      if (!isDone || notSent) failed++;
      if (values.json) stdout.write(`${JSON.stringify({ id, ...done })}\n`);
      else if (notSent) stderr.write(`${id}: not sent again, the contact policy refuses it: ${notSent}\n`);
      else if (isDone) stdout.write(`${id}: ${done.outcome}${'again' in done ? `, as ${done.again}` : ''}\n`);
      else stderr.write(`${id}: ${refusalKind(done).title.en}\n`);
    }
  });
  return failed > 0 ? 1 : 0;
}

function lettersOf(db: Database): Letters {
  const now = () => new Date();
  const settings = readSettings(process.env, ROOT);
  const channels = channelsUnder(
    settings.policyPack,
    configuredChannels(settings.channels, networks),
  ).allowed;
  const capabilitiesOf = (id: ChannelId) =>
    channels.find((channel) => channel.id === id)?.definition.capabilities;
  const change = createChangeLog({
    db,
    now,
    acceptsAtCommit: (id) => capabilitiesOf(id)?.acceptance === 'commit',
    refuses: createDataPolicy({ classOf: classOfText, capabilitiesOf, now }).refuses,
  });
  return createLetters({ db, change, now });
}
