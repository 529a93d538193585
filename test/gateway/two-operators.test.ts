import { expect, test } from 'vitest';
import { placeOf } from '../../gateway/store/threads.ts';
import { IVAN, OLGA } from './moving-stage.ts';
import { type Client, twoOperators, WEB } from './two-operators-stage.ts';

/** Two clients prove to be one while an operator speaks with each: both conversations stay open, until one is over. */

const two = twoOperators();

test('when the primary one is over, the client goes on in the secondary one, and only then in a new one', async () => {
  const { primary, secondary } = await two.twoPages();
  expect(await two.stage.rowOf(primary.conversation)).toMatchObject({ status: 'open', secondary_to: null });
  const { contact } = (await two.stage.rowOf(primary.conversation)) ?? {};
  expect(await two.stage.rowOf(secondary.conversation)).toMatchObject({
    status: 'open',
    secondary_to: contact,
  });
  const linkedIn = async (one: Client) =>
    (await two.stage.eventsOf(one.conversation, 'identity.linked')).map(({ facts }) => facts.secondary);
  expect([await linkedIn(primary), await linkedIn(secondary)]).toEqual([[undefined], [true]]);
  expect(await two.writes(primary, 'more')).toBe(primary.conversation);
  expect(await two.writes(secondary, 'more')).toBe(primary.conversation);
  await two.ends(primary);
  expect((await placeOf(two.stage.db, WEB, primary.user))?.conversation).toBe(secondary.conversation);
  expect(await two.writes(primary, 'more')).toBe(secondary.conversation);
  expect(await two.writes(secondary, 'more')).toBe(secondary.conversation);
  await two.ends(secondary);
  const next = await two.writes(secondary, 'more');
  expect([primary.conversation, secondary.conversation]).not.toContain(next);
  expect(await two.writes(primary, 'more')).toBe(next);
});

test('when the secondary one is over first, the client stays where they are', async () => {
  const { primary, secondary } = await two.twoPages();
  await two.ends(secondary);
  expect(await two.writes(secondary, 'more')).toBe(primary.conversation);
  expect(await two.writes(primary, 'more')).toBe(primary.conversation);
});

test('the end of the primary one and the next message race on two nodes, and no third conversation opens', async () => {
  for (let turn = 0; turn < 4; turn++) {
    two.begin();
    const { primary, secondary } = await two.twoPages();
    const [, said] = await Promise.all([two.ends(primary), two.writes(primary, 'more', two.other.log)]);
    expect([primary.conversation, secondary.conversation]).toContain(said);
    expect(await two.writes(secondary, 'then')).toBe(secondary.conversation);
  }
});

test('a link that the store refuses half way leaves nothing of itself, and works when it is tried again', async () => {
  const primary = await two.begins(WEB, OLGA, 'first page');
  const secondary = await two.begins(WEB, IVAN, 'second page');
  const { code } = await two.stage.offer(primary.conversation);
  // The identities are moved and the conversation is marked by then.
  await two.stage.db.query(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
    create trigger refuse before update on move for each row execute function refuse()`);
  const before = [await two.stage.rowOf(primary.conversation), await two.stage.rowOf(secondary.conversation)];
  await expect(two.stage.types(WEB, secondary.user, code)).rejects.toThrow('no');
  expect([
    await two.stage.rowOf(primary.conversation),
    await two.stage.rowOf(secondary.conversation),
  ]).toEqual(before);
  await two.stage.db.query('drop trigger refuse on move; drop function refuse()');
  expect(await two.writes(secondary, 'mine')).toBe(secondary.conversation);
  await two.stage.types(WEB, secondary.user, code);
  expect(await two.writes(secondary, 'ours')).toBe(primary.conversation);
});

test('of three linked one after another each is gone through, the newest first', async () => {
  const { primary, secondary } = await two.twoPages();
  const third = await two.begins('sms', IVAN);
  const { code } = await two.stage.offer(primary.conversation);
  await two.stage.types('sms', third.user, code);
  expect(await two.writes(third, 'more')).toBe(primary.conversation);
  await two.answers(secondary, 'the last word of the secondary ones');
  await two.ends(primary);
  expect(await two.writes(third, 'more')).toBe(secondary.conversation);
  await two.ends(secondary);
  expect(await two.writes(primary, 'more')).toBe(third.conversation);
});
