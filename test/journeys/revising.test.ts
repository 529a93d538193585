import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { TranscriptItem } from '../../handoff/api.ts';
import { BOT_TOKEN, type FakeSlack, SIGNING_SECRET, startFakeSlack } from '../fakes/slack.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { openChat } from '../gateway/connectors/chat-client.ts';

let telegram: FakeTelegram;
let slack: FakeSlack;
let hub: TestHub;
let olga: DeskOperator;
let ivan: DeskOperator;

beforeAll(async () => {
  [telegram, slack] = await Promise.all([startFakeTelegram(), startFakeSlack()]);
  hub = await startHub({
    demo: 'bank',
    env: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: slack.apiUrl,
    },
  });
  slack.tell(`${hub.url}/channels/slack/webhook`);
  olga = await signIn(hub.url);
  ivan = await signIn(hub.url, 'operator2@demo.bank');
});

afterAll(async () => {
  const { broken } = await hub.verify();
  await hub.stop();
  await Promise.all([telegram.stop(), slack.stop()]);
  expect(broken).toEqual([]);
});

vi.setConfig({ testTimeout: 60_000 });
const soon = { timeout: 20_000 };

/** Olga takes the conversation that waits. */
async function taken(): Promise<{ id: string; epoch: number }> {
  const row = await vi.waitFor(async () => {
    const [waiting] = await olga.list('queue');
    if (!waiting) throw new Error('nobody waits');
    return waiting;
  }, soon);
  const { body } = await olga.act('take', row);
  return { id: row.id, epoch: Number(body.epoch) };
}

/** What Olga says, once it was accepted; its number. */
async function says(id: string, text: string): Promise<number> {
  const { body } = await olga.say(id, text);
  const seq = Number(body.seq);
  await fateOf(id, seq, 'accepted');
  return seq;
}

async function itemAt(id: string, seq: number): Promise<TranscriptItem | undefined> {
  return (await olga.read(id)).find((item) => item.seq === seq);
}

async function fateOf(id: string, seq: number, state: string): Promise<void> {
  await vi.waitFor(async () => expect(await itemAt(id, seq)).toMatchObject({ delivery: { state } }), soon);
}

async function seqOfClient(id: string): Promise<number> {
  const item = (await olga.read(id)).findLast((each) => each.type === 'message' && each.from === 'client');
  return item?.seq ?? -1;
}

test('in Telegram a message is edited, reacted to and deleted; the log keeps what was said', async () => {
  telegram.say(8101, 'позовите сотрудника');
  const { id } = await taken();
  const seq = await says(id, 'Лимит 100 рублей');
  const edited = await olga.revise(id, seq, 'edit', { id: 'e1', text: 'Лимит 1000 рублей' });
  expect(edited.status).toBe(200);
  await fateOf(id, Number(edited.body.seq), 'accepted');
  expect(telegram.saidTo(8101)).toContain('Лимит 1000 рублей');
  expect(telegram.saidTo(8101)).not.toContain('Лимит 100 рублей');
  // Sent again after a lost answer, it counts once.
  expect((await olga.revise(id, seq, 'edit', { id: 'e1', text: 'Лимит 1000 рублей' })).body).toEqual(
    edited.body,
  );

  const asked = await seqOfClient(id);
  const liked = await olga.revise(id, asked, 'react', { id: 'r1', emoji: '👍' });
  await fateOf(id, Number(liked.body.seq), 'accepted');
  const own = () => telegram.chats.find(8101)?.messages.find(({ from }) => from === 'client');
  expect(own()?.reaction).toEqual(['👍']);
  const unliked = await olga.revise(id, asked, 'react', { id: 'r2', emoji: null });
  await fateOf(id, Number(unliked.body.seq), 'accepted');
  expect(own()?.reaction).toEqual([]);

  const deleted = await olga.revise(id, seq, 'delete', { id: 'd1' });
  await fateOf(id, Number(deleted.body.seq), 'accepted');
  expect(telegram.saidTo(8101)).not.toContain('Лимит 1000 рублей');
  const items = await olga.read(id);
  expect(items.find((item) => item.seq === seq)).toMatchObject({ content: [{ text: 'Лимит 100 рублей' }] });
  expect(items.filter((item) => item.type === 'revision')).toMatchObject([
    { what: 'edited', of: seq, by: 'operator', content: [{ text: 'Лимит 1000 рублей' }] },
    { what: 'reaction', of: asked, emoji: ['👍'] },
    { what: 'reaction', of: asked, emoji: [] },
    { what: 'deleted', of: seq, by: 'operator' },
  ]);
  expect(await olga.revise(id, seq, 'edit', { id: 'e2', text: 'ещё' })).toMatchObject({
    status: 409,
    body: { code: 'already-deleted' },
  });
});

