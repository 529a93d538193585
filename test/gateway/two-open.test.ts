import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MOVE_MS } from '../../gateway/moves.ts';
import { type Heard, IVAN, OLGA, openStage, queued, type Stage, says, taken } from './moving-stage.ts';

/** Two identities with an open conversation each prove to be one client; and it is undone. */

let stage: Stage;
/** Of this test alone, as a part of everybody's name. */
let who = 0;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(() => {
  who += 1;
  stage.wait(MOVE_MS + 1_000);
});

const OPERATOR = { kind: 'operator', operator: OLGA } as const;
type Held = 'bot' | 'queue' | 'operator';

/** How the client of the SMS comes into the conversation of the page. */
const ROADS = {
  'a code': async (web, sms) => {
    const { code } = await stage.offer(web.conversation);
    await stage.types('sms', sms.user, code);
  },
  'a link': async (web, sms) => {
    const { link } = await stage.offer(web.conversation, { kind: 'bot' });
    await stage.comes('sms', sms.user, link);
  },
  'a code from an operator': async (web, sms) => {
    const { code } = await stage.offer(web.conversation, OPERATOR);
    await stage.types('sms', sms.user, code);
  },
  // The page spoke last, and is signed in; then so is the other.
  'the bank, who knows both': async (web, sms) => {
    await stage.say(says('sms', sms.user, 'it is me', `customer ${who}`));
    stage.wait(1_000);
    await stage.say(says('webchat', web.user, 'it is me', `customer ${who}`));
    await stage.linking.start();
  },
} satisfies Record<string, (web: Client, sms: Client) => Promise<void>>;

interface Client extends Heard {
  readonly user: string;
}

async function begins(channel: string, held: Held, by: typeof OLGA): Promise<Client> {
  const user = `${channel} ${who}`;
  const heard = await stage.say(says(channel, user, `first by ${channel}`));
  if (held !== 'bot') await stage.append(heard.conversation, held === 'queue' ? queued() : taken(by));
  return { ...heard, user };
}

const status = async ({ conversation }: Heard) => (await stage.rowOf(conversation))?.status;
const writes = async (channel: string, { user }: Client) =>
  (await stage.say(says(channel, user, 'more'))).conversation;

describe.each(Object.keys(ROADS) as (keyof typeof ROADS)[])('by %s', (road) => {
  // Page, SMS, and whose conversation goes on: that with people, of equal ones that which the client chose or used last.
  test.each([
    ['bot', 'bot', 'web'],
    ['queue', 'bot', 'web'],
    ['bot', 'queue', 'sms'],
    ['queue', 'queue', 'web'],
    ['operator', 'bot', 'web'],
    ['bot', 'operator', 'sms'],
    ['operator', 'queue', 'web'],
    ['queue', 'operator', 'sms'],
  ] as const)('%s and %s: that of the %s goes on, and an undone link parts them', async (web, sms, on) => {
    const [page, phone] = [await begins('webchat', web, OLGA), await begins('sms', sms, IVAN)];
    await ROADS[road](page, phone);
    const [stays, goes] = on === 'web' ? [page, phone] : [phone, page];
    expect([await status(stays), await status(goes)]).toEqual(['open', 'closed']);
    const [continued] = await stage.eventsOf(goes.conversation, 'conversation.continued');
    expect(continued?.facts.in).toBe(stays.conversation);
    const [carried] = await stage.eventsOf(stays.conversation, 'context.carried');
    expect(carried?.facts.from).toBe(goes.conversation);
    expect(carried?.body?.said).toContainEqual({
      kind: 'text',
      text: `first by ${on === 'web' ? 'sms' : 'webchat'}`,
    });
    const bound = await stage.eventsOf(stays.conversation, 'thread.bound');
    expect(bound.map(({ facts }) => facts.thread).sort()).toEqual([page.thread, phone.thread].sort());
    for (const one of [stays, goes])
      expect(await stage.eventsOf(one.conversation, 'identity.linked')).toHaveLength(1);
    expect(await writes('webchat', page)).toBe(stays.conversation);
    expect(await writes('sms', phone)).toBe(stays.conversation);

    expect(await stage.linking.unlink(goes.identity, stays.conversation, OPERATOR)).toBe('unlinked');
    const [channel, other] = on === 'web' ? (['sms', 'webchat'] as const) : (['webchat', 'sms'] as const);
    expect(await writes(other, stays)).toBe(stays.conversation);
    const apart = await writes(channel, goes);
    expect([stays.conversation, goes.conversation]).not.toContain(apart);
  });

  test('with an operator in each, both stay open, and the client goes on in one of them', async () => {
    const [page, phone] = [await begins('webchat', 'operator', OLGA), await begins('sms', 'operator', IVAN)];
    await ROADS[road](page, phone);
    expect([await status(page), await status(phone)]).toEqual(['open', 'open']);
    // The secondary one says where the client is.
    const [told] = await stage.eventsOf(phone.conversation, 'identity.linked');
    expect(told?.facts.in).toBe(page.conversation);
    expect(await stage.eventsOf(page.conversation, 'context.carried')).toEqual([]);
    expect(await writes('sms', phone)).toBe(page.conversation);
    expect(await writes('webchat', page)).toBe(page.conversation);
  });

  test('with an operator in each, an undone link leaves each client their own', async () => {
    const [page, phone] = [await begins('webchat', 'operator', OLGA), await begins('sms', 'operator', IVAN)];
    await ROADS[road](page, phone);
    expect(await stage.linking.unlink(phone.identity, page.conversation, OPERATOR)).toBe('unlinked');
    expect(await writes('sms', phone)).toBe(phone.conversation);
    expect(await writes('webchat', page)).toBe(page.conversation);
  });
});
