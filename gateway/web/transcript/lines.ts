import { dayKey } from '../dates.ts';
import { isShown } from './event-text.ts';
import { withRevisions } from './revisions.ts';
import type {
  Outgoing,
  ShownEvent,
  ShownItem,
  ShownMessage,
  ShownNote,
  ShownOwnerChange,
  ShownRevision,
} from './shown.ts';

type LineItem = Exclude<ShownItem, ShownRevision>;

const GROUP_MS = 5 * 60_000;
/** Fewer messages than this are not worth hiding. */
const FOLD_FROM = 3;

/** One line of the readable transcript. `key` stays the same while the line does, whatever is loaded around it. */
export type Line = { readonly key: string } & (
  | { readonly kind: 'day'; readonly at: string }
  /** Messages between client and bot before a handoff; `fold` names it, `count` says how many messages are in it. */
  | { readonly kind: 'fold'; readonly fold: number; readonly count: number; readonly open: boolean }
  | { readonly kind: 'unread' }
  | { readonly kind: 'message'; readonly item: ShownMessage; readonly first: boolean; readonly last: boolean }
  | { readonly kind: 'note'; readonly item: ShownNote }
  | { readonly kind: 'owner'; readonly item: ShownOwnerChange }
  | { readonly kind: 'event'; readonly item: ShownEvent }
  | { readonly kind: 'channel'; readonly from: string; readonly to: string }
  | { readonly kind: 'outgoing'; readonly outgoing: Outgoing; readonly first: boolean }
);

export interface LineOptions {
  /** Folds that the reader has opened. */
  readonly unfolded: ReadonlySet<number>;
  /** The first message of the client without an answer: a divider stands before it. */
  readonly firstUnread?: number;
  /** What is on its way and not yet among the items. */
  readonly outgoing: readonly Outgoing[];
  /** The name of who is at this page, under which the hub will show what is on its way. */
  readonly me: string;
  /** Older pages were not loaded: which day and which fold the first item stands in is not known yet. */
  readonly hasOlder: boolean;
  /** Items that were the first loaded ones once: they stay the first of a group, so that they keep their height. */
  readonly pageStarts: ReadonlySet<number>;
}

/** The lines of a transcript, oldest first, as it reads: days, folds, groups, and what is on its way at the end. */
export function transcriptLines(items: readonly ShownItem[], options: LineOptions): readonly Line[] {
  const shown = withRevisions(items).filter(isShown);
  const folds = findFolds(shown);
  const firstUnread = stillUnread(shown, options.firstUnread);
  const lines: Line[] = [];
  let day = '';
  let channel: string | undefined;
  for (const [index, item] of shown.entries()) {
    const fold = folds.find((each) => index >= each.start && index < each.end);
    const hidden = fold !== undefined && !options.unfolded.has(fold.seq);
    if (hidden && index > fold.start) continue;
    const itemDay = dayKey(item.at);
    const isEdge = index === 0 && options.hasOlder && !hidden;
    if (itemDay !== day && !isEdge) lines.push({ kind: 'day', key: `d${itemDay}`, at: item.at });
    day = itemDay;
    if (fold && index === fold.start && !isEdge) {
      lines.push({ kind: 'fold', key: `f${fold.seq}`, fold: fold.seq, count: fold.count, open: !hidden });
      if (hidden) continue;
    }
    if (item.seq === firstUnread) lines.push({ kind: 'unread', key: 'unread' });
    if (item.type === 'message' && item.from === 'client') {
      if (channel && channel !== item.channel) {
        lines.push({ kind: 'channel', key: `c${item.seq}`, from: channel, to: item.channel });
      }
      channel = item.channel;
    }
    lines.push(lineOf(item, lines.at(-1), shown[index + 1], options.pageStarts));
  }
  return [...lines, ...outgoingLines(shown, lines.at(-1), options)];
}

/** The fold that a message stands in, open or not; undefined where it stands in none. */
export function foldAround(items: readonly ShownItem[], seq: number): number | undefined {
  const shown = withRevisions(items).filter(isShown);
  const at = shown.findIndex((item) => item.seq === seq);
  return findFolds(shown).find(({ start, end }) => at >= start && at < end)?.seq;
}

