/**
 * What a client's message says about being written to: `out`, write no more; `in`, write again. Only a message that is
 * nothing but such a word counts: «стоп, подождите» is a sentence. The English words are the unambiguous ones of
 * https://help.twilio.com/articles/223134027 (its "cancel", "end" and "quit" are what clients tell a bot about the matter
 * at hand), the Russian ones what Russian senders print under their messages.
 */
export function readStopWord(text: string): 'out' | 'in' | undefined {
  const word = text
    .trim()
    .replace(/[.!«»"'\s]+$|^[«"'\s]+/gu, '')
    .toLowerCase()
    .replaceAll('ё', 'е');
  return WORDS.get(word);
}

const WORDS = new Map<string, 'out' | 'in'>([
  ...['stop', 'stopall', 'unsubscribe', 'стоп', 'отписка', 'отписаться', 'отпишите'].map(
    (word): [string, 'out'] => [word, 'out'],
  ),
  ...['start', 'unstop', 'старт', 'подписка', 'подписаться'].map((word): [string, 'in'] => [word, 'in']),
]);
