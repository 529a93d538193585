import type { Choice, MessageFrame, RevisionFrame, ShownFile, Speaker } from './frames.ts';

/** A message as the chat knows it. */
export interface Entry {
  /** The client's own id for what it sent, else the hub's. */
  readonly id: string;
  /** Its place in the thread; undefined until the hub has stored it. */
  readonly seq?: number;
  readonly from: Speaker;
  readonly text: string;
  readonly choices?: readonly Choice[];
  readonly files?: readonly ShownFile[];
  /** Of the quick reply that it answers with. */
  readonly choice?: string;
  /** Milliseconds. */
  readonly at: number;
  readonly state: 'sending' | 'stored' | 'failed';
  /** Why it failed, a code. */
  readonly failure?: string;
  readonly isRead?: boolean;
  /** What the bank's people changed in it; what was deleted has no text any more. */
  readonly isEdited?: boolean;
  readonly isDeleted?: boolean;
  readonly reactions?: readonly string[];
}

/** What was stored, by `seq`, then what waits to be stored, in the order it was written. Each id once. */
export type Transcript = readonly Entry[];

/** With a message of the hub, at its place; one that is known already, by id or `seq`, is only confirmed. */
export function withMessage(transcript: Transcript, frame: MessageFrame): Transcript {
  const known = transcript.find((entry) => entry.id === frame.id || entry.seq === frame.seq);
  const at = Date.parse(frame.at);
  const entry: Entry = {
    id: known?.id ?? frame.id,
    seq: frame.seq,
    from: frame.from,
    text: frame.text,
    at: Number.isNaN(at) ? (known?.at ?? 0) : at,
    state: 'stored',
    ...(frame.choices?.length ? { choices: frame.choices } : {}),
    ...(frame.files?.length ? { files: frame.files } : {}),
    ...(known?.choice === undefined ? {} : { choice: known.choice }),
    ...(known?.isRead ? { isRead: true } : {}),
    ...(frame.edited ? { isEdited: true } : {}),
    ...(frame.deleted ? { isDeleted: true } : {}),
    ...(frame.reactions?.length ? { reactions: frame.reactions } : {}),
  };
  return placed(
    transcript.filter((each) => each !== known),
    entry,
  );
}

/** With a message as it was changed; of one that is not here it changes nothing. */
export function withRevision(
  transcript: Transcript,
  { of, text, deleted, reactions }: RevisionFrame,
): Transcript {
  return transcript.map((entry) => {
    if (entry.seq !== of) return entry;
    if (deleted) {
      const { choices: _, files: __, ...rest } = entry;
      return { ...rest, text: '', isDeleted: true };
    }
    const edited = text === undefined || entry.isDeleted ? entry : { ...entry, text, isEdited: true };
    return reactions ? { ...edited, reactions } : edited;
  });
}

/** With a message of the client's own that is still to be sent, where it is not there yet. */
export function withOwn(transcript: Transcript, own: Entry): Transcript {
  return transcript.some((entry) => entry.id === own.id) ? transcript : placed(transcript, own);
}

/** With the message of that id stored at that place; unknown ids change nothing. */
export function withStored(transcript: Transcript, id: string, seq: number): Transcript {
  const own = transcript.find((entry) => entry.id === id);
  if (!own || own.state === 'stored') return transcript;
  const { failure: _, ...rest } = own;
  return placed(
    transcript.filter((each) => each !== own),
    { ...rest, seq, state: 'stored' },
  );
}

/** With the client's own message of that id in another state of its sending. What is stored stays stored. */
export function withState(
  transcript: Transcript,
  id: string,
  change: { readonly state: 'sending' } | { readonly state: 'failed'; readonly failure: string },
): Transcript {
  return transcript.map((entry) => {
    if (entry.id !== id || entry.state === 'stored') return entry;
    const { failure: _, ...rest } = entry;
    return { ...rest, ...change };
  });
}

/** Without a message that was never stored. */
export function without(transcript: Transcript, id: string): Transcript {
  return transcript.filter((entry) => entry.id !== id || entry.state === 'stored');
}

/** With all of the client's messages up to that place read. */
export function withRead(transcript: Transcript, seq: number): Transcript {
  return transcript.map((entry) =>
    entry.from === 'client' && !entry.isRead && entry.seq !== undefined && entry.seq <= seq
      ? { ...entry, isRead: true }
      : entry,
  );
}

/** Only what waits to be stored: the rest belonged to another visitor. */
export function onlyOwnUnsent(transcript: Transcript): Transcript {
  return transcript.filter((entry) => entry.state !== 'stored');
}

/** How many messages of others stand after that place. */
export function countUnread(transcript: Transcript, seen: number): number {
  return transcript.filter((entry) => isOthers(entry) && (entry.seq ?? 0) > seen).length;
}

/** Place of the newest message of others; 0 where there is none. */
export function newestOfOthers(transcript: Transcript): number {
  return transcript.reduce(
    (newest, entry) => (isOthers(entry) ? Math.max(newest, entry.seq ?? 0) : newest),
    0,
  );
}

/** Who answers now, as far as the messages tell: the last of bot and operator who spoke. */
export function lastAnswering(transcript: Transcript): 'bot' | 'operator' {
  for (let index = transcript.length - 1; index >= 0; index -= 1) {
    const from = transcript[index]?.from;
    if (from === 'bot' || from === 'operator') return from;
  }
  return 'bot';
}

/** True for what somebody else said. */
function isOthers(entry: Entry): boolean {
  return entry.from !== 'client';
}

/** Puts an entry at its place, looking from the end: new ones nearly always belong there. */
function placed(transcript: Transcript, entry: Entry): Transcript {
  const rank = rankOf(entry);
  let place = transcript.length;
  while (place > 0 && rankOf(transcript[place - 1]) > rank) place -= 1;
  return [...transcript.slice(0, place), entry, ...transcript.slice(place)];
}

function rankOf(entry: Entry | undefined): number {
  return entry?.seq ?? Number.POSITIVE_INFINITY;
}