/** True for the line of the message or note with this number. */
export function isLineOf(line: Line, seq: number | undefined): boolean {
  return (line.kind === 'message' || line.kind === 'note') && line.item.seq === seq;
}

/**
 * The sequence number of the first of the client's last `unread` messages; undefined where there are none
 * or where it is not among the items.
 */
export function firstUnreadSeq(items: readonly ShownItem[], unread: number): number | undefined {
  if (unread === 0) return undefined;
  const fromClient = items.filter((item) => item.type === 'message' && item.from === 'client');
  return fromClient.at(-unread)?.seq;
}

/** The mark of what has no answer goes with the answer. */
function stillUnread(items: readonly LineItem[], seq: number | undefined): number | undefined {
  if (seq === undefined) return undefined;
  const isAnswered = items.some(
    (item) => item.seq > seq && item.type === 'message' && item.from === 'operator',
  );
  return isAnswered ? undefined : seq;
}

interface Fold {
  /** Of the handoff that ends it, so that the fold stays the same when older pages come. */
  readonly seq: number;
  readonly start: number;
  /** Exclusive. The client's last message before the handoff stays readable. */
  readonly end: number;
  readonly count: number;
}

function findFolds(items: readonly LineItem[]): readonly Fold[] {
  const folds: Fold[] = [];
  let from = 0;
  for (const [index, item] of items.entries()) {
    if (item.type !== 'owner') continue;
    const handedOff = item.from.kind === 'bot' && (item.to.kind === 'queue' || item.to.kind === 'operator');
    const fold = handedOff ? foldOf(items, from, index) : undefined;
    if (fold) folds.push(fold);
    from = index + 1;
  }
  return folds;
}

function foldOf(items: readonly LineItem[], from: number, handoff: number): Fold | undefined {
  const isMessage = (index: number) => items[index]?.type === 'message';
  const isClients = (index: number) => {
    const item = items[index];
    return item?.type === 'message' && item.from === 'client';
  };
  let start = from;
  while (start < handoff && !isMessage(start)) start += 1;
  let end = handoff - 1;
  while (end > start && !isClients(end)) end -= 1;
  let count = 0;
  for (let index = start; index < end; index += 1) if (isMessage(index)) count += 1;
  const seq = items[handoff]?.seq;
  return count < FOLD_FROM || seq === undefined ? undefined : { seq, start, end, count };
}

function lineOf(
  item: LineItem,
  before: Line | undefined,
  next: LineItem | undefined,
  pageStarts: ReadonlySet<number>,
): Line {
  switch (item.type) {
    case 'message': {
      const follows = before?.kind === 'message' && isSameGroup(before.item, item);
      const first = !follows || pageStarts.has(item.seq);
      const last = next?.type !== 'message' || !isSameGroup(item, next) || pageStarts.has(next.seq);
      return { kind: 'message', key: keyOf(item), item, first, last };
    }
    case 'note':
      return { kind: 'note', key: keyOf(item), item };
    case 'owner':
      return { kind: 'owner', key: keyOf(item), item };
    case 'line':
      return { kind: 'event', key: keyOf(item), item };
  }
}

/** What this page sent keeps its key when the hub shows it back, so that its line stays where it is. */
function keyOf(item: LineItem): string {
  const own = item.type === 'note' || (item.type === 'message' && item.from === 'operator');
  return own && item.clientId ? `o${item.clientId}` : `m${item.seq}`;
}

function isSameGroup(one: ShownMessage, two: ShownMessage): boolean {
  return (
    one.from === two.from &&
    one.by === two.by &&
    one.channel === two.channel &&
    dayKey(one.at) === dayKey(two.at) &&
    Date.parse(two.at) - Date.parse(one.at) < GROUP_MS
  );
}

function outgoingLines(
  items: readonly LineItem[],
  last: Line | undefined,
  { outgoing, me }: LineOptions,
): readonly Line[] {
  const shownBack = new Set(items.map((item) => ('clientId' in item ? item.clientId : undefined)));
  let follows = last?.kind === 'message' && last.item.from === 'operator' && last.item.by === me;
  return outgoing
    .filter((each) => !shownBack.has(each.id))
    .map((each) => {
      const first = !follows;
      follows = each.mode === 'reply';
      return { kind: 'outgoing', key: `o${each.id}`, outgoing: each, first };
    });
}
