import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import { readableText } from '../../model/content.ts';
import { isLineOf, type Line } from './lines.ts';
import type { OlderPages } from './transcript.tsx';

/** Height kept free above the first line for the mark of older pages, so that loading them moves nothing. */
const OLDER_PX = 40;
const NEAR_END_PX = 60;
/** Older pages are asked for when this much is left above. */
const LOAD_AHEAD_PX = 600;

/** What is scrolled to is drawn this soon. */
const DRAWN_WITHIN_FRAMES = 60;

/** Of the window of a thread on an ordinary screen, pixels. */
const FIRST_GUESS = { width: 640, height: 520 };

type Scroller = RefObject<HTMLElement | null>;

export interface ThreadScroll {
  readonly visible: readonly VirtualItem[];
  readonly totalSize: number;
  readonly start: number;
  readonly atEnd: boolean;
  /** Messages that came below while the reader was further up. */
  readonly newBelow: number;
  readonly measure: (element: HTMLElement | null) => void;
  readonly toEnd: () => void;
}

/**
 * Keeps a reader's place in a transcript: begins at the first unanswered message where it and what follows do not
 * fit, else at the end; follows what comes only while at the end; stays where it is when older pages come in above.
 * What is looked for is brought into sight, with the focus, as soon as it is there.
 */
export function useThreadScroll(
  scroller: Scroller,
  lines: readonly Line[],
  older: OlderPages,
  sought: number | undefined,
): ThreadScroll {
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateHeight(lines[index]),
    getItemKey: (index) => lines[index]?.key ?? index,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: NEAR_END_PX,
    overscan: 4,
    paddingStart: older.state === 'none' ? 8 : OLDER_PX,
    paddingEnd: 8,
    // Close to where it will begin, so that the first lines that are drawn are those that stay.
    initialRect: FIRST_GUESS,
    initialOffset: () =>
      Math.max(0, lines.reduce((sum, line) => sum + estimateHeight(line), 0) - FIRST_GUESS.height),
  });
  // What changes above the place that is read moves the place with it, in whichever direction the reader came there.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (line, _delta, { scrollOffset, itemSizeCache }) =>
    (itemSizeCache.has(line.key) ? line.end : line.start + 1) <= (scrollOffset ?? 0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: where it is opened; later the reader scrolls
  useLayoutEffect(() => begin(virtualizer, lines, scroller.current?.clientHeight ?? 0), []);

  const soughtIndex = sought === undefined ? -1 : lines.findIndex((line) => isLineOf(line, sought));
  useSought(scroller, sought, soughtIndex, (index) => virtualizer.scrollToIndex(index, { align: 'center' }));

  const visible = virtualizer.getVirtualItems();
  const firstIndex = visible[0]?.index ?? 0;
  useOlderOnDemand(scroller, lines, older, firstIndex);
  const atEnd = useAtEnd(scroller, () => virtualizer.scrollToEnd());
  return {
    visible,
    totalSize: virtualizer.getTotalSize(),
    start: visible[0]?.start ?? 0,
    atEnd,
    newBelow: useNewBelow(lines, atEnd),
    measure: virtualizer.measureElement,
    toEnd: () => virtualizer.scrollToEnd(),
  };
}

function begin(virtualizer: Virtualizer<HTMLElement, Element>, lines: readonly Line[], height: number): void {
  const unread = lines.findIndex((line) => line.kind === 'unread');
  const rest = lines.slice(unread).reduce((sum, line) => sum + estimateHeight(line), 0);
  if (unread > 0 && rest > height) virtualizer.scrollToIndex(unread, { align: 'start' });
  else virtualizer.scrollToEnd();
}

/** Brings what is looked for into sight once it is there, and gives it the focus once it is drawn. */
function useSought(
  scroller: Scroller,
  sought: number | undefined,
  index: number,
  scrollTo: (index: number) => void,
): void {
  const isThere = index >= 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it comes; later the reader scrolls
  useEffect(() => {
    if (sought === undefined || !isThere) return;
    scrollTo(index);
    let frame = 0;
    const focus = (framesLeft: number) => {
      const line = scroller.current?.querySelector<HTMLElement>('[aria-current=location]');
      if (line) line.focus({ preventScroll: true });
      else if (framesLeft > 0) frame = requestAnimationFrame(() => focus(framesLeft - 1));
    };
    frame = requestAnimationFrame(() => focus(DRAWN_WITHIN_FRAMES));
    return () => cancelAnimationFrame(frame);
  }, [sought, isThere]);
}

function useOlderOnDemand(
  scroller: Scroller,
  lines: readonly Line[],
  { state, load }: OlderPages,
  firstIndex: number,
): void {
  // A closed fold hides any number of pages: they wait until somebody opens it.
  const startsFolded = lines.slice(0, 3).some((line) => line.kind === 'fold' && !line.open);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first line in sight says where the reader is
  useEffect(() => {
    const isNearStart = (scroller.current?.scrollTop ?? 0) < LOAD_AHEAD_PX;
    if (state === 'more' && isNearStart && !startsFolded) load();
  }, [scroller, state, load, firstIndex, startsFolded]);
}

/** Whether the end is in sight. Where the window of it grows or shrinks, the end stays in sight if it was. */
function useAtEnd(scroller: Scroller, toEnd: () => void): boolean {
  const [atEnd, setAtEnd] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scroller stays while the thread does
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let height = element.clientHeight;
    let wasAtEnd = true;
    const look = () => {
      // A resize is told of by the observer below, and must not look like a reader who scrolled away.
      if (element.clientHeight !== height) return;
      wasAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR_END_PX;
      setAtEnd(wasAtEnd);
    };
    const observer = new ResizeObserver(() => {
      if (element.clientHeight !== height && wasAtEnd) toEnd();
      height = element.clientHeight;
      look();
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  return atEnd;
}

function useNewBelow(lines: readonly Line[], atEnd: boolean): number {
  const lastKey = lines.at(-1)?.key;
  const [seenKey, setSeenKey] = useState(lastKey);
  useEffect(() => {
    if (atEnd) setSeenKey(lastKey);
  }, [atEnd, lastKey]);
  if (atEnd) return 0;
  const seen = lines.findLastIndex((line) => line.key === seenKey);
  return seen < 0 ? 0 : lines.slice(seen + 1).filter((line) => line.kind === 'message').length;
}

/** Roughly how high a line will be, pixels; the real height is measured once it is in the document. */
function estimateHeight(line: Line | undefined): number {
  switch (line?.kind) {
    case 'message':
      return 16 + 20 * textLines(readableText(line.item.content)) + (line.first ? 26 : 0);
    case 'note':
      return 52 + 20 * textLines(line.item.text);
    case 'outgoing':
      return 36 + 20 * textLines(line.outgoing.text);
    default:
      return 32;
  }
}

function textLines(text: string): number {
  return Math.min(40, Math.ceil(text.length / 60) || 1);
}
