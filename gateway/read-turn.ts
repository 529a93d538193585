import type { Capabilities } from './connectors/capabilities.ts';
import { areNumbered } from './fit-choices.ts';
import { answersIn, type Choice, type Content } from './model/content.ts';
import type { Event } from './model/events.ts';
import type { ChannelId } from './model/ids.ts';
import type { Responder, Turn } from './model/turn.ts';

/**
 * The turn as its responder is to read it: a message that was edited in its newest words, and a number or a label that
 * answers a list of choices as that choice. Pure: all of it stands in the conversation's state.
 */
function readTurn(turn: Turn, capabilities: Capabilities | undefined): Turn {
  const { event, conversation } = turn;
  if (event.type !== 'message.received' || !event.body) return turn;
  const { edits, offered } = conversation.turn;
  const words = edits?.[event.seq] ?? event.body.content;
  const isOffered = offered?.thread === event.facts.thread && capabilities !== undefined;
  const content =
    isOffered && areNumbered(offered.choices, capabilities) ? asChoice(words, offered.choices) : words;
  if (content === event.body.content) return turn;
  const read: Event<'message.received'> = { ...event, body: { ...event.body, content: [...content] } };
  return { ...turn, event: read };
}

/** A responder that reads its turns so, and is asked once for an album. */
export function readingTurns(
  responder: Responder,
  capabilitiesOf: (channel: ChannelId) => Capabilities | undefined,
): Responder {
  return {
    respond(turn) {
      const { event, conversation } = turn;
      if (event.type !== 'message.received') return responder.respond(turn);
      if (goesWithAlbum(event, conversation))
        return [{ type: 'turn.completed', state: conversation.turn.bot, trail: [] }];
      return responder.respond(readTurn(turn, capabilitiesOf(event.facts.channel)));
    },
  };
}

function goesWithAlbum({ facts, seq }: Event<'message.received'>, { turn }: Turn['conversation']): boolean {
  return turn.album !== undefined && facts.album === turn.album.id && seq > turn.album.first;
}

/** `2`, `2.`, `№ 2`, or the label itself, whatever its case; anything else is not an answer to the list. */
function asChoice(content: readonly Content[], choices: readonly Choice[]): readonly Content[] {
  const [part, ...others] = content;
  if (part?.kind !== 'text' || others.length > 0) return content;
  const said = folded(part.text);
  const number = /^(?:№ ?)?(\d{1,3})[.)]?$/.exec(said)?.[1];
  const answers = answersIn(choices);
  const choice =
    answers.find(({ text }) => folded(text) === said) ?? (number ? answers[Number(number) - 1] : undefined);
  return choice ? [{ kind: 'choice', id: choice.id, text: choice.text }] : content;
}

function folded(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[.!]+$/, '');
}
