import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Event } from '../../../gateway/model/events.ts';
import {
  BOT_TOKEN,
  type FakeSlack,
  SIGNING_SECRET,
  signed,
  startFakeSlack,
  type Told,
} from '../../fakes/slack.ts';
import type { SlackPost } from '../../fakes/slack-web-api.ts';
import { startHub, type TestHub } from '../../fixtures/hub.ts';

const CLIENTS = 'CCLIENTS';
const ELSEWHERE = 'CELSEWHERE';
let slack: FakeSlack;
let hub: TestHub;
let people = 0;

beforeAll(async () => {
  slack = await startFakeSlack();
  hub = await startHub({
    demo: 'echo',
    env: {
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: slack.apiUrl,
      SLACK_CLIENTS_CHANNEL: CLIENTS,
    },
  });
  slack.tell(`${hub.url}/channels/slack/webhook`);
});
afterAll(async () => {
  const { broken } = await hub.verify();
  await hub.stop();
  await slack.stop();
  expect(broken).toEqual([]);
});
vi.setConfig({ testTimeout: 60_000 });

interface Asked {
  readonly user: string;
  readonly question: SlackPost;
  readonly answer: SlackPost;
}

const newUser = () => `UCLIENT${++people}`;

/** Somebody asks in a channel and is answered in the thread of the question; the answer's id is known by then. */
async function asks(channel: string, user = newUser(), threadTs?: string): Promise<Asked> {
  const text = `question ${slack.posts.length}`;
  const { post } = await slack.say(user, channel, text, {
    asMention: channel === ELSEWHERE,
    ...(threadTs && { threadTs }),
  });
  if (!post) throw new Error('nothing was said');
  const answer = await vi.waitFor(() => answerTo(text));
  await vi.waitFor(async () => {
    const { rows } = await hub.db.query('select from attempt where external_id = $1', [idOf(answer)]);
    expect(rows).toHaveLength(1);
  });
  return { user, question: post, answer };
}

function answerTo(text: string): SlackPost {
  const found = slack.posts.find((post) => post.from === 'bot' && post.text.includes(text));
  if (!found) throw new Error(`no answer to ${text}`);
  return found;
}

const idOf = ({ channel, ts }: SlackPost) => `${channel}:${ts}`;

/** The reactions in the log of one client's conversations, oldest first; `of`: what the message is that they are about. */
async function reactionsOf(user: string) {
  const { rows } = await hub.db.query<{ emoji: string[]; of: Event['type'] }>(
    `select r.body -> 'emoji' as emoji, m.type as of
     from identity i join conversation c on c.contact = i.contact
     join event r on r.conversation = c.id and r.type = 'reaction.changed'
     join event m on m.conversation = c.id and m.seq = (r.facts ->> 'of')::bigint
     where i.external_user = $1 order by r.conversation, r.seq`,
    [user],
  );
  return rows;
}

async function allReactions(): Promise<number> {
  const { rows } = await hub.db.query<{ count: string }>(
    `select count(*) from event where type = 'reaction.changed'`,
  );
  return Number(rows[0]?.count);
}

async function quarantined(): Promise<number> {
  const { rows } = await hub.db.query<{ count: string }>('select count(*) from quarantine');
  return Number(rows[0]?.count);
}

async function countedAsNotTheirs(): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const line = text
    .split('\n')
    .find((one) => one.startsWith('okno_inbound_total{channel="slack",outcome="not-theirs"}'));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** What is told changes nothing and is kept nowhere; it is answered, and counted. */
async function passesOver(tell: () => Promise<Told>): Promise<void> {
  const before = [await allReactions(), await quarantined(), await countedAsNotTheirs()] as const;
  expect((await tell()).status).toBe(200);
  expect([await allReactions(), await quarantined(), await countedAsNotTheirs()]).toEqual([
    before[0],
    before[1],
    before[2] + 1,
  ]);
}

test.each([
  ['the clients’ channel', CLIENTS],
  ['another channel, where we were asked by name', ELSEWHERE],
])(
  'in %s a client’s reactions to our answer and to their own words come in, and go',
  async (_what, channel) => {
    const { user, question, answer } = await asks(channel);
    await slack.reactTo(user, answer, '+1');
    await slack.reactTo(user, answer, 'tada');
    await slack.takeBack(user, answer, '+1');
    await slack.reactTo(user, question, 'pray');
    expect(await reactionsOf(user)).toEqual([
      { emoji: ['👍'], of: 'message.sent' },
      { emoji: ['👍', '🎉'], of: 'message.sent' },
      { emoji: ['🎉'], of: 'message.sent' },
      { emoji: ['🙏'], of: 'message.received' },
    ]);
  },
);

