import { describe, expect, it } from 'vitest';
import { isSameRow, type MessageRow, rowsOf } from '../../gateway/connectors/webchat/widget/frame/rows.ts';
import type { Entry } from '../../gateway/connectors/webchat/widget/frame/transcript.ts';

const NOON = Date.parse('2026-11-23T12:00:00');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const choices = [
  { id: 'y', text: 'Да' },
  { id: 'n', text: 'Нет' },
];

let seq = 0;
function entry(from: Entry['from'], more: Partial<Entry> = {}): Entry {
  seq += 1;
  return { id: `e${seq}`, seq, from, text: 'текст', at: NOON, state: 'stored', ...more };
}

function messages(transcript: readonly Entry[], isOpen = true): MessageRow[] {
  return rowsOf(transcript, isOpen).flatMap((row) => (row.kind === 'message' ? [row] : []));
}

function offers(transcript: readonly Entry[]): (string | undefined)[] {
  return messages(transcript)[0]?.offers?.map(({ state }) => state) ?? [];
}

describe('the lines of the chat', () => {
  it('begin each day with its name', () => {
    const rows = rowsOf(
      [entry('bot'), entry('client', { at: NOON + DAY }), entry('bot', { at: NOON + DAY })],
      true,
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'day', 'message', 'message']);
  });

  it('stand together while one author speaks within five minutes', () => {
    const rows = messages([
      entry('bot'),
      entry('bot', { at: NOON + MINUTE }),
      entry('bot', { at: NOON + 10 * MINUTE }),
      entry('client', { at: NOON + 10 * MINUTE }),
    ]);
    expect(rows.map(({ isFirst, isLast }) => `${isFirst} ${isLast}`)).toEqual([
      'true false',
      'false true',
      'true true',
      'true true',
    ]);
  });

  it('show the system between the bubbles', () => {
    expect(rowsOf([entry('system')], true).at(-1)?.kind).toBe('line');
  });

  it('tell what became of the last message, and of each that is not stored', () => {
    const sending = { state: 'sending' as const };
    const rows = messages([
      entry('client'),
      entry('client'),
      entry('client', { state: 'failed' }),
      entry('client', sending),
    ]);
    expect(rows.map((row) => row.sending)).toEqual([undefined, 'stored', 'failed', 'sending']);
    expect(messages([entry('client', sending)], false)[0]?.sending).toBe('waiting');
    expect(messages([entry('client', { isRead: true })])[0]?.sending).toBe('read');
  });
});

describe('quick replies', () => {
  it('are open until the client answers', () => {
    const asked = entry('bot', { choices });
    expect(offers([asked, entry('bot')])).toEqual(['open', 'open']);
    expect(offers([asked, entry('client', { text: 'Не знаю' })])).toEqual(['past', 'past']);
  });

  it('show which was chosen, by its id or, after a reload, by its text', () => {
    const asked = entry('bot', { choices });
    expect(offers([asked, entry('client', { choice: 'n', text: 'Нет' })])).toEqual(['past', 'chosen']);
    expect(offers([asked, entry('client', { text: 'Да' })])).toEqual(['chosen', 'past']);
  });

  it('stay open where they lead to an address, and one that asks for something is never shown as chosen', () => {
    const link = { id: 'l', text: 'Условия', kind: 'link', url: 'https://bank.example' } as const;
    const place = { id: 's', text: 'Место', kind: 'location' } as const;
    const asked = entry('bot', { choices: [...choices, link, place] });
    const answer = entry('client', { text: 'Место' });
    expect(offers([asked, answer])).toEqual(['past', 'past', 'open', 'past']);
  });

  it('are past once newer ones are offered or an operator speaks', () => {
    const asked = entry('bot', { choices });
    expect(offers([asked, entry('bot', { choices })])).toEqual(['past', 'past']);
    expect(offers([asked, entry('operator')])).toEqual(['past', 'past']);
  });
});

describe('drawing anew', () => {
  it('is needed only where a line would look different', () => {
    const asked = entry('bot', { choices });
    const answer = entry('client', { choice: 'y' });
    const before = messages([asked])[0];
    const same = messages([asked])[0];
    const after = messages([asked, answer])[0];
    if (!before || !same || !after) throw new Error('three lines are expected');
    expect(isSameRow(before, same)).toBe(true);
    expect(isSameRow(before, after)).toBe(false);
  });
});
