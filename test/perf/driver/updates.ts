let updates = 0;

/** A message of a chat as Telegram posts it (https://core.telegram.org/bots/api#update), with a number of its own. */
export function updateOf(chat: number, text: string): string {
  updates += 1;
  const from = { id: chat, is_bot: false, first_name: 'Ann', language_code: 'en' };
  const message = {
    message_id: updates,
    date: 1_700_000_000,
    chat: { id: chat, type: 'private' },
    from,
    text,
  };
  return JSON.stringify({ update_id: updates, message });
}
