import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHub, type Hub } from '../../../gateway/hub.ts';
import { createLog } from '../../../gateway/log.ts';
import { createMetrics } from '../../../gateway/metrics.ts';
import { readableText } from '../../../gateway/model/content.ts';
import type { ChannelId, QueueId } from '../../../gateway/model/ids.ts';
import type { Decision, Turn } from '../../../gateway/model/turn.ts';
import { takeShards } from '../../../gateway/shards.ts';
import { type Database, openDatabase } from '../../../gateway/store/database.ts';
import { alone } from '../../fixtures/alone.ts';
import { memoryFiles, ROOMY } from '../../fixtures/memory-files.ts';
import { freshDatabase } from '../../fixtures/postgres.ts';
import { messageFrom, type ScriptedNetwork, scriptedNetwork } from '../../fixtures/scripted-network.ts';

const channel = 'scripted' as ChannelId;

let db: Database;
let network: ScriptedNetwork;
let hub: Hub;
let stop: () => Promise<void>;
let asked: string[];

const says = (text: string): Decision => ({ type: 'message.sent', content: [{ kind: 'text', text }] });

/** Says each line of the client's message in a message of its own. */
function respond({ event }: Turn): readonly Decision[] {
  const text = event.type === 'message.received' ? readableText(event.body?.content ?? []) : '';
  return [{ type: 'turn.completed', state: {}, trail: [] }, ...text.split('\n').map(says)];
}

async function start(fold: boolean): Promise<void> {
  const url = await freshDatabase();
  const log = createLog('silent');
  const shards = await takeShards({ url, log });
  db = openDatabase(url, () => {});
  network = scriptedNetwork();
  const { definition } = network;
  const { capabilities } = definition;
  const personal = { ...definition, capabilities: { ...capabilities, dataClass: 'personal' as const } };
  hub = createHub({
    db,
    shards,
    ...alone(),
    channels: [{ id: channel, definition: personal, settings: {} }],
    responders: { bot: { respond }, desk: { respond: () => [] } },
    planHandoff: () => ({ context: {}, queue: 'default' as QueueId }),
    perform: async () => ({ outcome: 'failed', code: 'not-expected' }),
    classOf(text) {
      asked.push(text);
      return text.includes('secret') ? 'bank-secret' : 'public';
    },
    publicUrl: 'http://127.0.0.1',
    media: { files: memoryFiles(), maxBytes: 1_000_000, bounds: ROOMY },
    log,
    metrics: createMetrics(),
    now: () => new Date(),
    silenceMs: 3_600_000,
    fold,
  });
  await hub.start();
  stop = async () => {
    await hub.stop();
    await shards.release();
    await db.end();
  };
}

beforeEach(() => {
  asked = [];
});
afterEach(() => stop());

const hear = (text: string) =>
  hub.receive(channel, {}, { authentic: true, inbound: [messageFrom('ann', text)] });
const fates = async () =>
  (
    await db.query<{ fate: string }>(
      `select concat_ws(' ', author_kind, state, reason) as fate from delivery order by position`,
    )
  ).rows.map(({ fate }) => fate);
const settled = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

test.each([true, false])(
  'a message is read once, however often it is tried; within its commit: %s',
  async (fold) => {
    await start(fold);
    let refusals = 3;
    network.onSend = () => (refusals-- > 0 ? { outcome: 'retry', reason: 'busy', afterMs: 1 } : undefined);
    const long = 'слово '.repeat(60).trim();
    await hear(long);
    await settled(async () => expect(await fates()).toEqual(['bot accepted']));
    expect(network.sent.length).toBeGreaterThan(6);
    expect(asked).toEqual([long]);
  },
);

test.each([true, false])(
  'the client hears once a turn that something is not told there, between what is; within its commit: %s',
  async (fold) => {
    await start(fold);
    await hear('before\nsecret 1\nafter\nsecret 2');
    await settled(async () =>
      expect(await fates()).toEqual([
        'bot accepted',
        'bot cancelled data-class',
        'system accepted',
        'bot accepted',
        'bot cancelled data-class',
      ]),
    );
    const told = network.textsTo('ann').join('\n');
    expect(told).toMatch(/^before\nВ ответе есть номер[\s\S]*after$/);
    expect(told).not.toContain('secret');
    await hear('fine');
    await settled(async () => expect(await fates()).toHaveLength(6));
    await settled(async () => expect(network.textsTo('ann').at(-1)).toBe('fine'));
  },
);
