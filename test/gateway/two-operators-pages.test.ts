import { expect, test } from 'vitest';
import type { ClientMessage } from '../../gateway/connectors/client-view.ts';
import { newId } from '../../gateway/ids.ts';
import type { ConversationId, IdentityId, MessageId, OperatorId } from '../../gateway/model/ids.ts';
import { IVAN, OLGA, says, taken } from './moving-stage.ts';
import { positions, rising, twoOperators, WEB } from './two-operators-stage.ts';

/** What the pages of a client show with whom two operators speak, and in which order. */

const two = twoOperators();

test('a page says that people answer as long as one of the two operators does', async () => {
  const { primary, secondary } = await two.twoPages();
  const page = two.opensPage(secondary);
  await expect.poll(() => page.answering).toEqual(['people']);
  await two.ends(primary);
  await expect.poll(() => page.answering).toEqual(['people', 'people']);
  await two.writes(secondary, 'and now?');
  await two.ends(secondary);
  await expect.poll(() => page.answering).toEqual(['people', 'people', 'bot']);
  page.stop();
});

test('each open page of a client learns at once who answers, also the one on which nothing is written', async () => {
  const held = await two.begins(WEB, OLGA, 'first page');
  const user = `second page ${two.who}`;
  const second = await two.stage.say(says(WEB, user, 'hello'));
  const pages = [two.opensPage(held), two.opensPage({ ...held, ...second, user })] as const;
  const whoAnswers = () => pages.map(({ answering }) => answering.at(-1));
  await expect.poll(whoAnswers).toEqual(['people', 'bot']);
  const { code } = await two.stage.offer(held.conversation);
  await two.stage.types(WEB, user, code);
  await expect.poll(whoAnswers).toEqual(['people', 'people']);
  // Written on the second page, so that the conversation's last thread is that one.
  await two.stage.say(says(WEB, user, 'here I am'));
  await two.ends(held);
  await expect.poll(whoAnswers).toEqual(['bot', 'bot']);
  const next = await two.stage.say(says(WEB, user, 'one more thing'));
  await two.stage.append(next.conversation, taken(IVAN));
  await expect.poll(whoAnswers).toEqual(['people', 'people']);
  // Parted, each page is its own client's: the conversation stays where its contact is.
  const { rows } = await two.stage.db.query<{ id: IdentityId; user: string }>(
    `select id, external_user as user from identity where own is not null and external_user = any($1)`,
    [[held.user, user]],
  );
  const [linked] = rows;
  if (!linked) throw new Error('nobody was linked');
  const by = { kind: 'operator', operator: IVAN } as const;
  expect(await two.stage.linking.unlink(linked.id, next.conversation, by)).toBe('unlinked');
  await expect.poll(whoAnswers).toEqual(linked.user === user ? ['people', 'bot'] : ['bot', 'people']);
  for (const page of pages) page.stop();
});

test('a page sees what both operators write, live and after it was away, each once and in order', async () => {
  const { primary, secondary } = await two.twoPages();
  const page = two.opensPage(secondary);
  await expect.poll(page.texts).toHaveLength(2);
  const before = page.texts();
  const intoPrimary = { ...primary, thread: secondary.thread };
  const [one, other] = [two.stage.log, two.other.log];
  await two.writes(secondary, 'to the primary', one);
  await two.answers(secondary, 'from the secondary', other);
  await two.answers(intoPrimary, 'from the primary', one);
  await two.answers(intoPrimary, 'from the primary again', one);
  await two.answers(secondary, 'from the secondary again', other);
  await two.writes(secondary, 'thanks to both', other);
  const said = [
    'to the primary',
    'from the secondary',
    'from the primary',
    'from the primary again',
    'from the secondary again',
    'thanks to both',
  ];
  await expect.poll(page.texts).toEqual([...before, ...said]);
  page.stop();
  expect(positions(page.shown)).toEqual(rising(positions(page.shown)));

  // It comes again at each place where it may have lost the connection.
  for (const [index, { position }] of page.shown.entries()) {
    const again = two.opensPage(secondary, position);
    await expect.poll(again.texts).toEqual([...before, ...said].slice(index + 1));
    again.stop();
    expect(positions(again.shown)).toEqual(positions(page.shown).slice(index + 1));
  }
  expect(positions((await page.view.newest(secondary.user, 50)) as ClientMessage[])).toEqual(
    positions(page.shown),
  );

  // And the client goes on where the primary one ends.
  await two.ends(primary);
  const last = two.opensPage(secondary, page.shown.at(-1)?.position);
  await two.answers(secondary, 'I am still here', one);
  await two.writes(secondary, 'so am I', other);
  await expect.poll(last.texts).toEqual(['I am still here', 'so am I']);
  last.stop();
});

