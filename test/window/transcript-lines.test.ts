import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstUnreadSeq,
  type Line,
  type LineOptions,
  transcriptLines,
} from '../../gateway/web/transcript/lines.ts';
import { shorten } from '../../gateway/web/transcript/shorten.ts';
import type { ShownItem, ShownMessage } from '../../gateway/web/transcript/shown.ts';

const OPTIONS: LineOptions = {
  unfolded: new Set(),
  outgoing: [],
  me: 'me',
  hasOlder: false,
  pageStarts: new Set(),
};
const at = (minute: number) => new Date(2026, 10, 23, 10, minute).toISOString();
const BOT = { kind: 'bot' } as const;
const QUEUE = { kind: 'queue', queue: 'main' } as const;

function message(seq: number, from: ShownMessage['from'], over: Partial<ShownMessage> = {}): ShownMessage {
  const content = [{ kind: 'text', text: `text ${seq}` }] as const;
  return { type: 'message', seq, at: at(seq), from, channel: 'webchat', content, erased: false, ...over };
}
const handoff = (seq: number): ShownItem => ({
  type: 'owner',
  seq,
  at: at(seq),
  from: BOT,
  to: QUEUE,
  reason: 'asked',
});
const kinds = (lines: readonly Line[]) => lines.map(({ kind }) => kind);

const WITH_BOT = [
  message(1, 'client'),
  message(2, 'bot'),
  message(3, 'client'),
  message(4, 'bot'),
  message(5, 'client'),
  message(6, 'bot'),
  handoff(7),
  message(8, 'client'),
];

