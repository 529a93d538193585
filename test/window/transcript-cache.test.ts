import { describe, expect, it } from 'vitest';
import type { TranscriptItem } from '../../handoff/api.ts';
import {
  type TranscriptCache,
  withDelivery,
  withItems,
  withNewest,
  withOlder,
} from '../../handoff/desk/thread/transcript-cache.ts';
import { delivery } from './desk-state.ts';

type Message = Extract<TranscriptItem, { type: 'message' }>;
function said(seq: number, over: Partial<Message> = {}): Message {
  const content = [{ kind: 'text' as const, text: String(seq) }];
  return {
    type: 'message',
    seq,
    at: '2026-11-23T10:00:00.000Z',
    from: 'operator',
    channel: 'webchat',
    content,
    erased: false,
    ...over,
  };
}
const items = (...seqs: number[]) => seqs.map((seq) => said(seq));
const seqs = (cache: TranscriptCache) => cache.items.map(({ seq }) => seq);

describe('the loaded transcript', () => {
  it('joins a fetched page to what it has', () => {
    const cache: TranscriptCache = { items: items(1, 3, 4), head: 4, hasOlder: false };
    expect(seqs(withNewest(cache, { items: items(3, 4, 6), head: 6, hasOlder: true }))).toEqual([1, 3, 4, 6]);
  });

  it('lets older lines go rather than hide a hole', () => {
    const cache: TranscriptCache = { items: items(1, 2), head: 2, hasOlder: false };
    const after = withNewest(cache, { items: items(50, 51), head: 51, hasOlder: true });
    expect(seqs(after)).toEqual([50, 51]);
    expect(after.hasOlder).toBe(true);
  });

  it('keeps what came live while a page was on its way', () => {
    const cache: TranscriptCache = { items: items(1, 2, 3), head: 3, hasOlder: false };
    const after = withNewest(cache, { items: items(1, 2), head: 2, hasOlder: false });
    expect(seqs(after)).toEqual([1, 2, 3]);
    expect(after.head).toBe(3);
  });

  it('takes each new line once', () => {
    const cache: TranscriptCache = { items: items(1, 2), head: 2, hasOlder: false };
    const after = withItems(withItems(cache, items(2, 3), 3), items(3), 3);
    expect(seqs(after)).toEqual([1, 2, 3]);
  });

  it('moves its head over lines that are not shown', () => {
    const cache: TranscriptCache = { items: items(1), head: 1, hasOlder: false };
    expect(withItems(cache, [], 7).head).toBe(7);
  });

  it('puts an older page before what it has, without doubling', () => {
    const cache: TranscriptCache = { items: items(5, 6), head: 6, hasOlder: true };
    const after = withOlder(cache, { items: items(3, 4, 5), head: 6, hasOlder: false });
    expect(seqs(after)).toEqual([3, 4, 5, 6]);
    expect(after.hasOlder).toBe(false);
  });

  it('moves a delivery forward and never back', () => {
    const first = { ...delivery('accepted'), revision: 3 };
    const cache: TranscriptCache = { items: [said(1, { delivery: first })], head: 1, hasOlder: false };
    const older = withDelivery(cache, 1, { ...first, state: 'due', revision: 2 });
    expect(older).toBe(cache);
    const newer = withDelivery(cache, 1, { ...first, receipt: 'read', revision: 4 });
    expect(newer.items[0]).toMatchObject({ delivery: { receipt: 'read' } });
    const page = { items: [said(1, { delivery: first })], head: 1, hasOlder: false };
    expect(withNewest(newer, page).items[0]).toMatchObject({ delivery: { receipt: 'read' } });
  });
});
