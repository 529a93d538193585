import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConversationRow } from '../../handoff/api.ts';
import { type ListRows, withPage, withRow } from '../../handoff/desk/list/list-rows.ts';

const ME = '00000000-0000-4000-8000-000000000001';
const COUNTS = { queue: 0, mine: 0, all: 0 };

function row(number: number, over: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    revision: 1,
    status: 'open',
    owner: { kind: 'queue', queue: 'main' },
    epoch: 1,
    seq: 1,
    ownerSince: new Date(Date.UTC(2026, 10, 23, 10, number)).toISOString(),
    contact: { id: ME, evidence: 'claimed' },
    channel: 'webchat',
    locale: 'ru',
    unread: 0,
    ...over,
  };
}
const numbers = (list: ListRows) => list.rows.map(({ id }) => Number(id.slice(-12)));
const taken = (number: number) =>
  row(number, { revision: 2, owner: { kind: 'operator', operator: ME, name: 'me' } });

describe('rows of a view', () => {
  it('come in where their order says', () => {
    const queue: ListRows = { rows: [row(1), row(5)] };
    expect(numbers(withRow(queue, row(3), 'queue', ME))).toEqual([1, 3, 5]);
    expect(numbers(withRow({ rows: [row(5), row(1)] }, row(3), 'all', ME))).toEqual([5, 3, 1]);
  });

  it('go when they no longer belong, and go to another view', () => {
    expect(numbers(withRow({ rows: [row(1), row(2)] }, taken(1), 'queue', ME))).toEqual([2]);
    expect(numbers(withRow({ rows: [] }, taken(1), 'mine', ME))).toEqual([1]);
    expect(numbers(withRow({ rows: [] }, taken(1), 'mine', 'another'))).toEqual([]);
  });

  it('stay in their place when somebody speaks', () => {
    const spoken = row(2, { revision: 2, unread: 4 });
    const list = withRow({ rows: [row(1), row(2), row(3)] }, spoken, 'queue', ME);
    expect(numbers(list)).toEqual([1, 2, 3]);
    expect(list.rows[1]?.unread).toBe(4);
  });

  it('take no older revision', () => {
    const list: ListRows = { rows: [row(1, { revision: 5 })] };
    expect(withRow(list, row(1, { revision: 4, unread: 9 }), 'queue', ME)).toBe(list);
  });

  it('wait for their page behind the last loaded row', () => {
    const list: ListRows = { rows: [row(1)], next: 'more' };
    expect(numbers(withRow(list, row(9), 'queue', ME))).toEqual([1]);
    expect(numbers(withRow({ rows: [row(1)] }, row(9), 'queue', ME))).toEqual([1, 9]);
  });

  it('are not doubled by a page that has what came live', () => {
    const list = withPage({ rows: [row(1), row(2)], next: 'x' }, { rows: [row(2), row(3)], counts: COUNTS });
    expect(numbers(list)).toEqual([1, 2, 3]);
    expect(list.next).toBeUndefined();
  });

  it('are the same, in order and once each, whatever the order in which they came', () => {
    const order = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 30 });
    fc.assert(
      fc.property(order, fc.constantFrom('queue', 'all'), (came, view) => {
        const list = came.reduce<ListRows>((rows, number) => withRow(rows, row(number), view, ME), {
          rows: [],
        });
        const sorted = [...came].sort((one, two) => (view === 'queue' ? one - two : two - one));
        expect(numbers(list)).toEqual(sorted);
      }),
    );
  });
});
