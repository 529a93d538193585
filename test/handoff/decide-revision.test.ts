import { expect, it } from 'vitest';
import type { Content } from '../../gateway/model/content.ts';
import type {
  ChannelId,
  ConversationId,
  MediaId,
  MessageId,
  OperatorId,
  ThreadId,
} from '../../gateway/model/ids.ts';
import { decideRevision, type Known, type Said, type Wish } from '../../handoff/revising/decide.ts';

const olga = 'olga' as OperatorId;
const words = (text: string): Content => ({ kind: 'text', text });
const photo = (id: string): Content => ({ kind: 'image', media: { id: id as MediaId } });
const place: Content = { kind: 'location', latitude: 1, longitude: 2 };

function decided(wish: Wish, said: Partial<Said>, known: Partial<Known> = {}) {
  return decideRevision(
    wish,
    olga,
    {
      ownership: {
        id: 'c' as ConversationId,
        status: 'open',
        owner: { kind: 'operator', operator: olga },
        epoch: 1,
        seq: 9,
        thread: 't' as ThreadId,
      },
      said: {
        seq: 5,
        message: 'm' as MessageId,
        thread: 't' as ThreadId,
        channel: 'x' as ChannelId,
        at: new Date(0),
        from: 'operator',
        content: [words('было')],
        isDeleted: false,
        state: 'accepted',
        named: 1,
        ...said,
      },
      abilities: { edit: true, delete: true, react: true },
      now: new Date(0),
      requestsOf: (content) => content.length,
      ...known,
    },
    'r' as MessageId,
  );
}

const edit = { what: 'edit', text: 'стало' } as const;
const remove = { what: 'delete' } as const;
const no = { outcome: 'not-possible-here' };

it('gives a text with files new words, and keeps its files', () => {
  expect(decided(edit, { content: [words('было'), photo('1'), photo('2')] })).toMatchObject({
    outcome: 'do',
    event: {
      type: 'message.edited',
      facts: { kinds: ['text', 'image', 'image'], of: 5 },
      body: { content: [words('стало'), photo('1'), photo('2')] },
    },
  });
  for (const content of [[photo('1')], [words('было'), place], []])
    expect(decided(edit, { content })).toEqual(no);
  expect(decided(edit, {}, { requestsOf: (content) => JSON.stringify(content).length })).toEqual({
    outcome: 'does-not-fit',
  });
});

it('says that the channel is off where it is, and not that another message would go', () => {
  for (const wish of [edit, remove])
    expect(decided(wish, {}, { abilities: undefined })).toEqual({ outcome: 'message-channel-off' });
});

it('takes back a message of several parts, but no album of which the network named only the first', () => {
  const content = [words('вот'), photo('1'), photo('2')];
  const albums = { messagesOf: () => content.length };
  expect(decided(remove, { content, named: 3 })).toMatchObject({ outcome: 'do' });
  expect(decided(remove, { content, named: 3 }, albums)).toMatchObject({ outcome: 'do' });
  expect(decided(remove, { content, named: 2 }, albums)).toEqual(no);
  expect(decided(remove, { content: [photo('1')], named: 1 }, albums)).toMatchObject({
    outcome: 'do',
  });
  // Where an album is one message, its one name is all.
  const together = { messagesOf: () => 2 };
  expect(decided(remove, { content, named: 2 }, together)).toMatchObject({ outcome: 'do' });
  expect(decided(remove, { content, named: 1 }, together)).toEqual(no);
});
