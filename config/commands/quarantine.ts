import type { Connector } from '../../gateway/connectors/connector.ts';
import { networks } from '../../gateway/connectors/index.ts';
import { createInbound } from '../../gateway/inbound.ts';
import { refusalKind } from '../../gateway/ledger/problems.ts';
import { createQuarantine, type Quarantine } from '../../gateway/ledger/quarantined.ts';
import { showQuarantined, showQuarantineView } from '../../gateway/ledger/show.ts';
import { createLinking } from '../../gateway/linking.ts';
import { createLive } from '../../gateway/live.ts';
import { createLog } from '../../gateway/log.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';
import { createPieces } from '../../gateway/pieces.ts';
import { createReceipts } from '../../gateway/receipts.ts';
import { createChangeLog } from '../../gateway/store/change-log.ts';
import type { Database } from '../../gateway/store/database.ts';
import { findQuarantined, listQuarantined } from '../../gateway/store/quarantine.ts';
import { configuredChannels } from '../channels.ts';
import { readSettings } from '../settings.ts';
import { ROOT } from '../version.ts';
import { type Io, parse, type Run } from './command.ts';
import { ids, limitOf, onlyId } from './ids.ts';
import { withDatabase } from './store.ts';

/** `okno quarantine list`: what waits for a person, newest first. */
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
  const { json, channel, decided = false } = values;
  const before = values.before === undefined ? undefined : onlyId([values.before]);
  const page = await withDatabase('quarantine list', (db) =>
    listQuarantined(
      db,
      { channel: channel as ChannelId | undefined, decided },
      limitOf(values.limit),
      before,
    ),
  );
  const rows = page.rows.map(showQuarantined);
  if (json) {
    stdout.write(`${JSON.stringify({ rows, next: page.next })}\n`);
    return 0;
  }
  if (rows.length === 0) stdout.write(decided ? 'Nothing was decided.\n' : 'The quarantine is empty.\n');
  for (const { id, at, channel: where, reason, decision } of rows) {
    stdout.write(
      `${id}\t${at}\t${where}\t${reason}${decision ? `\t${decision.decision} by ${decision.by}` : ''}\n`,
    );
  }
  if (page.next) stdout.write(`More: --before ${page.next}\n`);
  return 0;
};

/** `okno quarantine show ID`: with what was kept, secrets redacted. */
export const show: Run = async (argv, { stdout, stderr }) => {
  const { positionals } = parse(argv, { allowPositionals: true, options: { json: { type: 'boolean' } } });
  const id = onlyId(positionals);
  const entry = await withDatabase('quarantine show', (db) => findQuarantined(db, id));
  if (!entry) {
    stderr.write(`The quarantine holds no ${id}; see \`okno quarantine list\`.\n`);
    return 1;
  }
  stdout.write(`${JSON.stringify(showQuarantineView(entry))}\n`);
  return 0;
};

/** `okno quarantine replay ID…`: a running hub takes up the turns within seconds. */
export const replay: Run = (argv, io) =>
  decide('quarantine replay', argv, io, (quarantine, id) => quarantine.replay(id, CLI));

/** `okno quarantine discard ID…` */
export const discard: Run = (argv, io) =>
  decide('quarantine discard', argv, io, (quarantine, id) => quarantine.discard(id, CLI));

const CLI = { who: 'cli' } as const;

async function decide(
  what: string,
  argv: readonly string[],
  { stdout, stderr }: Io,
  act: (quarantine: Quarantine, id: string) => ReturnType<Quarantine['replay'] | Quarantine['discard']>,
): Promise<number> {
  const { values, positionals } = parse(argv, {
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const wanted = ids(positionals);
  let failed = 0;
  await withDatabase(what, async (db) => {
    const quarantine = quarantineOf(db);
    for (const id of wanted) {
      const done = await act(quarantine, id);
      const isDone = done.outcome === 'replayed' || done.outcome === 'discarded';
      if (!isDone) failed++;
      if (values.json) stdout.write(`${JSON.stringify({ id, ...done })}\n`);
      else if (isDone) stdout.write(`${id}: ${done.outcome}\n`);
      else if (done.outcome === 'kept') stderr.write(`${id}: still not understood: ${done.reason}\n`);
      else stderr.write(`${id}: ${refusalKind(done).title.en}\n`);
    }
  });
  return failed > 0 ? 1 : 0;
}

/** The way in without a hub: what it stores is found by the hub that runs, or by the next one. */
function quarantineOf(db: Database): Quarantine {
  const now = () => new Date();
  const log = createLog('error');
  const settings = readSettings(process.env, ROOT);
  const channels = configuredChannels(settings.channels, networks);
  const capabilitiesOf = (id: ChannelId) =>
    channels.find((channel) => channel.id === id)?.definition.capabilities;
  const acceptsAtCommit = (id: ChannelId) => capabilitiesOf(id)?.acceptance === 'commit';
  const change = createChangeLog({ db, now, acceptsAtCommit });
  const receipts = createReceipts({ db, capabilitiesOf, live: createLive(() => {}), now, log });
  const pieces = createPieces({
    db,
    store: (channel, received) => receive(channel, {}, received),
    now,
    log,
  });
  const linking = createLinking({ db, change, now, log });
  const receive = createInbound({ db, change, pieces, receipts, linking, now, log });
  const connectors = new Map<ChannelId, Connector>(
    channels.map(({ id, definition, settings: own }) => [
      id,
      definition.connect(own, {
        channel: id,
        webhookUrl: `${settings.publicUrl}/channels/${id}/webhook`,
        receive: async () => [],
        forget: async () => {},
        signal: () => {},
        view: { newest: async () => [], watch: () => () => {} },
        lookAtLink: async () => ({ state: 'ended' }),
        named: async () => {},
        customerOf: async () => undefined,
        keepMedia: async () => ({ outcome: 'refused', reason: 'no-channel' }),
        hasRoomFor: async () => false,
        maxMediaBytes: 0,
        readMedia: () => Promise.reject(new Error('nothing is sent here')),
        fetch: globalThis.fetch,
        now,
        log,
      }),
    ]),
  );
  return createQuarantine({ db, receive, connectors, now });
}
