import { dayKey } from '../../../../web/dates.ts';
import type { Choice } from './frames.ts';
import type { Entry, Transcript } from './transcript.ts';

/** Messages of one author closer than this stand together, milliseconds. */
const TOGETHER_MS = 5 * 60 * 1000;

/** A line of the chat as it is drawn. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  /** What the bank's system says, between the bubbles. */
  | { readonly kind: 'line'; readonly key: string; readonly entry: Entry }
  | MessageRow;

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly entry: Entry;
  /** First and last of what one author said together. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly sending?: 'sending' | 'waiting' | 'failed' | 'stored' | 'read';
  readonly offers?: readonly Offer[];
}

/** A quick reply. It stays readable when it can no longer be pressed. */
export interface Offer extends Choice {
  readonly state: 'open' | 'chosen' | 'past';
}

/** The transcript as it is drawn; `isOpen`: the connection is. */
export function rowsOf(transcript: Transcript, isOpen: boolean): Row[] {
  const rows: Row[] = [];
  const lastStored = transcript.reduce<Entry | undefined>(
    (last, entry) => (entry.from === 'client' && entry.state === 'stored' ? entry : last),
    undefined,
  );
  transcript.forEach((entry, index) => {
    const before = transcript[index - 1];
    const after = transcript[index + 1];
    if (!before || !isSameDay(before, entry))
      rows.push({ kind: 'day', key: `day ${entry.id}`, at: entry.at });
    if (entry.from === 'system' && !entry.choices) {
      rows.push({ kind: 'line', key: entry.id, entry });
      return;
    }
    const sending = sendingOf(entry, entry === lastStored, isOpen);
    rows.push({
      kind: 'message',
      key: entry.id,
      entry,
      isFirst: !before || !isTogether(before, entry),
      isLast: !after || !isTogether(entry, after),
      ...(sending === undefined ? {} : { sending }),
      ...(entry.choices ? { offers: offersOf(transcript, index, entry.choices) } : {}),
    });
  });
  return rows;
}

/** True when both draw the same. */
export function isSameRow(one: Row, other: Row): boolean {
  if (one.kind === 'day' || other.kind === 'day') return one.kind === other.kind && one.key === other.key;
  if (one.kind === 'line' || other.kind === 'line')
    return one.kind === other.kind && one.entry === other.entry;
  return (
    one.entry === other.entry &&
    one.isFirst === other.isFirst &&
    one.isLast === other.isLast &&
    one.sending === other.sending &&
    JSON.stringify(one.offers) === JSON.stringify(other.offers)
  );
}

function sendingOf(entry: Entry, isLastStored: boolean, isOpen: boolean): MessageRow['sending'] {
  if (entry.from !== 'client') return undefined;
  if (entry.state === 'failed') return 'failed';
  if (entry.state === 'sending') return isOpen ? 'sending' : 'waiting';
  if (!isLastStored) return undefined;
  return entry.isRead ? 'read' : 'stored';
}

/** Quick replies can be pressed until the client has answered, newer ones are offered, or an operator speaks. */
function offersOf(transcript: Transcript, index: number, choices: readonly Choice[]): Offer[] {
  const later = transcript.slice(index + 1);
  const answer = later.find(({ from }) => from === 'client');
  const isOpen = !answer && !later.some(({ from, choices: newer }) => newer || from === 'operator');
  const chosen = choices.find(
    ({ id, text, kind }) =>
      kind === undefined && (answer?.choice === undefined ? answer?.text === text : answer.choice === id),
  );
  return choices.map((choice) => ({
    ...choice,
    // An address can be opened at any time.
    state: choice === chosen ? 'chosen' : isOpen || choice.kind === 'link' ? 'open' : 'past',
  }));
}

function isTogether(one: Entry, other: Entry): boolean {
  return one.from === other.from && other.at - one.at < TOGETHER_MS && isSameDay(one, other);
}

function isSameDay(one: Entry, other: Entry): boolean {
  return dayKey(new Date(one.at).toISOString()) === dayKey(new Date(other.at).toISOString());
}
