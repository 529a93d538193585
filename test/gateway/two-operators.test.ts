import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createClientView } from '../../gateway/client-view.ts';
import { committedUpdate } from '../../gateway/committed-update.ts';
import type { ClientMessage, ClientRevision } from '../../gateway/connectors/client-view.ts';
import { close } from '../../gateway/decide-turn.ts';
import { newId } from '../../gateway/ids.ts';
import { createLive } from '../../gateway/live.ts';
import type {
  ChannelId,
  ConversationId,
  IdentityId,
  MessageId,
  OperatorId,
  ThreadId,
} from '../../gateway/model/ids.ts';
import { MOVE_MS } from '../../gateway/moves.ts';
import { placeOf } from '../../gateway/store/threads.ts';
import { type Heard, IVAN, OLGA, openStage, type Stage, says, taken } from './moving-stage.ts';

/** Two clients prove to be one while an operator speaks with each: both conversations stay open, until one is over. */

let stage: Stage;
const WEB = 'webchat' as ChannelId;
const live = createLive((error) => {
  throw error;
});
/** Of this test alone, as a part of everybody's name. */
let who = 0;

beforeAll(async () => {
  stage = await openStage();
  for (const { log } of [stage, ...others()])
    log.onCommitted((changed) => live.publish(committedUpdate(changed)));
});
afterAll(() => stage.close());
beforeEach(() => {
  who += 1;
  stage.wait(MOVE_MS + 1_000);
});

let second: ReturnType<Stage['node']> | undefined;
/** Another node, whose memory of the conversations is its own. */
function others() {
  second ??= stage.node();
  return [second];
}

interface Client extends Heard {
  readonly channel: string;
  readonly user: string;
  readonly operator: OperatorId;
}

async function begins(channel: string, operator: OperatorId, name = channel): Promise<Client> {
  const user = `${name} ${who}`;
  const heard = await stage.say(says(channel, user, `first by ${name}`));
  await stage.append(heard.conversation, taken(operator));
  return { ...heard, channel, user, operator };
}

/** Two visitors of the page who prove to be one client; the second types the code of the first, who goes on. */
async function twoPages(): Promise<{ primary: Client; secondary: Client }> {
  const primary = await begins(WEB, OLGA, 'first page');
  const secondary = await begins(WEB, IVAN, 'second page');
  const { code } = await stage.offer(primary.conversation);
  await stage.types(WEB, secondary.user, code);
  return { primary, secondary };
}

const writes = async ({ channel, user }: Client, text: string, node = stage.log) =>
  (await stage.say(says(channel, user, text), node)).conversation;

async function answers(
  {
    conversation,
    thread,
    operator,
  }: { conversation: ConversationId; thread: ThreadId; operator: OperatorId },
  text: string,
  log = stage.log,
): Promise<void> {
  const author = { kind: 'operator', operator } as const;
  const facts = { message: newId<MessageId>(), thread, author, kinds: ['text' as const] };
  const [changed] = await log.commit([
    { conversation, events: [{ type: 'message.sent', facts, body: { content: [{ kind: 'text', text }] } }] },
  ]);
  expect(changed?.outcome).toBe('committed');
}

async function ends({ conversation, operator }: Client): Promise<void> {
  const row = await stage.rowOf(conversation);
  const owner = { kind: 'operator', operator } as const;
  await stage.append(conversation, ...close({ owner, epoch: Number(row?.epoch) }, owner, 'done'));
}

/** What a page is shown, live, in the order in which it comes. */
function opensPage({ user }: Client, after = 0) {
  const shown: ClientMessage[] = [];
  const revised: ClientRevision[] = [];
  const answering: string[] = [];
  const view = createClientView({
    db: stage.db,
    live,
    channel: WEB,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    filesOf: async (contents) => contents.map(() => []),
  });
  const stop = view.watch(user, after, (seen) => {
    if (seen.type === 'message') shown.push(seen);
    if (seen.type === 'revision') revised.push(seen);
    if (seen.type === 'answering') answering.push(seen.by);
  });
  const texts = () => shown.map(({ content: [part] }) => (part?.kind === 'text' ? part.text : part?.kind));
  return { shown, revised, answering, texts, stop, view };
}

const positions = (shown: readonly ClientMessage[]) => shown.map(({ position }) => position);
const rising = (numbers: readonly number[]) => [...new Set(numbers)].sort((a, b) => a - b);

