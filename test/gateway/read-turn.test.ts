import { describe, expect, test } from 'vitest';
import { type Capabilities, NO_ABILITIES, TEXT_ONLY } from '../../gateway/connectors/capabilities.ts';
import { type Content, readableText } from '../../gateway/model/content.ts';
import { apply, type Conversation, emptyConversation } from '../../gateway/model/conversation.ts';
import type { Event, NewEvent } from '../../gateway/model/events.ts';
import type { ChannelId, ThreadId } from '../../gateway/model/ids.ts';
import type { Decision, Turn } from '../../gateway/model/turn.ts';
import { readingTurns } from '../../gateway/read-turn.ts';

const capabilities = (choices: 'native' | 'fallback', maxChoices = 3): Capabilities => ({
  content: { ...TEXT_ONLY, choices },
  abilities: NO_ABILITIES,
  limits: {
    maxText: 160,
    unit: 'utf16',
    maxChoices,
    maxChoiceText: 20,
    perSecond: 1,
    perThreadPerSecond: 1,
    perThreadBurst: 1,
  },
  dedupeWindowMs: 1,
  acceptance: 'answer',
  jurisdiction: 'ru',
  dataClass: 'public',
});
const SMS = capabilities('fallback');
const list: Content = {
  kind: 'choices',
  choices: ['Дебетовая', 'Кредитная', 'Сберегательный счёт'].map((text, n) => ({ id: `c${n}`, text })),
};
const thread = 'thread' as ThreadId;

/** A conversation as its events make it. */
function dialogue() {
  let conversation: Conversation = emptyConversation('c' as never, 'p' as never);
  const events: Event[] = [];
  const add = (event: NewEvent): Event => {
    const stored = {
      ...event,
      conversation: conversation.id,
      seq: conversation.seq + 1,
      at: new Date(),
    } as Event;
    conversation = apply(conversation, stored);
    events.push(stored);
    return stored;
  };
  const received = {
    message: 'm' as never,
    identity: 'i' as never,
    channel: 'sms' as ChannelId,
    kinds: [],
    thread,
  };
  return {
    client: (content: Content[], more: object = {}) =>
      add({ type: 'message.received', facts: { ...received, ...more }, body: { content } }),
    bot: (content: Content[], answers: number, offers?: number) =>
      add({
        type: 'message.sent',
        facts: { message: 'm' as never, thread, author: { kind: 'bot' }, kinds: [], answers, offers },
        body: { content },
      }),
    edit: (of: number, text: string) =>
      add({
        type: 'message.edited',
        facts: { message: 'm' as never, of, by: { kind: 'contact' }, kinds: [] },
        body: { content: [{ kind: 'text', text }] },
      }),
    completed: (turn: number) =>
      add({ type: 'turn.completed', facts: { turn, now: '', seed: 0, trail: [] }, body: { state: {} } }),
    /** What the bot is asked; undefined where it is not. */
    async heard(event: Event, channel = SMS): Promise<readonly Content[] | undefined> {
      let asked: Turn | undefined;
      const bot = readingTurns(
        {
          respond(turn): readonly Decision[] {
            asked = turn;
            return [];
          },
        },
        () => channel,
      );
      await bot.respond({ event, conversation, contact: {} as never, now: new Date(), seed: 0 });
      return asked?.event.type === 'message.received' ? asked.event.body?.content : undefined;
    },
    version: () => conversation.version,
  };
}
const text = (said: string): Content[] => [{ kind: 'text', text: said }];

describe('a list of choices', () => {
  test.each(['2', ' 2. ', '2)', '№2', 'кредитная', 'Кредитная!'])('is answered by "%s"', async (said) => {
    const d = dialogue();
    const asked = d.client(text('карта'));
    d.bot([...text('Какая?'), list], asked.seq, 3);
    expect(await d.heard(d.client(text(said)))).toEqual([{ kind: 'choice', id: 'c1', text: 'Кредитная' }]);
  });

  test.each(['0', '4', '22', '2 рубля', 'две', 'Кредитная или дебетовая'])(
    'is not answered by "%s"',
    async (said) => {
      const d = dialogue();
      d.bot([list], d.client(text('карта')).seq, 3);
      expect(await d.heard(d.client(text(said)))).toEqual(text(said));
    },
  );

  test('with buttons under it is answered by the buttons alone, unless it has more than fit', async () => {
    const d = dialogue();
    d.bot([list], d.client(text('карта')).seq, 3);
    const two = d.client(text('2'));
    expect(await d.heard(two, capabilities('native'))).toEqual(text('2'));
    expect(await d.heard(two, capabilities('native', 2))).toMatchObject([{ id: 'c1' }]);
  });

  test('counts its answers alone: what opens an address or asks for something has no number', async () => {
    const d = dialogue();
    const choices = [
      { kind: 'link' as const, id: 'l', text: 'Условия', url: 'https://bank.example' },
      { id: 'a', text: 'Первая' },
      { kind: 'contact' as const, id: 's', text: 'Отправить номер' },
      { id: 'b', text: 'Вторая' },
    ];
    d.bot([{ kind: 'choices', choices }], d.client(text('карта')).seq, 4);
    expect(await d.heard(d.client(text('2')))).toMatchObject([{ id: 'b' }]);
    const label = d.client(text('Отправить номер'));
    expect(await d.heard(label)).toEqual(text('Отправить номер'));
  });

  test('stands while its turn is answered, and no longer than until something else is said', async () => {
    const d = dialogue();
    const first = d.client(text('карта'));
    d.bot([list], first.seq, 3);
    d.bot(text('Выберите.'), first.seq);
    const second = d.client(text('а курс?'));
    expect(await d.heard(d.client(text('2')))).toMatchObject([{ id: 'c1' }]);
    d.bot(text('Сколько дней?'), second.seq);
    expect(await d.heard(d.client(text('2')))).toEqual(text('2'));
  });
});

describe('an edit', () => {
  test('before the answer is what the bot reads, and makes a turn that runs stale; after it, history', async () => {
    const d = dialogue();
    const message = d.client(text('переведи сто'));
    const before = d.version();
    d.edit(message.seq, 'переведи двести');
    expect(d.version()).toBe(before + 1);
    expect(readableText((await d.heard(message)) ?? [])).toBe('переведи двести');
    d.completed(message.seq);
    expect(readableText((await d.heard(message)) ?? [])).toBe('переведи сто');
  });
});

test('an album is answered once, for its first part', async () => {
  const d = dialogue();
  const image = [{ kind: 'image', media: { id: 'm' as never } }] as const;
  const parts = [1, 2, 3].map(() => d.client([...image], { album: 'a' }));
  const heard = await Promise.all(parts.map((part) => d.heard(part)));
  expect(heard.map((one) => one !== undefined)).toEqual([true, false, false]);
  expect(await d.heard(d.client([...image], { album: 'b' }))).toBeDefined();
});