test('what the second operator says in other words changes on the page where it stands', async () => {
  const { primary, secondary } = await two.twoPages();
  const page = two.opensPage(secondary);
  await two.answers(secondary, 'frm the secondary');
  await two.answers({ ...primary, thread: secondary.thread }, 'from the primary');
  await expect.poll(page.texts).toContain('from the primary');
  const [sent] = await two.stage.eventsOf(secondary.conversation, 'message.sent');
  const { rows } = await two.stage.db.query<{ seq: number }>(
    `select seq from event where conversation = $1 and type = 'message.sent'`,
    [secondary.conversation],
  );
  await two.stage.append(secondary.conversation, {
    type: 'message.edited',
    facts: {
      message: sent?.facts.message ?? newId<MessageId>(),
      of: rows[0]?.seq ?? 0,
      by: { kind: 'operator', operator: IVAN },
      kinds: ['text'],
      carried: { message: newId<MessageId>(), thread: secondary.thread },
    },
    body: { content: [{ kind: 'text', text: 'from the secondary' }] },
  });
  await expect.poll(() => page.revised.length).toBe(1);
  page.stop();
  const [revision] = page.revised;
  expect(revision).toMatchObject({ isEdited: true, of: page.shown.at(-2)?.position });
  expect(revision?.position).toBeGreaterThan(page.shown.at(-1)?.position ?? 0);
});

test('what both write at once on two nodes gets a place of its own each', async () => {
  const { primary, secondary } = await two.twoPages();
  const page = two.opensPage(secondary);
  const intoPrimary = { ...primary, thread: secondary.thread };
  const [one, other] = [two.stage.log, two.other.log];
  await two.writes(secondary, 'to the primary', one);
  const said = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const text = `at once ${index}`;
      await two.answers(index % 2 ? secondary : intoPrimary, text, index % 3 ? one : other);
      return text;
    }),
  );
  await expect.poll(() => page.texts().toSorted()).toEqual(expect.arrayContaining(said));
  page.stop();
  expect(page.texts()).toHaveLength(new Set(page.texts()).size);
  expect(positions(page.shown)).toEqual(rising(positions(page.shown)));
  const { rows } = await two.stage.db.query<{ starts: number }>(
    'select base + since as starts from binding where thread = $1 order by bound_at',
    [secondary.thread],
  );
  expect(rows.map(({ starts }) => starts)).toEqual(rising(rows.map(({ starts }) => starts)));
});

test('what both say in one commit goes out in the order in which the page shows it', async () => {
  const { primary, secondary } = await two.twoPages();
  const page = two.opensPage(secondary);
  const saidIn = (conversation: ConversationId, operator: OperatorId, text: string) => {
    const author = { kind: 'operator', operator } as const;
    const facts = { message: newId<MessageId>(), thread: secondary.thread, author, kinds: ['text' as const] };
    return {
      conversation,
      events: [
        { type: 'message.sent' as const, facts, body: { content: [{ kind: 'text' as const, text }] } },
      ],
    };
  };
  const there = saidIn(secondary.conversation, IVAN, 'from the secondary');
  const here = saidIn(primary.conversation, OLGA, 'from the primary');
  await two.stage.log.commit([there, here, saidIn(secondary.conversation, IVAN, 'from the secondary again')]);
  const said = ['from the secondary', 'from the primary', 'from the secondary again'];
  await expect.poll(() => page.texts().slice(-3)).toEqual(said);
  page.stop();
  const { rows } = await two.stage.db.query<{ text: string }>(
    `select e.body #>> '{content,0,text}' as text from delivery d
     join event e on e.conversation = d.conversation and e.seq = d.seq
     where d.thread = $1 and d.author_kind = 'operator' order by d.position`,
    [secondary.thread],
  );
  expect(rows.map(({ text }) => text)).toEqual(said);
});

test('a message that is sent again is found at the place that it had', async () => {
  const { primary, secondary } = await two.twoPages();
  const asked = says(WEB, secondary.user, 'once');
  const [first] = await two.stage.log.commit([asked]);
  await two.answers(secondary, 'from the secondary');
  await two.answers({ ...primary, thread: secondary.thread }, 'from the primary');
  const [again] = await two.other.log.commit([asked]);
  const place = first?.outcome === 'committed' ? first.positions.get(first.seq) : undefined;
  expect(place).toBeGreaterThan(0);
  expect(again).toMatchObject({ outcome: 'duplicate', position: place });
});