test('when the primary one is over, the client goes on in the secondary one, and only then in a new one', async () => {
  const { primary, secondary } = await twoPages();
  expect(await stage.rowOf(primary.conversation)).toMatchObject({ status: 'open', secondary_to: null });
  const { contact } = (await stage.rowOf(primary.conversation)) ?? {};
  expect(await stage.rowOf(secondary.conversation)).toMatchObject({ status: 'open', secondary_to: contact });
  const linkedIn = async (one: Client) =>
    (await stage.eventsOf(one.conversation, 'identity.linked')).map(({ facts }) => facts.secondary);
  expect([await linkedIn(primary), await linkedIn(secondary)]).toEqual([[undefined], [true]]);
  expect(await writes(primary, 'more')).toBe(primary.conversation);
  expect(await writes(secondary, 'more')).toBe(primary.conversation);
  await ends(primary);
  expect((await placeOf(stage.db, WEB, primary.user))?.conversation).toBe(secondary.conversation);
  expect(await writes(primary, 'more')).toBe(secondary.conversation);
  expect(await writes(secondary, 'more')).toBe(secondary.conversation);
  await ends(secondary);
  const next = await writes(secondary, 'more');
  expect([primary.conversation, secondary.conversation]).not.toContain(next);
  expect(await writes(primary, 'more')).toBe(next);
});

test('a page says that people answer as long as one of the two operators does', async () => {
  const { primary, secondary } = await twoPages();
  const page = opensPage(secondary);
  await expect.poll(() => page.answering).toEqual(['people']);
  await ends(primary);
  await expect.poll(() => page.answering).toEqual(['people', 'people']);
  await writes(secondary, 'and now?');
  await ends(secondary);
  await expect.poll(() => page.answering).toEqual(['people', 'people', 'bot']);
  page.stop();
});

test('each open page of a client learns at once who answers, also the one on which nothing is written', async () => {
  const held = await begins(WEB, OLGA, 'first page');
  const user = `second page ${who}`;
  const second = await stage.say(says(WEB, user, 'hello'));
  const pages = [opensPage(held), opensPage({ ...held, ...second, user })] as const;
  const whoAnswers = () => pages.map(({ answering }) => answering.at(-1));
  await expect.poll(whoAnswers).toEqual(['people', 'bot']);
  const { code } = await stage.offer(held.conversation);
  await stage.types(WEB, user, code);
  await expect.poll(whoAnswers).toEqual(['people', 'people']);
  // Written on the second page, so that the conversation's last thread is that one.
  await stage.say(says(WEB, user, 'here I am'));
  await ends(held);
  await expect.poll(whoAnswers).toEqual(['bot', 'bot']);
  const next = await stage.say(says(WEB, user, 'one more thing'));
  await stage.append(next.conversation, taken(IVAN));
  await expect.poll(whoAnswers).toEqual(['people', 'people']);
  // Parted, each page is its own client's: the conversation stays where its contact is.
  const { rows } = await stage.db.query<{ id: IdentityId; user: string }>(
    `select id, external_user as user from identity where own is not null and external_user = any($1)`,
    [[held.user, user]],
  );
  const [linked] = rows;
  if (!linked) throw new Error('nobody was linked');
  const by = { kind: 'operator', operator: IVAN } as const;
  expect(await stage.linking.unlink(linked.id, next.conversation, by)).toBe('unlinked');
  await expect.poll(whoAnswers).toEqual(linked.user === user ? ['people', 'bot'] : ['bot', 'people']);
  for (const page of pages) page.stop();
});

test('when the secondary one is over first, the client stays where they are', async () => {
  const { primary, secondary } = await twoPages();
  await ends(secondary);
  expect(await writes(secondary, 'more')).toBe(primary.conversation);
  expect(await writes(primary, 'more')).toBe(primary.conversation);
});

test('the end of the primary one and the next message race on two nodes, and no third conversation opens', async () => {
  for (let turn = 0; turn < 4; turn++) {
    who += 1;
    stage.wait(MOVE_MS + 1_000);
    const { primary, secondary } = await twoPages();
    const [, said] = await Promise.all([ends(primary), writes(primary, 'more', others()[0]?.log)]);
    expect([primary.conversation, secondary.conversation]).toContain(said);
    expect(await writes(secondary, 'then')).toBe(secondary.conversation);
  }
});

