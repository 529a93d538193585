import { expect, test } from 'vitest';
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

test('after an undone link an edit of what was said on the thread of the other stands behind what was said there', async () => {
  const { primary, secondary } = await two.twoPages();
  await two.writes(secondary, 'to the primary');
  await two.answers({ ...primary, thread: secondary.thread }, 'frm the primary');
  await two.answers(secondary, 'from the secondary');
  const by = { kind: 'operator', operator: IVAN } as const;
  await two.stage.linking.unlink(secondary.identity, secondary.conversation, by);
  await two.writes(secondary, 'mine');
  await two.answers(secondary, 'yours');
  const { rows } = await two.stage.db.query<{ seq: number; message: MessageId }>(
    `select seq, (facts ->> 'message')::uuid as message from event where conversation = $1 and type = 'message.sent'
       and facts ->> 'thread' = $2`,
    [primary.conversation, secondary.thread],
  );
  const [sent] = rows;
  if (!sent) throw new Error('the first operator said nothing on that thread');
  const page = two.opensPage(secondary);
  await two.stage.append(primary.conversation, {
    type: 'message.edited',
    facts: {
      message: sent.message,
      of: sent.seq,
      by: { kind: 'operator', operator: OLGA },
      kinds: ['text'],
      carried: { message: newId<MessageId>(), thread: secondary.thread },
    },
    body: { content: [{ kind: 'text', text: 'from the primary' }] },
  });
  await two.writes(secondary, 'mine again');
  await two.answers(secondary, 'yours again');
  await expect.poll(() => page.texts().slice(-2)).toEqual(['mine again', 'yours again']);
  await expect.poll(() => page.revised.length).toBe(1);
  page.stop();
  const places = [...page.revised, ...page.shown].map(({ position }) => position);
  expect(places.toSorted((a, b) => a - b)).toEqual(rising(places));
  expect(positions(page.shown)).toEqual(rising(positions(page.shown)));
});
