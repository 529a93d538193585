import type { Chats } from './telegram-chats.ts';

/** https://core.telegram.org/bots/api#message */
export function addSaid(chats: Chats, id: number, text: string): Record<string, unknown> {
  const chat = chats.open(id);
  const { messageId } = chats.add(chat, { from: 'client', text, buttons: [] });
  return {
    message_id: messageId,
    from: personOf(id, chat.firstName, chat.language),
    chat: { id, type: 'private', first_name: chat.firstName },
    date: Math.floor(Date.now() / 1000),
    text,
  };
}

/** https://core.telegram.org/bots/api#callbackquery */
export function pressed(
  chats: Chats,
  id: number,
  button: string,
): { query: string; update: Record<string, unknown> } {
  const chat = chats.open(id);
  const message = chat.messages.findLast(({ buttons }) =>
    buttons.some(({ text, data }) => text === button || data === button),
  );
  const found = message?.buttons.find(({ text, data }) => text === button || data === button);
  if (!message || !found) throw new Error(`chat ${id} has no button ${button}`);
  const query = String(Math.floor(Math.random() * 1e15));
  const callback_query = {
    id: query,
    from: personOf(id, chat.firstName, chat.language),
    chat_instance: String(id),
    data: found.data,
    message: {
      message_id: message.messageId,
      date: Math.floor(Date.now() / 1000),
      chat: { id, type: 'private', first_name: chat.firstName },
      text: message.text,
      reply_markup: {
        inline_keyboard: message.buttons.map(({ text, data }) => [{ text, callback_data: data }]),
      },
    },
  };
  return { query, update: { callback_query } };
}

function personOf(id: number, first_name: string, language_code: string): Record<string, unknown> {
  return { id, is_bot: false, first_name, language_code };
}
