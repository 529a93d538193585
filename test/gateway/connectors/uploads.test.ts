import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createUploads } from '../../../gateway/connectors/webchat/uploads.ts';

const frame = (size: number) => ({ type: 'file' as const, id: 'f', name: 'a.pdf', mime: '', size });
const MEGABYTE = 1024 * 1024;
/** Longer than every patience. */
const LONG_MS = 600_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a visitor has two places, however many pages they open, and others have theirs', () => {
  const uploads = createUploads();
  const late = vi.fn();
  const first = uploads.begin(frame(10), 'a', late);
  expect(uploads.begin(frame(10), 'a', late)).toBeDefined();
  expect(uploads.begin(frame(10), 'a', late)).toBeUndefined();
  expect(uploads.begin(frame(10), 'b', late)).toBeDefined();
  first?.end();
  expect(uploads.begin(frame(10), 'a', late)).toBeDefined();
});

test('a place is given back when no bytes come, and kept while they do', () => {
  const uploads = createUploads({ idleMs: 1_000, longestMs: LONG_MS });
  const late = vi.fn();
  const upload = uploads.begin(frame(20 * MEGABYTE), 'a', late);
  for (let n = 0; n < 5; n++) {
    vi.advanceTimersByTime(900);
    expect(upload?.add(Buffer.alloc(100))).toBe('more');
  }
  expect(late).not.toHaveBeenCalled();
  vi.advanceTimersByTime(900);
  // A frame without a byte is no sign of life.
  upload?.add(Buffer.alloc(0));
  vi.advanceTimersByTime(200);
  expect(late).toHaveBeenCalledOnce();
});

test('a small file that comes byte by byte keeps its place no longer than a slow connection needs', () => {
  const uploads = createUploads({ idleMs: 1_000, longestMs: LONG_MS });
  const late = vi.fn();
  const upload = uploads.begin(frame(16 * 1024), 'a', late);
  // One second for its bytes and one of patience.
  for (let n = 0; n < 3; n++) {
    upload?.add(Buffer.alloc(1));
    vi.advanceTimersByTime(700);
  }
  expect(late).toHaveBeenCalledOnce();
});

test('nobody is called late once the file is whole or its place is given back', () => {
  const uploads = createUploads();
  const late = vi.fn();
  expect(uploads.begin(frame(1), 'a', late)?.add(Buffer.alloc(1))).toBe('whole');
  uploads.begin(frame(1), 'b', late)?.end();
  vi.advanceTimersByTime(LONG_MS);
  expect(late).not.toHaveBeenCalled();
});
