import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageFrame } from '../../gateway/connectors/webchat/widget/frame/frames.ts';
import {
  countUnread,
  type Entry,
  lastAnswering,
  newestOfOthers,
  type Transcript,
  withMessage,
  withOwn,
  without,
  withRead,
  withRevision,
  withState,
  withStored,
} from '../../gateway/connectors/webchat/widget/frame/transcript.ts';

const AT = '2026-11-23T10:00:00.000Z';

function said(seq: number, from: MessageFrame['from'], more: Partial<MessageFrame> = {}): MessageFrame {
  return { type: 'message', seq, id: `m${seq}`, from, text: `text ${seq}`, at: AT, ...more };
}

function own(id: string): Entry {
  return { id, from: 'client', text: `own ${id}`, at: Date.parse(AT), state: 'sending' };
}

function ids(transcript: Transcript): string[] {
  return transcript.map(({ id }) => id);
}

describe('the transcript', () => {
  it('shows what waits to be sent after everything that is stored', () => {
    const waiting = withOwn(withMessage([], said(3, 'bot')), own('a'));
    expect(ids(withMessage(waiting, said(6, 'bot')))).toEqual(['m3', 'm6', 'a']);
  });

  it('puts a stored message at its place, before an answer that came earlier', () => {
    const answered = withMessage(withOwn([], own('a')), said(6, 'bot'));
    const stored = withStored(answered, 'a', 3);
    expect(ids(stored)).toEqual(['a', 'm6']);
    expect(stored[0]).toMatchObject({ seq: 3, state: 'stored' });
  });

  it('shows once what the page has sent and the hub repeats', () => {
    const stored = withStored(withOwn([], own('a')), 'a', 3);
    expect(withMessage(stored, said(3, 'client', { id: 'a', text: 'own a' }))).toHaveLength(1);
  });

  it('shows new words and a reaction, and what is deleted without a word, file or button', () => {
    const shown = withMessage([], said(3, 'operator', { choices: [{ id: 'y', text: 'Yes' }] }));
    const edited = withRevision(shown, { type: 'revision', seq: 4, of: 3, text: 'new' });
    expect(edited).toMatchObject([{ text: 'new', isEdited: true }]);
    const liked = withRevision(edited, { type: 'revision', seq: 5, of: 3, reactions: ['👍'] });
    expect(liked).toMatchObject([{ text: 'new', reactions: ['👍'] }]);
    const [deleted] = withRevision(liked, { type: 'revision', seq: 6, of: 3, deleted: true });
    expect(deleted).toMatchObject({ text: '', isDeleted: true });
    expect(deleted?.choices).toBeUndefined();
    expect(withRevision(shown, { type: 'revision', seq: 7, of: 1, text: 'of nothing here' })).toEqual(shown);
  });

  it('keeps which quick reply was pressed when the hub repeats it as text', () => {
    const pressed = withOwn([], { ...own('a'), choice: 'yes' });
    expect(withMessage(pressed, said(3, 'client', { id: 'a' }))[0]).toMatchObject({ choice: 'yes', seq: 3 });
  });

  it('keeps a message stored when a late refusal of it comes', () => {
    const stored = withStored(withOwn([], own('a')), 'a', 3);
    expect(withState(stored, 'a', { state: 'failed', failure: 'too-large' })).toEqual(stored);
    expect(without(stored, 'a')).toEqual(stored);
  });

  it('forgets the failure of a message that was stored at last', () => {
    const failed = withState(withOwn([], own('a')), 'a', { state: 'failed', failure: 'unanswered' });
    expect(withStored(failed, 'a', 3)[0]).not.toHaveProperty('failure');
  });

  it('takes a receipt for everything up to its place', () => {
    const stored = withStored(withStored(withOwn(withOwn([], own('a')), own('b')), 'a', 3), 'b', 6);
    expect(withRead(stored, 3).map(({ isRead }) => isRead)).toEqual([true, undefined]);
  });

  it('counts as unread what others said after the place that was seen', () => {
    const transcript = [said(3, 'bot'), said(6, 'client'), said(9, 'operator'), said(12, 'system')].reduce(
      withMessage,
      [] as Transcript,
    );
    expect(countUnread(transcript, 3)).toBe(2);
    expect(newestOfOthers(transcript)).toBe(12);
  });

  it('takes for the answering one who spoke last, and the bot before anybody did', () => {
    expect(lastAnswering([])).toBe('bot');
    const transcript = [said(3, 'bot'), said(6, 'operator'), said(9, 'client')].reduce(
      withMessage,
      [] as Transcript,
    );
    expect(lastAnswering(transcript)).toBe('operator');
  });

  it('stands in order with each message once, in whatever order and however often frames come', () => {
    const frames = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 });
    fc.assert(
      fc.property(frames, (seqs) => {
        const transcript = seqs.reduce<Transcript>(
          (known, seq) => withMessage(known, said(seq, seq % 2 ? 'bot' : 'client')),
          [],
        );
        const places = transcript.map(({ seq }) => seq);
        expect(places).toEqual([...new Set(seqs)].sort((one, other) => one - other));
      }),
    );
  });
});
