import { expect, test } from 'vitest';
import type { Change } from '../../gateway/change.ts';
import { newId } from '../../gateway/ids.ts';
import type { MessageId } from '../../gateway/model/ids.ts';
import { IVAN, OLGA, says } from './moving-stage.ts';
import { type Client, positions, rising, twoOperators } from './two-operators-stage.ts';

/** Two conversations of one client with two operators, after the link is undone. */

const two = twoOperators();

test('an undone link gives the secondary one back to its own client, with its own place', async () => {
  const { primary, secondary } = await two.twoPages();
  await two.ends(primary);
  expect(await two.writes(primary, 'into the secondary')).toBe(secondary.conversation);
  const by = { kind: 'operator', operator: IVAN } as const;
  expect(await two.stage.linking.unlink(secondary.identity, secondary.conversation, by)).toBe('unlinked');
  expect(await two.stage.rowOf(secondary.conversation)).toMatchObject({
    secondary_to: null,
    thread: secondary.thread,
  });
  expect(await two.writes(secondary, 'mine')).toBe(secondary.conversation);
  expect([primary.conversation, secondary.conversation]).not.toContain(await two.writes(primary, 'mine'));
});

test('after an undone link what is said in one commit keeps its place, whichever conversation comes first in it', async () => {
  const { primary, secondary } = await two.twoPages();
  // The page of the second has been in both conversations.
  await two.writes(secondary, 'to the primary');
  await two.answers(secondary, 'from the secondary');
  await two.writes(secondary, 'to the primary again');
  const by = { kind: 'operator', operator: IVAN } as const;
  await two.stage.linking.unlink(secondary.identity, secondary.conversation, by);
  const page = two.opensPage(secondary);
  const both = [secondary, primary];
  const say = (...clients: Client[]) =>
    two.stage.log.commit(clients.map(({ channel, user }) => says(channel, user, `by ${user}`)));
  await say(...both);
  for (const order of [both, both.toReversed(), both]) {
    await two.stage.log.commit(
      order.map(({ conversation, thread, operator }) => ({
        conversation,
        events: [
          {
            type: 'message.sent' as const,
            facts: {
              message: newId<MessageId>(),
              thread,
              author: { kind: 'operator' as const, operator },
              kinds: ['text' as const],
            },
            body: { content: [{ kind: 'text' as const, text: 'an answer' }] },
          },
        ],
      })),
    );
    await say(...order);
  }
  await expect
    .poll(() => page.texts().slice(-7))
    .toEqual([
      `by ${secondary.user}`,
      ...Array.from({ length: 3 }, () => ['an answer', `by ${secondary.user}`]).flat(),
    ]);
  page.stop();
  expect(positions(page.shown)).toEqual(rising(positions(page.shown)));
});

/** The client of the second has been in both; the link is undone, and a node goes on with their own conversation. */
async function parted(node = two.stage.log) {
  const { primary, secondary } = await two.twoPages();
  await two.writes(secondary, 'to the primary');
  await two.answers({ ...primary, thread: secondary.thread }, 'frm the primary');
  await two.answers(secondary, 'from the secondary');
  const by = { kind: 'operator', operator: IVAN } as const;
  await two.stage.linking.unlink(secondary.identity, secondary.conversation, by);
  await two.writes(secondary, 'mine', node);
  await two.answers(secondary, 'yours', node);
  return { primary, secondary };
}

/** What the first operator said on the thread of the second client, as it is to be. */
async function edit({ conversation }: Client, { thread }: Client): Promise<Change> {
  const { rows } = await two.stage.db.query<{ seq: number; message: MessageId }>(
    `select seq, (facts ->> 'message')::uuid as message from event where conversation = $1 and type = 'message.sent'
       and facts ->> 'thread' = $2`,
    [conversation, thread],
  );
  const [sent] = rows;
  if (!sent) throw new Error('the first operator said nothing on that thread');
  const facts = {
    message: sent.message,
    of: sent.seq,
    by: { kind: 'operator' as const, operator: OLGA },
    kinds: ['text' as const],
    carried: { message: newId<MessageId>(), thread },
  };
  const body = { content: [{ kind: 'text' as const, text: 'from the primary' }] };
  return { conversation, events: [{ type: 'message.edited', facts, body }] };
}

/** What is edited and what is said after it is shown, each at a place of its own and the later the further. */
async function expectInOrder(page: ReturnType<typeof two.opensPage>): Promise<void> {
  await expect.poll(() => page.texts().slice(-2)).toEqual(['mine again', 'yours again']);
  await expect.poll(() => page.revised.length).toBe(1);
  page.stop();
  const places = [...page.revised, ...page.shown].map(({ position }) => position);
  expect(places.toSorted((a, b) => a - b)).toEqual(rising(places));
  expect(positions(page.shown)).toEqual(rising(positions(page.shown)));
  const [edited] = positions(page.revised);
  const [again] = positions(page.shown).slice(-2);
  expect(edited).toBeLessThan(again ?? 0);
}

test('after an undone link an edit of what was said on the thread of the other stands behind what was said there', async () => {
  const { primary, secondary } = await parted();
  const page = two.opensPage(secondary);
  await two.stage.log.commit([await edit(primary, secondary)]);
  await two.writes(secondary, 'mine again');
  await two.answers(secondary, 'yours again');
  await expectInOrder(page);
});

test('so it does where another node remembers the conversation that goes on there', async () => {
  const node = two.other.log;
  const { primary, secondary } = await parted(node);
  const page = two.opensPage(secondary);
  await two.stage.log.commit([await edit(primary, secondary)]);
  await two.writes(secondary, 'mine again', node);
  await two.answers(secondary, 'yours again', node);
  await expectInOrder(page);
});

test('so it does where both come at the same time, on two nodes', async () => {
  const node = two.other.log;
  for (let turn = 0; turn < 4; turn++) {
    two.begin();
    const { primary, secondary } = await parted(node);
    const page = two.opensPage(secondary);
    const edited = await edit(primary, secondary);
    await Promise.all([two.stage.log.commit([edited]), two.writes(secondary, 'meanwhile', node)]);
    await expect.poll(() => [page.texts().at(-1), page.revised.length]).toEqual(['meanwhile', 1]);
    page.stop();
    const places = [...page.revised, ...page.shown].map(({ position }) => position);
    expect(places.toSorted((a, b) => a - b)).toEqual(rising(places));
  }
});
