import { z } from 'zod';
import type { Content } from '../../../gateway/model/content.ts';
import type { Event } from '../../../gateway/model/events.ts';
import type { ConversationId } from '../../../gateway/model/ids.ts';
import type { ScriptSet } from '../../load.ts';
import { saysOnly } from '../../words.ts';

/** Something that a client said and that the bot could learn from. */
export interface Candidate {
  readonly conversation: ConversationId;
  /** The client's message. */
  readonly seq: number;
  readonly at: Date;
  /**
   * `miss`: the bot said that it did not understand; `correction`: the client said that this was not it; `clarified`: the
   * client then pressed what they had meant; `labelled`: a person of ours said what it was about.
   */
  readonly reason: 'miss' | 'correction' | 'clarified' | 'labelled';
  readonly text: string;
  /** What was said to the client before. */
  readonly context?: string;
  /** The intent that it may be of. */
  readonly proposed?: string;
}

/** «Нет, не то»: the whole message says no more than that the bot took it wrong. */
const NOT_THAT = {
  ru: [
    'не то',
    'нет не то',
    'это не то',
    'я не об этом',
    'не об этом',
    'нет не об этом',
    'я не про это',
    'не про это',
    'вы не поняли',
    'ты не понял',
    'не так поняли',
    'вы меня не поняли',
    'нет я не об этом',
    'нет не про это',
    'я спрашивал не об этом',
    'я спрашивала не об этом',
    'я спросил не об этом',
    'я не это имел в виду',
    'я не это имела в виду',
  ],
  en: [
    'not that',
    'no not that',
    "that's not it",
    'no that is not it',
    "that's not what i meant",
    "that's not what i asked",
    'not what i meant',
    'not what i asked',
    'you misunderstood',
    "you didn't understand me",
    'wrong',
    'no wrong',
  ],
};

/**
 * The candidates in a stretch of a conversation's log. Pure.
 * @param events in order; those before `after` only tell what went before
 * @param after what came to light up to here was taken already
 */
export function findCandidates(
  events: readonly Event[],
  after: number,
  scripts: ScriptSet,
): readonly Candidate[] {
  const found: Candidate[] = [];
  const fallbacks = fallbacksOf(scripts);
  let said: Event<'message.sent'> | undefined;
  let heard: Said | undefined;
  let before: Said | undefined;
  const add = (event: Event, what: Said, reason: Candidate['reason'], proposed: string | undefined) => {
    if (event.seq <= after) return;
    const { conversation } = event;
    const { seq, at, text, context } = what;
    found.push({
      conversation,
      seq,
      at,
      reason,
      text,
      ...(context && { context }),
      ...(proposed && { proposed }),
    });
  };
  for (const event of events) {
    if (event.type === 'message.sent') said = event;
    if (event.type === 'message.received') {
      before = heard;
      heard = {
        seq: event.seq,
        at: event.at,
        text: textOf(event.body?.content),
        isChoice: event.body?.content.some(({ kind }) => kind === 'choice') ?? false,
        context: textOf(said?.body?.content),
      };
    }
    if (event.type === 'turn.completed' && heard?.seq === event.facts.turn) {
      heard.isMissed = event.facts.trail.some(({ script }) => fallbacks.includes(script));
      heard.likely = likelyOf(event.body?.understanding);
      if (heard.isChoice && before?.isMissed) add(event, before, 'clarified', intentOf(scripts, event));
      else if (isCorrection(heard.text) && before && !before.isMissed && !before.isChoice)
        add(event, before, 'correction', before.likely?.[1]);
      else if (heard.isMissed) add(event, heard, 'miss', heard.likely?.[0]);
    }
  }
  return found;
}

/** A message of the client, and what the bot made of it. */
interface Said {
  readonly seq: number;
  readonly at: Date;
  readonly text: string;
  readonly isChoice: boolean;
  readonly context: string;
  isMissed?: boolean;
  likely?: readonly string[];
}

/** The written words of a message in one line. */
export function textOf(content: readonly Content[] | undefined): string {
  return (content ?? [])
    .flatMap((part) => (part.kind === 'text' ? [part.text] : []))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Whether the client says no more than that the bot took them wrong. */
export function isCorrection(text: string): boolean {
  return saysOnly(NOT_THAT, text);
}

/** The scripts that answer what was not understood. */
export function fallbacksOf({ scripts }: ScriptSet): readonly string[] {
  return [...scripts].flatMap(([name, { when }]) => (when.events.includes('not-understood') ? [name] : []));
}

/** The intent of the script that a turn began. */
function intentOf(scripts: ScriptSet, turn: Event<'turn.completed'>): string | undefined {
  for (const { script } of turn.facts.trail) {
    const intent = scripts.scripts.get(script)?.when.intents[0];
    if (intent) return intent;
  }
  return undefined;
}

const recorded = z.object({ alternatives: z.array(z.object({ intent: z.string() })) });

/** The recorded understanding is the bot's own (`recordOf`); where it is of another shape nothing is proposed. */
function likelyOf(understanding: unknown): readonly string[] {
  return recorded.safeParse(understanding).data?.alternatives.map(({ intent }) => intent) ?? [];
}
