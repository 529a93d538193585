import { expect, test } from 'vitest';
import { createEcho } from '../../bots/echo.ts';
import type { Content } from '../../gateway/model/content.ts';
import { emptyConversation } from '../../gateway/model/conversation.ts';
import type { Event } from '../../gateway/model/events.ts';
import type {
  ChannelId,
  ContactId,
  ConversationId,
  IdentityId,
  MessageId,
  ThreadId,
} from '../../gateway/model/ids.ts';

function answerTo(content: Content[]) {
  const conversation = emptyConversation('c' as ConversationId, 'p' as ContactId);
  const identity = { id: 'i' as IdentityId, channel: 'telegram' as ChannelId, evidence: 'claimed' as const };
  const facts = {
    message: 'm' as MessageId,
    thread: 't' as ThreadId,
    identity: identity.id,
    channel: identity.channel,
    kinds: [],
  };
  const event: Event = {
    type: 'message.received',
    facts,
    body: { content },
    conversation: conversation.id,
    seq: 1,
    at: new Date(0),
  };
  return createEcho().respond({
    event,
    conversation,
    contact: { id: conversation.contact, identity },
    now: new Date(0),
    seed: 0,
  });
}

test.each(['hello', '  two\n lines ', '👋🏽 שלום', '<b>&amp;'])(
  'says back exactly what it got: %j',
  async (text) => {
    const [message] = await answerTo([{ kind: 'text', text }]);
    expect(message).toEqual({ type: 'message.sent', content: [{ kind: 'text', text: `you said ${text}` }] });
  },
);

test('completes its turn once', async () => {
  const decisions = await answerTo([{ kind: 'text', text: 'x' }]);
  expect(decisions.filter(({ type }) => type === 'turn.completed')).toHaveLength(1);
});
