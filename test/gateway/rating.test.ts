import { expect, test } from 'vitest';
import type { InboundContent, InboundMessage } from '../../gateway/connectors/inbound.ts';
import { choicesIn } from '../../gateway/model/content.ts';
import type { ConversationId, ThreadId } from '../../gateway/model/ids.ts';
import { askForRating, readRating } from '../../gateway/rating.ts';

const ID = '0199aaaa-0000-7000-8000-000000000001' as ConversationId;
const message = (...content: InboundContent[]): InboundMessage => ({
  type: 'message',
  dedupeKey: 'k',
  sender: { externalUser: 'u', externalThread: 'u' },
  content,
});
const text = (said: string) => message({ kind: 'text', text: said });

test('each choice of the question reads as its score, and fits the smallest callback', () => {
  const choices = choicesIn(askForRating(ID, 't' as ThreadId).body?.content ?? []);
  expect(choices.map(({ id }) => readRating(message({ kind: 'choice', id })))).toEqual(
    [1, 2, 3, 4, 5].map((score) => ({ conversation: ID, score })),
  );
  for (const { id } of choices) expect(Buffer.byteLength(id)).toBeLessThanOrEqual(48);
});

test('a number alone may be a score; anything else is a message', () => {
  expect([' 4 ', '5.', '1)'].map((said) => readRating(text(said))?.score)).toEqual([4, 5, 1]);
  for (const said of ['0', '6', '45', '4 рубля', 'пять', '']) expect(readRating(text(said))).toBeUndefined();
  expect(readRating(message({ kind: 'choice', id: 'rate:not-an-id:5' }))).toBeUndefined();
  expect(readRating({ ...text('5'), past: true })).toBeUndefined();
});
