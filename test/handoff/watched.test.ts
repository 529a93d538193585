import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationId, DeliveryId } from '../../gateway/model/ids.ts';
import type { PageSender } from '../../handoff/live/page-socket.ts';
import { watchConversation } from '../../handoff/live/watched.ts';
import { type LiveOut, liveOut } from '../../handoff/live-api.ts';
import { toShownDelivery } from '../../handoff/store/transcript.ts';
import { type DeskHub, silent, startDeskHub } from './desk-hub.ts';

let hub: DeskHub;

beforeAll(async () => {
  hub = await startDeskHub();
});

afterAll(() => hub.close());

/** A page that keeps what it is told, in order. */
function listeningPage() {
  const told: LiveOut[] = [];
  let onTold = () => {};
  const hear = (text: string) => {
    told.push(liveOut.parse(JSON.parse(text)));
    onTold();
  };
  const page: PageSender = {
    deliver: async (text) => hear(text),
    update: (_key, text) => hear(text),
    tell: hear,
    isOpen: true,
    isSlow: false,
    end() {},
  };
  const until = (is: () => boolean) =>
    new Promise<void>((resolve) => {
      onTold = () => is() && resolve();
      onTold();
    });
  return { page, told, until };
}

test('what becomes of a message is never told before its line, and only the newest of it', async () => {
  const row = await hub.waiting('line first');
  const { page, told, until } = listeningPage();
  const conversation = row.id as ConversationId;
  const watched = watchConversation({ db: hub.db, log: silent, page, conversation, after: 0 });
  // The lines are being read now: what comes meanwhile belongs after them.
  const state = (revision: number) =>
    toShownDelivery({
      id: row.id as string as DeliveryId,
      state: 'accepted',
      revision,
      possiblyTwice: false,
    });
  for (const revision of [1_000, 1_002, 1_001]) watched.delivered(4, state(revision));
  await until(() => told.some(({ type }) => type === 'delivery'));
  expect(told.map(({ type }) => type)).toEqual(['items', 'delivery']);
  expect(told[1]).toMatchObject({ seq: 4, delivery: { revision: 1_002 } });
});

test('what comes while lines are on their way is told after them, once', async () => {
  const row = await hub.waiting('meanwhile');
  const { page, told, until } = listeningPage();
  const conversation = row.id as ConversationId;
  const watched = watchConversation({ db: hub.db, log: silent, page, conversation, after: 0 });
  await hub.clientSays('meanwhile', 'ещё вопрос');
  watched.moved(row.seq + 1);
  watched.moved(row.seq + 1);
  await until(() => told.some((frame) => frame.type === 'items' && frame.head === row.seq + 1));
  const lines = told.flatMap((frame) => (frame.type === 'items' ? frame.items : []));
  expect(lines.map(({ seq }) => seq)).toEqual([...new Set(lines.map(({ seq }) => seq))]);
  expect(lines.at(-1)).toMatchObject({ content: [{ kind: 'text', text: 'ещё вопрос' }] });
});
