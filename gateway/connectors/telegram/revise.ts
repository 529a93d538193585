import { type Api, GrammyError } from 'grammy';
import type { OutgoingPart } from '../outgoing.ts';
import { callSignal } from './api.ts';
import { inlineKeyboard } from './outbound.ts';

/** https://core.telegram.org/bots/api#updating-messages: a text is edited as text, a caption as caption. */
export async function editMessage(
  api: Api,
  target: { readonly chat: number; readonly message: number },
  part: OutgoingPart,
  signal: AbortSignal,
): Promise<void> {
  const ids = { chat_id: target.chat, message_id: target.message };
  const until = callSignal(signal);
  try {
    if (part.kind === 'text')
      await api.raw.editMessageText({ ...ids, text: part.text, ...inlineKeyboard(part.choices) }, until);
    else if (part.kind === 'media')
      await api.raw.editMessageCaption({ ...ids, caption: part.media[0]?.caption ?? '' }, until);
    else throw new Error(`telegram cannot edit a ${part.kind}`);
  } catch (error) {
    // It reads so already: an edit whose answer was lost, sent again.
    if (!(error instanceof GrammyError) || !error.description.includes('message is not modified'))
      throw error;
  }
}

/** https://core.telegram.org/bots/api#deletemessage */
export async function removeMessage(
  api: Api,
  chat: number,
  message: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await api.raw.deleteMessage({ chat_id: chat, message_id: message }, callSignal(signal));
  } catch (error) {
    // It is gone already: a deletion whose answer was lost, sent again.
    if (!(error instanceof GrammyError) || !error.description.includes('message to delete not found'))
      throw error;
  }
}

/** https://core.telegram.org/bots/api#setmessagereaction: a bot sets at most one, of those that the chat allows. */
export async function setReaction(
  api: Api,
  chat: number,
  message: number,
  emoji: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const reaction = emoji.slice(0, 1).map((one) => ({ type: 'emoji' as const, emoji: one }));
  // The type lists today's emoji; which of them a chat allows only Telegram knows.
  await api.raw.setMessageReaction(
    { chat_id: chat, message_id: message, reaction: reaction as never },
    callSignal(signal),
  );
}
