import type { Locale } from '../gateway/model/contact.ts';
import type { Content } from '../gateway/model/content.ts';
import type { CustomEntities } from '../nlu/entities/custom.ts';
import type { Entity, EntityKind, SignalHit, Understanding, UnderstandOptions } from '../nlu/types.ts';

/** What turns a text into an understanding: synchronous and pure, so that a turn can be replayed. */
export type Understand = (text: string, options: UnderstandOptions) => Understanding;

/** What tells whether a client is angry, threatens, is being robbed, or speaks of somebody in danger; pure. */
export type ReadSignals = (text: string, locale?: Locale) => readonly SignalHit[];

/** What the script expects of the next message. */
export interface Awaited {
  readonly kinds: readonly EntityKind[];
  /** The kind that the open question asks for. */
  readonly awaited?: EntityKind;
  readonly locale?: Locale;
  /** Today as "2026-03-18", where a slot takes days. */
  readonly today?: string;
  /** The open question asks where the client is. */
  readonly place?: true;
  /** The bot's own lists and patterns. */
  readonly custom?: CustomEntities;
}

/** A client's message as the runner takes it. */
export interface Heard {
  readonly text: string;
  /** Id of the quick reply that was pressed. */
  readonly choice?: string;
  /** True where the message holds only what we cannot read, such as a photo. */
  readonly unreadable: boolean;
  readonly whole?: Understanding;
  /** Its sentences one by one, where there are several: a greeting and a request, a yes and one more wish. */
  readonly clauses: readonly Understanding[];
  /** The text without the values in it: tells "what's my savings balance?" from the answer "savings". */
  readonly rest?: Understanding;
  /** What the message shows besides its wish; the likeliest first. */
  readonly signals?: readonly SignalHit[];
  /** Where the client is, which the open question asks for: `latitude,longitude` in degrees. */
  readonly place?: string;
  /** A phone number was asked for, and the network says that the one handed over is somebody else's. */
  readonly isAnothersNumber?: true;
}

const MAX_CLAUSES = 6;

/** Nobody needs more characters to say what they want; a person reads the rest. */
const MAX_UNDERSTOOD = 4_000;

/** Reads a message. Quick replies are not understood but recognised by their id. */
export function hear(
  content: readonly Content[],
  understand: Understand,
  expected: Awaited,
  readSignals?: ReadSignals,
): Heard {
  const pressed = content.find((part) => part.kind === 'choice');
  const text = content
    .flatMap((part) => (part.kind === 'text' ? [part.text] : []))
    .join('\n')
    .trim()
    .slice(0, MAX_UNDERSTOOD);
  if (pressed)
    return { text: pressed.text ?? pressed.id, choice: pressed.id, unreadable: false, clauses: [] };
  const shared = text === '' ? sharedIn(content, expected) : undefined;
  if (shared && 'heard' in shared) return { unreadable: false, clauses: [], ...shared.heard };
  if (shared) return hear([{ kind: 'text', text: shared.text }], understand, expected, readSignals);
  if (!text) return { text, unreadable: content.length > 0, clauses: [] };

  const whole = understand(text, expected);
  const sentences = sentencesOf(text);
  const clauses = sentences.length > 1 ? sentences.map((sentence) => understand(sentence, expected)) : [];
  const rest = expected.awaited ? restOf(text, whole.entities) : undefined;
  return {
    text,
    unreadable: false,
    whole,
    clauses,
    ...(rest === undefined ? {} : { rest: understand(rest, { ...expected, kinds: [] }) }),
    signals: readSignals?.(text, expected.locale) ?? [],
  };
}

/** What the client handed over because the open question asks for it; a number is heard like one that was written. */
function sharedIn(
  content: readonly Content[],
  { awaited, place }: Awaited,
):
  | { readonly text: string }
  | { readonly heard: Pick<Heard, 'text' | 'place' | 'isAnothersNumber'> }
  | undefined {
  for (const part of content) {
    if (place && part.kind === 'location') {
      const where = `${part.latitude},${part.longitude}`;
      return { heard: { text: where, place: where } };
    }
    if (awaited !== 'phone' || part.kind !== 'contact' || part.phone === undefined) continue;
    if (part.ownNumber === false) return { heard: { text: part.phone, isAnothersNumber: true } };
    // Telegram writes a number with its country and without the plus.
    return { text: part.phone.replace(/^(?=\d{11,15}$)/, '+') };
  }
  return undefined;
}

/** The sentences of a text, at most six, each at least a word; commas divide too, for "Thanks, what's my balance?". */
function sentencesOf(text: string): string[] {
  return text
    .slice(0, 2_000)
    .split(/[.!?;\n]+(?:\s+|$)|,\s+/u)
    .map((part) => part.trim())
    .filter((part) => /\p{L}/u.test(part))
    .slice(0, MAX_CLAUSES);
}

/** The text with its values cut out; undefined where it holds none, or nothing but them. */
function restOf(text: string, entities: readonly Entity[]): string | undefined {
  const values = entities.filter((entity) => entity.kind !== 'yes_no');
  if (values.length === 0) return undefined;
  let rest = text.slice(0, 2_000);
  for (const { start, end } of [...values].sort((a, b) => b.start - a.start)) {
    rest = `${rest.slice(0, start)} ${rest.slice(end)}`;
  }
  return /\p{L}{2,}/u.test(rest) ? rest : undefined;
}

/** What is kept of an understanding with its turn: enough to see why, without the text, which the message has. */
export function recordOf(heard: Heard): unknown {
  const short = (it: Understanding) => ({
    language: it.language,
    intent: it.intent,
    confidence: round(it.confidence),
    alternatives: it.alternatives
      .slice(0, 3)
      .map(({ intent, confidence }) => ({ intent, confidence: round(confidence) })),
    entities: it.entities.slice(0, 12).map(({ kind, start, end, value }) => ({ kind, start, end, value })),
  });
  if (!heard.whole) return undefined;
  return {
    ...short(heard.whole),
    ...(heard.clauses.length > 0
      ? {
          clauses: heard.clauses.map(({ intent, confidence }) => ({ intent, confidence: round(confidence) })),
        }
      : {}),
    ...(heard.signals?.length
      ? {
          signals: heard.signals.map(({ signal, confidence }) => ({ signal, confidence: round(confidence) })),
        }
      : {}),
    ...(heard.rest ? { rest: { intent: heard.rest.intent, confidence: round(heard.rest.confidence) } } : {}),
  };
}

const round = (share: number): number => Math.round(share * 1_000) / 1_000;
