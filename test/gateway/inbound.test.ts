import { expect, it } from 'vitest';
import type { Change } from '../../gateway/change.ts';
import type { Inbound } from '../../gateway/connectors/inbound.ts';
import { createInbound } from '../../gateway/inbound.ts';
import { OverloadedError } from '../../gateway/load.ts';
import type { ChannelId, ConversationId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';

const channel = 'telegram' as ChannelId;
const RECEIPT = { type: 'receipt', externalId: 'r1', receipt: 'delivered' } as const;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

function said(thread: string, key: string): Inbound {
  const sender = { externalUser: thread, externalThread: thread, locale: 'ru' as const };
  return { type: 'message', sender, dedupeKey: key, content: [{ kind: 'text', text: key }] };
}

it('stores nothing behind what could not be stored of the same thread, for it would overtake that', async () => {
  const brought: (string | undefined)[] = [];
  const receive = createInbound({
    db: {} as Database,
    change: {
      async commit([change]: readonly Change[]) {
        brought.push(change?.dedupe?.key);
        if (change?.dedupe?.key === 'a1') throw new Error('the store is away');
        return [{ outcome: 'duplicate', conversation: 'c' as ConversationId, seq: 1 }];
      },
      onCommitted() {},
      forget() {},
    },
    pieces: { add: async () => {} },
    receipts: { take: async () => {} },
    linking: { redeem: async () => undefined, look: async () => ({ state: 'ended' }) },
    now: () => new Date(),
    log: silent,
  });
  const inbound = [said('a', 'a1'), said('b', 'b1'), said('a', 'a2'), said('b', 'b2')];
  await expect(receive(channel, {}, { authentic: true, inbound })).rejects.toThrow('away');
  await new Promise(setImmediate);
  expect(brought).toEqual(['a1', 'b1', 'b2']);
});

it('takes nothing in while more comes in than goes out, but receipts, which nobody sends again', async () => {
  const taken: string[] = [];
  let tooMuch = true;
  const receive = createInbound({
    db: {} as Database,
    change: {
      async commit([change]: readonly Change[]) {
        taken.push(change?.dedupe?.key ?? '');
        return [{ outcome: 'duplicate', conversation: 'c' as ConversationId, seq: 1 }];
      },
      onCommitted() {},
      forget() {},
    },
    pieces: { add: async () => {} },
    receipts: { take: async (_channel, { externalId }) => void taken.push(externalId) },
    linking: { redeem: async () => undefined, look: async () => ({ state: 'ended' }) },
    now: () => new Date(),
    log: silent,
    isTooMuch: () => tooMuch,
  });
  const message = { authentic: true as const, inbound: [said('a', 'a1')] };
  await expect(receive(channel, {}, message)).rejects.toThrow(OverloadedError);
  await receive(channel, {}, { authentic: true, inbound: [RECEIPT] });
  expect(taken).toEqual([RECEIPT.externalId]);
  tooMuch = false;
  await receive(channel, {}, message);
  expect(taken).toEqual([RECEIPT.externalId, 'a1']);
});