test('an edit whose answer is lost is sent again and stands once; one that Telegram refuses says why', async () => {
  telegram.say(8102, 'позовите сотрудника');
  const { id } = await taken();
  const seq = await says(id, 'было');
  telegram.fault({ method: 'editMessageText', chat: 8102, fault: { kind: 'cut-after' }, times: 1 });
  const lost = await olga.revise(id, seq, 'edit', { id: 'e1', text: 'стало' });
  await fateOf(id, Number(lost.body.seq), 'accepted');
  expect(telegram.saidTo(8102).filter((text) => text === 'стало')).toHaveLength(1);
  telegram.fault({ method: 'deleteMessage', chat: 8102, fault: { kind: 'cut-after' }, times: 1 });
  const gone = await olga.revise(id, seq, 'delete', { id: 'd1' });
  await fateOf(id, Number(gone.body.seq), 'accepted');

  const other = await says(id, 'другое');
  telegram.fault({
    method: 'editMessageText',
    chat: 8102,
    fault: { kind: 'refuse', status: 400, description: "Bad Request: message can't be edited" },
    times: 1,
  });
  const refused = await olga.revise(id, other, 'edit', { id: 'e2', text: 'иначе' });
  await fateOf(id, Number(refused.body.seq), 'rejected');
  expect(telegram.saidTo(8102)).toContain('другое');

  // What was refused can be tried again.
  const fault = {
    kind: 'refuse',
    status: 400,
    description: "Bad Request: message can't be deleted",
  } as const;
  telegram.fault({ method: 'deleteMessage', chat: 8102, fault, times: 1 });
  const kept = await olga.revise(id, other, 'delete', { id: 'd2' });
  await fateOf(id, Number(kept.body.seq), 'rejected');
  const removed = await olga.revise(id, other, 'delete', { id: 'd3' });
  await fateOf(id, Number(removed.body.seq), 'accepted');
  expect(telegram.saidTo(8102)).not.toContain('другое');
});

test('an edit of which nobody knows waits for a person, who sends the same edit again', async () => {
  telegram.say(8105, 'позовите сотрудника');
  const { id } = await taken();
  const seq = await says(id, 'старые слова');
  telegram.fault({ method: 'editMessageText', chat: 8105, fault: { kind: 'cut-before' }, times: 2 });
  const lost = await olga.revise(id, seq, 'edit', { id: 'e1', text: 'новые слова' });
  await fateOf(id, Number(lost.body.seq), 'unknown');
  const item = await itemAt(id, Number(lost.body.seq));
  const delivery = item && 'delivery' in item ? item.delivery?.id : undefined;
  const admin = await signIn(hub.url, 'admin@demo.bank');
  expect((await admin.retry(delivery ?? '')).status).toBe(200);
  await vi.waitFor(() => expect(telegram.saidTo(8105)).toContain('новые слова'), soon);
  expect(telegram.saidTo(8105)).not.toContain('старые слова');
});

test('the chat on the page shows an edit and a reaction at once, and never again what was deleted', async () => {
  const address = `${hub.url.replace('http', 'ws')}/channels/webchat/socket`;
  const page = await openChat(address, { origin: hub.url });
  const { token } = await page.hello({ locale: 'en' });
  page.send({ type: 'message', id: 'a', text: 'I want to talk to a person' });
  const { id } = await taken();
  const kept = await says(id, 'Your limit is 100');
  const secret = await says(id, 'Somebody else’s data');
  const shown = await page.message(({ text }) => text === 'Your limit is 100');
  const wrong = await page.message(({ text }) => text.startsWith('Somebody'));
  await olga.revise(id, kept, 'edit', { id: 'e1', text: 'Your limit is 1000' });
  expect(await page.nth('revision', 1)).toMatchObject({ of: shown.seq, text: 'Your limit is 1000' });
  await olga.revise(id, secret, 'delete', { id: 'd1' });
  expect(await page.nth('revision', 2)).toMatchObject({ of: wrong.seq, deleted: true });
  const asked = await page.message((frame) => frame.id === 'a');
  await olga.revise(id, await seqOfClient(id), 'react', { id: 'r1', emoji: '❤' });
  const last = await page.nth('revision', 3);
  expect(last).toMatchObject({ of: asked.seq, reactions: ['❤'] });
  await page.close();

  const reloaded = await openChat(address, { origin: hub.url });
  await reloaded.hello({ token, locale: 'en' });
  await reloaded.nth('revision', 3);
  expect(reloaded.frames).toContainEqual(
    expect.objectContaining({ type: 'message', seq: shown.seq, text: 'Your limit is 1000', edited: true }),
  );
  expect(JSON.stringify(reloaded.frames)).not.toContain('Somebody');
  expect(reloaded.frames).toContainEqual(expect.objectContaining({ seq: asked.seq, reactions: ['❤'] }));
  await reloaded.close();

  // A page that was away gets what it missed.
  const back = await openChat(address, { origin: hub.url });
  await back.hello({ token, after: last.seq - 1, locale: 'en' });
  expect(await back.nth('revision', 1)).toMatchObject({ seq: last.seq });
  await back.close();
});

