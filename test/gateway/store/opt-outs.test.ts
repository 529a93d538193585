import { expect, test } from 'vitest';
import { newId } from '../../../gateway/ids.ts';
import type { ChannelId, MessageId } from '../../../gateway/model/ids.ts';
import { createChangeLog } from '../../../gateway/store/change-log.ts';
import { openDatabase } from '../../../gateway/store/database.ts';
import { recordOptOut } from '../../../gateway/store/opt-outs.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';

const place = { channel: 'smpp' as ChannelId, externalThread: '+79160000001' };

test('a STOP or a START that is brought again does not undo what the client said after it', async () => {
  const db = openDatabase(await freshDatabase(), () => {});
  let clock = Date.parse('2026-01-01T10:00:00Z');
  const log = createChangeLog({ db, now: () => new Date(clock), acceptsAtCommit: () => false });

  async function says(optOut: 'out' | 'in') {
    clock += 60_000;
    const [changed] = await log.commit([
      {
        channel: place.channel,
        sender: { externalUser: place.externalThread, externalThread: place.externalThread },
        events: ({ identity, thread }) => [
          {
            type: 'message.received',
            facts: {
              message: newId<MessageId>(),
              thread,
              identity,
              channel: place.channel,
              kinds: ['text'],
              optOut,
            },
            body: { content: [{ kind: 'text', text: optOut === 'out' ? 'СТОП' : 'СТАРТ' }] },
          },
        ],
      },
    ]);
    if (changed?.outcome !== 'committed') throw new Error(`it was not stored: ${changed?.outcome}`);
    const told = () =>
      recordOptOut(db, place, optOut, { conversation: changed.conversation.id, seq: changed.seq });
    await told();
    return told;
  }
  const isOut = async () => (await db.query('select from opt_out')).rowCount === 1;

  try {
    const stop = await says('out');
    expect(await isOut()).toBe(true);
    const start = await says('in');
    expect(await isOut()).toBe(false);
    await stop();
    expect(await isOut()).toBe(false);
    await says('out');
    await start();
    expect(await isOut()).toBe(true);
  } finally {
    await db.end();
  }
});