describe('transcript lines', () => {
  it('begin a new day with its name', () => {
    const lines = transcriptLines(
      [message(1, 'client', { at: new Date(2026, 10, 22, 10).toISOString() }), message(2, 'client')],
      OPTIONS,
    );
    expect(kinds(lines)).toEqual(['day', 'message', 'day', 'message']);
  });

  it('group what one author said in a row', () => {
    const lines = transcriptLines([message(1, 'client'), message(2, 'client'), message(3, 'bot')], OPTIONS);
    const groups = lines.flatMap((line) => (line.kind === 'message' ? [[line.first, line.last]] : []));
    expect(groups).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  it('fold the dialogue with the bot up to the client’s last message before the handoff', () => {
    const lines = transcriptLines(WITH_BOT, OPTIONS);
    expect(kinds(lines)).toEqual(['day', 'fold', 'message', 'message', 'owner', 'message']);
    expect(lines[1]).toMatchObject({ count: 4, open: false });
    const unfolded = transcriptLines(WITH_BOT, { ...OPTIONS, unfolded: new Set([7]) });
    expect(kinds(unfolded).filter((kind) => kind === 'message')).toHaveLength(7);
  });

  it('keep a fold open when older pages come in before it', () => {
    const later = WITH_BOT.slice(2);
    const [before, after] = [later, WITH_BOT].map((items) =>
      transcriptLines(items, { ...OPTIONS, unfolded: new Set([7]) }),
    );
    expect(before?.find(({ kind }) => kind === 'fold')).toBeUndefined();
    expect(after?.find(({ kind }) => kind === 'fold')).toMatchObject({ key: 'f7', open: true });
  });

  it('say nothing of the day and the fold that the first item stands in while older pages are not loaded', () => {
    const edge = { ...OPTIONS, hasOlder: true };
    expect(kinds(transcriptLines([message(1, 'client'), message(2, 'client')], edge))).toEqual([
      'message',
      'message',
    ]);
    expect(kinds(transcriptLines(WITH_BOT, { ...edge, unfolded: new Set([7]) }))[0]).toBe('message');
    expect(kinds(transcriptLines(WITH_BOT, edge)).slice(0, 2)).toEqual(['day', 'fold']);
  });

  it('keep the look of what was first when its page was loaded', () => {
    const before = transcriptLines([message(2, 'client')], { ...OPTIONS, hasOlder: true });
    const after = transcriptLines([message(1, 'client'), message(2, 'client')], {
      ...OPTIONS,
      hasOlder: true,
      pageStarts: new Set([2]),
    });
    expect(after.at(-1)).toEqual(before.at(-1));
  });

  it('do not fold a dialogue that the bot still has', () => {
    expect(kinds(transcriptLines(WITH_BOT.slice(0, 6), OPTIONS))).not.toContain('fold');
  });

  it('mark the first message without an answer', () => {
    const items = [message(1, 'client'), message(2, 'operator'), message(3, 'client'), message(4, 'client')];
    expect(firstUnreadSeq(items, 2)).toBe(3);
    expect(firstUnreadSeq(items, 0)).toBeUndefined();
    expect(firstUnreadSeq(items, 9)).toBeUndefined();
    expect(kinds(transcriptLines(items, { ...OPTIONS, firstUnread: 3 }))).toEqual([
      'day',
      'message',
      'message',
      'unread',
      'message',
      'message',
    ]);
  });

  it('take the mark away with the answer', () => {
    const items = [message(1, 'client'), message(2, 'operator')];
    expect(kinds(transcriptLines(items, { ...OPTIONS, firstUnread: 1 }))).not.toContain('unread');
  });

  it('say where the client moved to another channel', () => {
    const lines = transcriptLines(
      [message(1, 'client'), message(2, 'client', { channel: 'telegram' })],
      OPTIONS,
    );
    expect(lines.find(({ kind }) => kind === 'channel')).toMatchObject({ from: 'webchat', to: 'telegram' });
  });

  it('leave out what only machines need, and say the end once', () => {
    const line = (seq: number, what: string): ShownItem => ({
      type: 'line',
      seq,
      at: at(seq),
      what,
      detail: {},
    });
    const end: ShownItem = {
      type: 'owner',
      seq: 2,
      at: at(2),
      from: BOT,
      to: { kind: 'nobody' },
      reason: 'closed',
    };
    expect(
      kinds(transcriptLines([line(1, 'timer.set'), end, line(3, 'conversation.closed')], OPTIONS)),
    ).toEqual(['day', 'event']);
  });

  it('keep the key of what this page sent when the hub shows it back, and show it once', () => {
    const outgoing = [{ id: 'x', mode: 'reply', text: 'hello', at: at(1), state: 'sent' }] as const;
    const before = transcriptLines([], { ...OPTIONS, outgoing });
    const after = transcriptLines([message(1, 'operator', { clientId: 'x' })], { ...OPTIONS, outgoing });
    expect(before.map(({ key }) => key)).toEqual(['ox']);
    expect(after.map(({ key }) => key).filter((key) => key === 'ox')).toHaveLength(1);
  });

  it('never have two lines of one key', () => {
    const item = fc.record({
      from: fc.constantFrom('client', 'bot', 'operator'),
      hands: fc.boolean(),
      day: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), fc.nat(40), (drawn, unread) => {
        const items = drawn.map(({ from, hands }, index) =>
          hands ? handoff(index + 1) : message(index + 1, from as 'client'),
        );
        const lines = transcriptLines(items, {
          ...OPTIONS,
          unfolded: new Set([1, 5, 9]),
          firstUnread: unread,
        });
        const keys = lines.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

describe('a long text', () => {
  it('shows its beginning only, and never half a character', () => {
    expect(shorten('short')).toBe('short');
    expect(shorten('a'.repeat(100_000))).toHaveLength(1500);
    expect(shorten('😀'.repeat(50_000))).not.toMatch(/\p{Surrogate}/u);
    expect(shorten(`a${'😀'.repeat(50_000)}`)).not.toMatch(/\p{Surrogate}/u);
    expect(shorten('line\n'.repeat(200)).split('\n')).toHaveLength(30);
  });
});
