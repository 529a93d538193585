import { type Choice, readableText } from '../../model/content.ts';
import type { ClientMessage } from '../client-view.ts';
import type { ServerFrame } from './frames.ts';

/** A message as the widget gets it; its `seq` is the position in the client's view. */
export function renderMessage(message: ClientMessage): Extract<ServerFrame, { type: 'message' }> {
  const choices = choicesOf(message);
  return {
    type: 'message',
    seq: message.position,
    id: message.id,
    from: message.from,
    text: readableText(message.content),
    ...(choices.length > 0 && { choices }),
    ...(message.files && { files: message.files }),
    at: message.at.toISOString(),
  };
}

/** The quick replies that a message offers. */
export function choicesOf(message: ClientMessage): readonly Choice[] {
  return message.content.flatMap((part) => (part.kind === 'choices' ? part.choices : []));
}

/** The newest of the messages whose texts fit into `maxBytes` together, oldest first; the newest always does. */
export function newestWithin(messages: readonly ClientMessage[], maxBytes: number): readonly ClientMessage[] {
  let bytes = 0;
  const first = messages.findLastIndex((message) => {
    bytes += Buffer.byteLength(readableText(message.content));
    return bytes > maxBytes;
  });
  return messages.slice(Math.min(first + 1, Math.max(0, messages.length - 1)));
}
