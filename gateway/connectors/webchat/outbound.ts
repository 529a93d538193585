import { mapLink } from '../../map-link.ts';
import {
  type AnswerChoice,
  answersIn,
  type Choice,
  type Content,
  readableText,
} from '../../model/content.ts';
import type { ClientMessage, ClientRevision, ClientSeen } from '../client-view.ts';
import type { ServerFrame } from './frames.ts';

/** A message as the widget gets it; its `seq` is the position in the client's view. */
export function renderMessage(message: ClientMessage): Extract<ServerFrame, { type: 'message' }> {
  const choices = choicesOf(message);
  return {
    type: 'message',
    seq: message.position,
    id: message.id,
    from: message.from,
    text: shownText(message.content),
    ...(choices.length > 0 && { choices }),
    ...(message.files && { files: message.files }),
    at: message.at.toISOString(),
    ...(message.revised?.isEdited && { edited: true }),
    ...(message.revised?.isDeleted && { deleted: true }),
    ...(message.revised?.reactions && { reactions: message.revised.reactions }),
  };
}

/** A change of a message as the widget gets it; one that knows nothing of it ignores it. */
export function renderRevision(revision: ClientRevision): Extract<ServerFrame, { type: 'revision' }> {
  const { position: seq, of, content, isDeleted, reactions } = revision;
  return {
    type: 'revision',
    seq,
    of,
    ...(content && { text: shownText(content) }),
    ...(isDeleted && { deleted: true }),
    ...(reactions && { reactions }),
  };
}

/** What can be pressed under a message. */
function choicesOf(message: ClientMessage): readonly Choice[] {
  return message.content.flatMap((part) => (part.kind === 'choices' ? part.choices : []));
}

/** The quick replies that a message offers. */
export function offeredBy(message: ClientMessage): readonly AnswerChoice[] {
  return answersIn(choicesOf(message));
}

/** A place is shown by its name and a link: a page of ours calls nobody else by itself. */
function shownText(content: readonly Content[]): string {
  const lines = content.flatMap((part) =>
    part.kind === 'location' ? [readableText([part]), mapLink(part)] : [readableText([part])],
  );
  return lines.filter((line) => line !== '').join('\n');
}

/** The newest of what is seen whose texts fit into `maxBytes` together, oldest first; the newest always does. */
export function newestWithin(seen: readonly ClientSeen[], maxBytes: number): readonly ClientSeen[] {
  let bytes = 0;
  const first = seen.findLastIndex(({ content = [] }) => {
    bytes += Buffer.byteLength(readableText(content));
    return bytes > maxBytes;
  });
  return seen.slice(Math.min(first + 1, Math.max(0, seen.length - 1)));
}