test('a page sees what both operators write, live and after it was away, each once and in order', async () => {
  const { primary, secondary } = await twoPages();
  const page = opensPage(secondary);
  await expect.poll(page.texts).toHaveLength(2);
  const before = page.texts();
  const intoPrimary = { ...primary, thread: secondary.thread };
  const [one, other] = [stage.log, others()[0]?.log ?? stage.log];
  await writes(secondary, 'to the primary', one);
  await answers(secondary, 'from the secondary', other);
  await answers(intoPrimary, 'from the primary', one);
  await answers(intoPrimary, 'from the primary again', one);
  await answers(secondary, 'from the secondary again', other);
  await writes(secondary, 'thanks to both', other);
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
    const again = opensPage(secondary, position);
    await expect.poll(again.texts).toEqual([...before, ...said].slice(index + 1));
    again.stop();
    expect(positions(again.shown)).toEqual(positions(page.shown).slice(index + 1));
  }
  expect(positions((await page.view.newest(secondary.user, 50)) as ClientMessage[])).toEqual(
    positions(page.shown),
  );

  // And the client goes on where the primary one ends.
  await ends(primary);
  const last = opensPage(secondary, page.shown.at(-1)?.position);
  await answers(secondary, 'I am still here', one);
  await writes(secondary, 'so am I', other);
  await expect.poll(last.texts).toEqual(['I am still here', 'so am I']);
  last.stop();
});