test('in a thread of a direct message too', async () => {
  const { post: root } = await slack.say(newUser(), 'DTHREADS', 'a thread begins');
  const { user, answer } = await asks('DTHREADS', newUser(), root?.ts);
  await slack.reactTo(user, answer, '+1');
  expect(await reactionsOf(user)).toEqual([{ emoji: ['👍'], of: 'message.sent' }]);
});

test('told twice, one after another or side by side, a reaction counts once', async () => {
  const { user, answer } = await asks(CLIENTS);
  const told = await slack.reactTo(user, answer, '+1');
  await Promise.all([slack.again(told), slack.again(told)]);
  await slack.again(told);
  expect(await reactionsOf(user)).toEqual([{ emoji: ['👍'], of: 'message.sent' }]);
});

test('what a colleague or another client does under a message of a client’s thread changes nothing', async () => {
  const { user, question, answer } = await asks(CLIENTS);
  await slack.reactTo(user, answer, '+1');
  const colleague = newUser();
  await passesOver(() => slack.reactTo(colleague, answer, 'tada'));
  // Another client in the very thread, with a conversation of their own.
  const other = await asks(CLIENTS, newUser(), question.ts);
  await passesOver(() => slack.reactTo(other.user, answer, 'tada'));
  await passesOver(() => slack.takeBack(other.user, answer, '+1'));
  await slack.reactTo(other.user, other.answer, 'eyes');
  expect(await reactionsOf(user)).toEqual([{ emoji: ['👍'], of: 'message.sent' }]);
  expect(await reactionsOf(other.user)).toEqual([{ emoji: ['👀'], of: 'message.sent' }]);
});

test('a reaction to what we never saw, and our own that is told to us, change nothing', async () => {
  const { user, answer } = await asks('DOWN');
  await passesOver(() => slack.reactTo(user, { ...answer, ts: '1600000000.000001' }, '+1'));
  await passesOver(() => slack.reactTo('UBOT', answer, '+1'));
  expect(await reactionsOf(user)).toEqual([]);
});

test('a reaction that is quicker than the answer to our own request waits for it', async () => {
  const user = newUser();
  slack.fault({ method: 'chat.postMessage', channel: CLIENTS, fault: { kind: 'slow', ms: 700 } });
  await slack.say(user, CLIENTS, 'quick question');
  const answer = await vi.waitFor(() => answerTo('quick question'));
  const { rows } = await hub.db.query('select from attempt where external_id = $1', [idOf(answer)]);
  expect(rows, 'the id is not known yet').toHaveLength(0);
  await slack.reactTo(user, answer, '+1');
  expect(await reactionsOf(user)).toEqual([{ emoji: ['👍'], of: 'message.sent' }]);
});

test('where that answer does not come in time, it is kept apart', async () => {
  const user = newUser();
  slack.fault({ method: 'chat.postMessage', channel: CLIENTS, fault: { kind: 'slow', ms: 4_000 } });
  await slack.say(user, CLIENTS, 'slow question');
  const answer = await vi.waitFor(() => answerTo('slow question'));
  expect((await slack.reactTo(user, answer, '+1')).status).toBe(200);
  const { rows } = await hub.db.query('select reason from quarantine');
  expect(rows).toEqual([{ reason: 'unknown-message' }]);
});

test('a forged reaction is refused', async () => {
  const { user, answer } = await asks(CLIENTS);
  const body = JSON.stringify({
    type: 'event_callback',
    event_id: 'EvForged',
    event: {
      type: 'reaction_added',
      user,
      reaction: '+1',
      item: { type: 'message', channel: answer.channel, ts: answer.ts },
    },
  });
  const headers = signed(body, undefined, 'another-secret-of-some-length');
  const post = (given: Record<string, string>) =>
    fetch(`${hub.url}/channels/slack/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...given },
      body,
    });
  expect((await post(headers)).status).toBe(401);
  expect(await reactionsOf(user)).toEqual([]);
  // The very same, signed by Slack.
  expect((await post(signed(body))).status).toBe(200);
  expect(await reactionsOf(user)).toEqual([{ emoji: ['👍'], of: 'message.sent' }]);
});
