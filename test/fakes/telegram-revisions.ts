import { z } from 'zod';
import { type Answer, type BotState, done, type Method, number, refuse } from './telegram-answer.ts';
import type { ChatMessage } from './telegram-chats.ts';

const target = z.object({ chat_id: number, message_id: number });

/** A message of the bot in a chat, or why it cannot be changed. */
function find(parameters: Readonly<Record<string, unknown>>, { chats }: BotState) {
  const { chat_id, message_id } = target.parse(parameters);
  const chat = chats.find(chat_id);
  const message = chat?.messages.find(({ messageId }) => messageId === message_id);
  return chat && message ? { chat, message } : undefined;
}

function change(
  parameters: Readonly<Record<string, unknown>>,
  state: BotState,
  to: (message: ChatMessage) => Partial<ChatMessage>,
): Answer {
  const found = find(parameters, state);
  if (found?.message.from !== 'bot') return refuse(400, "Bad Request: message can't be edited");
  const changed = to(found.message);
  // Telegram refuses an edit that changes nothing.
  if (changed.text === found.message.text)
    return refuse(
      400,
      'Bad Request: message is not modified: specified new message content is exactly the same',
    );
  state.chats.replace(found.chat, found.message.messageId, changed);
  return done({ message_id: found.message.messageId, chat: { id: found.chat.id, type: 'private' } });
}

/** https://core.telegram.org/bots/api#editmessagetext */
const editMessageText: Method = (parameters, state) =>
  change(parameters, state, () => ({ text: z.string().parse(parameters.text) }));

/** https://core.telegram.org/bots/api#editmessagecaption */
const editMessageCaption: Method = (parameters, state) =>
  change(parameters, state, ({ sent }) => {
    const text = z.string().parse(parameters.caption);
    return { text, ...(sent && { sent: { ...sent, caption: text } }) };
  });

/** https://core.telegram.org/bots/api#deletemessage: "Bots can delete outgoing messages in private chats" */
const deleteMessage: Method = (parameters, state) => {
  const found = find(parameters, state);
  if (!found) return refuse(400, 'Bad Request: message to delete not found');
  state.chats.remove(found.chat, found.message.messageId);
  return done(true);
};

const reactions = z.preprocess(
  (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  z.array(z.object({ type: z.literal('emoji'), emoji: z.string() })),
);

/** https://core.telegram.org/bots/api#setmessagereaction: "bots can set up to one reaction per message" */
const setMessageReaction: Method = (parameters, state) => {
  const found = find(parameters, state);
  if (!found) return refuse(400, 'Bad Request: message to react not found');
  const reaction = reactions.parse(parameters.reaction ?? []).map(({ emoji }) => emoji);
  if (reaction.length > 1) return refuse(400, 'Bad Request: REACTIONS_TOO_MANY');
  state.chats.replace(found.chat, found.message.messageId, { reaction });
  return done(true);
};

export const revisionMethods: Readonly<Record<string, Method>> = {
  editMessageText,
  editMessageCaption,
  deleteMessage,
  setMessageReaction,
};