test('what the second operator says in other words changes on the page where it stands', async () => {
  const { primary, secondary } = await twoPages();
  const page = opensPage(secondary);
  await answers(secondary, 'frm the secondary');
  await answers({ ...primary, thread: secondary.thread }, 'from the primary');
  await expect.poll(page.texts).toContain('from the primary');
  const [sent] = await stage.eventsOf(secondary.conversation, 'message.sent');
  const { rows } = await stage.db.query<{ seq: number }>(
    `select seq from event where conversation = $1 and type = 'message.sent'`,
    [secondary.conversation],
  );
  await stage.append(secondary.conversation, {
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

test('a link that the store refuses half way leaves nothing of itself, and works when it is tried again', async () => {
  const primary = await begins(WEB, OLGA, 'first page');
  const secondary = await begins(WEB, IVAN, 'second page');
  const { code } = await stage.offer(primary.conversation);
  // The identities are moved and the conversation is marked by then.
  await stage.db.query(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
    create trigger refuse before update on move for each row execute function refuse()`);
  const before = [await stage.rowOf(primary.conversation), await stage.rowOf(secondary.conversation)];
  await expect(stage.types(WEB, secondary.user, code)).rejects.toThrow('no');
  expect([await stage.rowOf(primary.conversation), await stage.rowOf(secondary.conversation)]).toEqual(
    before,
  );
  await stage.db.query('drop trigger refuse on move; drop function refuse()');
  expect(await writes(secondary, 'mine')).toBe(secondary.conversation);
  await stage.types(WEB, secondary.user, code);
  expect(await writes(secondary, 'ours')).toBe(primary.conversation);
});

test('what both write at once on two nodes gets a place of its own each', async () => {
  const { primary, secondary } = await twoPages();
  const page = opensPage(secondary);
  const intoPrimary = { ...primary, thread: secondary.thread };
  const [one, other] = [stage.log, others()[0]?.log ?? stage.log];
  await writes(secondary, 'to the primary', one);
  const said = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const text = `at once ${index}`;
      await answers(index % 2 ? secondary : intoPrimary, text, index % 3 ? one : other);
      return text;
    }),
  );
  await expect.poll(() => page.texts().toSorted()).toEqual(expect.arrayContaining(said));
  page.stop();
  expect(page.texts()).toHaveLength(new Set(page.texts()).size);
  expect(positions(page.shown)).toEqual(rising(positions(page.shown)));
  const { rows } = await stage.db.query<{ starts: number }>(
    'select base + since as starts from binding where thread = $1 order by bound_at',
    [secondary.thread],
  );
  expect(rows.map(({ starts }) => starts)).toEqual(rising(rows.map(({ starts }) => starts)));
});

test('what both say in one commit goes out in the order in which the page shows it', async () => {
  const { primary, secondary } = await twoPages();
  const page = opensPage(secondary);
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
  await stage.log.commit([there, here, saidIn(secondary.conversation, IVAN, 'from the secondary again')]);
  const said = ['from the secondary', 'from the primary', 'from the secondary again'];
  await expect.poll(() => page.texts().slice(-3)).toEqual(said);
  page.stop();
  const { rows } = await stage.db.query<{ text: string }>(
    `select e.body #>> '{content,0,text}' as text from delivery d
     join event e on e.conversation = d.conversation and e.seq = d.seq
     where d.thread = $1 and d.author_kind = 'operator' order by d.position`,
    [secondary.thread],
  );
  expect(rows.map(({ text }) => text)).toEqual(said);
});

test('a message that is sent again is found at the place that it had', async () => {
  const { primary, secondary } = await twoPages();
  const asked = says(WEB, secondary.user, 'once');
  const [first] = await stage.log.commit([asked]);
  await answers(secondary, 'from the secondary');
  await answers({ ...primary, thread: secondary.thread }, 'from the primary');
  const [again] =
    (await others()
      .map(({ log }) => log)[0]
      ?.commit([asked])) ?? [];
  const place = first?.outcome === 'committed' ? first.positions.get(first.seq) : undefined;
  expect(place).toBeGreaterThan(0);
  expect(again).toMatchObject({ outcome: 'duplicate', position: place });
});

test('an undone link gives the secondary one back to its own client, with its own place', async () => {
  const { primary, secondary } = await twoPages();
  await ends(primary);
  expect(await writes(primary, 'into the secondary')).toBe(secondary.conversation);
  const by = { kind: 'operator', operator: IVAN } as const;
  expect(await stage.linking.unlink(secondary.identity, secondary.conversation, by)).toBe('unlinked');
  expect(await stage.rowOf(secondary.conversation)).toMatchObject({
    secondary_to: null,
    thread: secondary.thread,
  });
  expect(await writes(secondary, 'mine')).toBe(secondary.conversation);
  expect([primary.conversation, secondary.conversation]).not.toContain(await writes(primary, 'mine'));
});

test('after an undone link what is said in one commit keeps its place, whichever conversation comes first in it', async () => {
  const { primary, secondary } = await twoPages();
  // The page of the second has been in both conversations.
  await writes(secondary, 'to the primary');
  await answers(secondary, 'from the secondary');
  await writes(secondary, 'to the primary again');
  const by = { kind: 'operator', operator: IVAN } as const;
  await stage.linking.unlink(secondary.identity, secondary.conversation, by);
  const page = opensPage(secondary);
  const both = [secondary, primary];
  const say = (...clients: Client[]) =>
    stage.log.commit(clients.map(({ channel, user }) => says(channel, user, `by ${user}`)));
  await say(...both);
  for (const order of [both, both.toReversed(), both]) {
    await stage.log.commit(
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
  const { primary, secondary } = await twoPages();
  await writes(secondary, 'to the primary');
  await answers({ ...primary, thread: secondary.thread }, 'frm the primary');
  await answers(secondary, 'from the secondary');
  const by = { kind: 'operator', operator: IVAN } as const;
  await stage.linking.unlink(secondary.identity, secondary.conversation, by);
  await writes(secondary, 'mine');
  await answers(secondary, 'yours');
  const { rows } = await stage.db.query<{ seq: number; message: MessageId }>(
    `select seq, (facts ->> 'message')::uuid as message from event where conversation = $1 and type = 'message.sent'
       and facts ->> 'thread' = $2`,
    [primary.conversation, secondary.thread],
  );
  const [sent] = rows;
  if (!sent) throw new Error('the first operator said nothing on that thread');
  const page = opensPage(secondary);
  await stage.append(primary.conversation, {
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
  await writes(secondary, 'mine again');
  await answers(secondary, 'yours again');
  await expect.poll(() => page.texts().slice(-2)).toEqual(['mine again', 'yours again']);
  await expect.poll(() => page.revised.length).toBe(1);
  page.stop();
  const places = [...page.revised, ...page.shown].map(({ position }) => position);
  expect(places.toSorted((a, b) => a - b)).toEqual(rising(places));
  expect(positions(page.shown)).toEqual(rising(positions(page.shown)));
});

test('of three linked one after another each is gone through, the newest first', async () => {
  const { primary, secondary } = await twoPages();
  const third = await begins('sms', IVAN);
  const { code } = await stage.offer(primary.conversation);
  await stage.types('sms', third.user, code);
  expect(await writes(third, 'more')).toBe(primary.conversation);
  await answers(secondary, 'the last word of the secondary ones');
  await ends(primary);
  expect(await writes(third, 'more')).toBe(secondary.conversation);
  await ends(secondary);
  expect(await writes(primary, 'more')).toBe(third.conversation);
});