test('Slack edits and deletes; one reaction takes the place of another, and both sides see them', async () => {
  const { post: own } = await slack.say('U1', 'D1', 'позовите сотрудника');
  const { id } = await taken();
  const seq = await says(id, 'первое');
  const edited = await olga.revise(id, seq, 'edit', { id: 'e1', text: 'второе' });
  await fateOf(id, Number(edited.body.seq), 'accepted');
  const texts = () =>
    slack.posts.filter(({ from, deleted }) => from === 'bot' && !deleted).map(({ text }) => text);
  expect(texts()).toContain('второе');
  expect(texts()).not.toContain('первое');
  const deleted = await olga.revise(id, seq, 'delete', { id: 'd1' });
  await fateOf(id, Number(deleted.body.seq), 'accepted');
  expect(texts()).not.toContain('второе');
  expect((await olga.see(id)).revisable).toEqual([
    { channel: 'slack', edit: true, delete: true, react: true },
  ]);

  if (!own) throw new Error('Slack kept no message');
  const asked = await seqOfClient(id);
  await slack.reactTo('U1', own, 'tada');
  await slack.reactTo('U1', own, 'eyes');
  for (const [index, emoji] of (['👍', '❤'] as const).entries()) {
    const put = await olga.revise(id, asked, 'react', { id: `r${index}`, emoji });
    await fateOf(id, Number(put.body.seq), 'accepted');
  }
  expect(own.reactions).toEqual([
    { name: 'tada', user: 'U1' },
    { name: 'eyes', user: 'U1' },
    { name: 'heart', user: 'UBOT' },
  ]);
  // Taken back with an answer that is lost, it is asked again and stays so.
  slack.fault({ method: 'reactions.remove', channel: 'D1', fault: { kind: 'cut-after' } });
  const none = await olga.revise(id, asked, 'react', { id: 'r2', emoji: null });
  await fateOf(id, Number(none.body.seq), 'accepted');
  expect(own.reactions.map(({ name }) => name)).toEqual(['tada', 'eyes']);
  expect(
    (await olga.read(id)).filter((item) => item.type === 'revision' && item.what === 'reaction'),
  ).toMatchObject([
    { of: asked, by: 'client', emoji: ['🎉'] },
    { of: asked, by: 'client', emoji: ['🎉', '👀'] },
    { of: asked, by: 'operator', emoji: ['👍'] },
    { of: asked, by: 'operator', emoji: ['❤'] },
    { of: asked, by: 'operator', emoji: [] },
  ]);
});

test('nobody changes what is not theirs to change', async () => {
  telegram.say(8103, 'позовите сотрудника');
  const { id, epoch } = await taken();
  const seq = await says(id, 'моё');
  const refusal = async (who: DeskOperator, ...wish: Parameters<DeskOperator['revise']>) => {
    const { status, body } = await who.revise(...wish);
    return [status, body.code];
  };
  const edit = { id: 'x', text: 'чужое' };
  const own = await seqOfClient(id);
  const bots =
    (await olga.read(id)).find((item) => item.type === 'message' && item.from === 'bot')?.seq ?? -1;
  // Another's conversation, a client's message, the bot's, one that is none, and one of another conversation.
  expect(await refusal(ivan, id, seq, 'edit', edit)).toEqual([409, 'not-yours']);
  expect(await refusal(olga, id, own, 'edit', edit)).toEqual([409, 'not-revisable']);
  expect(await refusal(olga, id, own, 'delete', edit)).toEqual([409, 'not-revisable']);
  expect(await refusal(olga, id, bots, 'edit', edit)).toEqual([409, 'not-revisable']);
  expect(await refusal(olga, id, seq, 'react', { id: 'x', emoji: '👍' })).toEqual([409, 'not-revisable']);
  expect(await refusal(olga, id, 9_999, 'edit', edit)).toEqual([404, 'no-message']);
  expect(await refusal(olga, '0190f000-0000-7000-8000-000000000000', seq, 'edit', edit)).toEqual([
    404,
    'not-found',
  ]);
  // What cannot be: an emoji that is none of the few, blanks, and a text that takes more than one message.
  expect((await refusal(olga, id, own, 'react', { id: 'x', emoji: '<img>' }))[0]).toBe(400);
  expect((await refusal(olga, id, seq, 'edit', { id: 'x', text: ' ' }))[0]).toBe(400);
  expect(await refusal(olga, id, seq, 'edit', { id: 'x', text: 'я'.repeat(64 * 1024) })).toEqual([
    409,
    'does-not-fit',
  ]);
  // Given away, it is no longer hers.
  await olga.act('release', { id, epoch });
  expect(await refusal(olga, id, seq, 'delete', { id: 'x' })).toEqual([409, 'not-yours']);
  expect((await olga.read(id)).filter((item) => item.type === 'revision')).toEqual([]);
  expect(telegram.saidTo(8103)).toContain('моё');
});

test('after 48 hours Telegram deletes nothing, and the refusal says what to do', async () => {
  telegram.say(8104, 'позовите сотрудника');
  const { id } = await taken();
  const seq = await says(id, 'старое');
  await hub.db.query(`update event set at = at - interval '49 hours' where conversation = $1 and seq = $2`, [
    id,
    seq,
  ]);
  expect(await olga.revise(id, seq, 'delete', { id: 'd' })).toMatchObject({
    status: 409,
    body: { code: 'too-old' },
  });
});
