import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';

const PAGE = 8;

export interface ListFocus {
  /** Row that must stay in the document, because it holds the focus. */
  readonly keptIndex: number;
  readonly tabIndexOf: (id: string) => 0 | -1;
  readonly onFocus: (id: string) => void;
  readonly onKeyDown: (event: KeyboardEvent, scroll: { reveal: (index: number) => void }) => void;
}

/** The roving focus of the list: one row can be reached by Tab, arrows move it, Enter and the space bar open. */
export function useListFocus(
  rows: readonly { readonly id: string }[],
  opened: string | undefined,
  open: (id: string) => void,
): ListFocus {
  const [focused, setFocused] = useState<string | undefined>();
  const moved = useRef(false);
  const known = new Set(rows.map(({ id }) => id));
  const reachable = [focused, opened].find((id) => id !== undefined && known.has(id)) ?? rows[0]?.id;

  useLayoutEffect(() => {
    if (!moved.current || focused === undefined) return;
    const element = document.getElementById(`row-${focused}`);
    if (!element) return;
    moved.current = false;
    element.focus({ preventScroll: true });
  });

  return {
    keptIndex: rows.findIndex(({ id }) => id === reachable),
    tabIndexOf: (id) => (id === reachable ? 0 : -1),
    onFocus: setFocused,
    onKeyDown(event, scroll) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const index = rows.findIndex(({ id }) => id === reachable);
      const target = targetOf(event.code, index, rows.length);
      if (target !== undefined) {
        event.preventDefault();
        const row = rows[Math.max(0, Math.min(rows.length - 1, target))];
        if (!row) return;
        moved.current = true;
        setFocused(row.id);
        scroll.reveal(rows.indexOf(row));
      } else if ((event.code === 'Enter' || event.code === 'Space') && reachable !== undefined) {
        event.preventDefault();
        open(reachable);
      }
    },
  };
}

function targetOf(code: string, index: number, length: number): number | undefined {
  switch (code) {
    case 'ArrowDown':
      return index + 1;
    case 'ArrowUp':
      return index - 1;
    case 'PageDown':
      return index + PAGE;
    case 'PageUp':
      return index - PAGE;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
