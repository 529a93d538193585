import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCommandSource, useCommands } from '../../gateway/web/commands/commands.tsx';
import { kitTexts } from '../../gateway/web/texts/kit.ts';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import type { ConversationRow } from '../api.ts';
import { ContextPanel } from './context/context-panel.tsx';
import styles from './desk.module.css';
import { VIEWS } from './desk-api.ts';
import { type DeskPlace, useDesk } from './desk-context.ts';
import { ConversationList } from './list/conversation-list.tsx';
import type { ListRows } from './list/list-rows.ts';
import { useUnansweredMine, ViewsNav } from './list/views-nav.tsx';
import { LiveBanner } from './live/live-banner.tsx';
import { queryKeys } from './query-keys.ts';
import { deskTexts } from './texts/desk.ts';
import { Thread } from './thread/thread.tsx';

/** Conversations that the palette offers to open, at most. */
const FOUND_LIMIT = 500;
/** How long a pane that has just been shown may take to draw what gets the focus. */
const SHOWN_WITHIN_FRAMES = 30;

/**
 * The operators' desk: views, list, thread and context side by side; where there is less room the views are in the
 * rail, the context opens over the thread, and on a phone one of the three is shown at a time.
 */
export function Desk() {
  const texts = useTexts(deskTexts);
  const { place } = useDesk();
  const [contextFor, setContextFor] = useState<string | undefined>();
  const isContextOpen = contextFor !== undefined && contextFor === place.conversation;
  const pane: Pane = place.conversation === undefined ? 'list' : isContextOpen ? 'context' : 'thread';
  usePaneFocus(pane, place.message !== undefined);
  useDeskCommands();
  useTitle();
  const closeContext = useCallback(() => setContextFor(undefined), []);
  return (
    <div className={styles.desk} data-pane={pane}>
      <h1 className="unseen">{texts.t('title')}</h1>
      <LiveBanner />
      <div className={styles.views}>
        <ViewsNav shape="column" />
      </div>
      <div className={styles.list}>
        <ConversationList />
      </div>
      <div className={styles.thread}>
        <Thread onContext={() => setContextFor(isContextOpen ? undefined : place.conversation)} />
      </div>
      <div className={styles.context}>
        <ContextPanel onClose={closeContext} />
      </div>
    </div>
  );
}

type Pane = 'list' | 'thread' | 'context';

/** Where panes cover each other, the focus follows to the one that is shown: it would be lost with the other. */
function usePaneFocus(pane: Pane, isSeeking: boolean): void {
  const before = useRef(pane);
  useEffect(() => {
    const last = before.current;
    before.current = pane;
    if (last === pane) return;
    // What is looked for in the thread takes the focus itself.
    if (pane === 'thread' && isSeeking && last !== 'context') return;
    const target = {
      list: '[role=listbox] [tabindex="0"]',
      thread: last === 'context' ? '[data-pane-focus=context-opener]' : '[data-pane-focus=thread]',
      context: '[data-pane-focus=context]',
    }[pane];
    // On a wide screen nothing is covered.
    if (pane === 'list' && !window.matchMedia('(max-width: 799px)').matches) return;
    return focusOnceShown(target);
  }, [pane, isSeeking]);
}

/** Rows are drawn only after the list has been measured. Gives what stops the waiting. */
function focusOnceShown(selector: string): () => void {
  let frame = 0;
  const attempt = (framesLeft: number) => {
    const element = document.querySelector<HTMLElement>(selector);
    if (element && element.offsetParent !== null) element.focus();
    else if (framesLeft > 0) frame = requestAnimationFrame(() => attempt(framesLeft - 1));
  };
  attempt(SHOWN_WITHIN_FRAMES);
  return () => cancelAnimationFrame(frame);
}

function useDeskCommands(): void {
  const texts = useTexts(deskTexts);
  const { client, place, go } = useDesk();
  const [latest] = useState<{ place: DeskPlace }>({ place });
  useEffect(() => {
    latest.place = place;
  }, [latest, place]);
  const commands = useMemo(() => {
    const step = (by: 1 | -1) => {
      const rows = client.queries.getQueryData<ListRows>(queryKeys.list(latest.place.view))?.rows ?? [];
      const target = neighbour(rows, latest.place.conversation, by);
      if (target) go({ view: latest.place.view, conversation: target });
    };
    return [
      { id: 'next', titles: texts.both('command.next'), keys: 'Alt+KeyJ', run: () => step(1) },
      { id: 'previous', titles: texts.both('command.previous'), keys: 'Alt+KeyK', run: () => step(-1) },
      { id: 'keys.list', titles: texts.both('keys.list'), keys: 'ArrowUp+ArrowDown' },
      { id: 'keys.openRow', titles: texts.both('keys.openRow'), keys: 'Enter' },
      { id: 'keys.send', titles: texts.both('keys.send'), keys: 'Enter' },
      { id: 'keys.newLine', titles: texts.both('keys.newLine'), keys: 'Shift+Enter' },
      { id: 'keys.leave', titles: texts.both('keys.leave'), keys: 'Escape' },
      ...VIEWS.map((view) => ({
        id: `view.${view}`,
        titles: texts.both(`view.${view}`),
        hint: texts.t('title'),
        run: () => go({ ...latest.place, view }),
      })),
    ];
  }, [texts, client, latest, go]);
  useCommands(commands);
  useCommandSource(
    useCallback(() => {
      const rows = new Map<string, ConversationRow>();
      for (const view of VIEWS) {
        const list = client.queries.getQueryData<ListRows>(queryKeys.list(view))?.rows ?? [];
        for (const row of list.slice(0, FOUND_LIMIT)) rows.set(row.id, row);
      }
      return [...rows.values()].map((row) => ({
        id: `open.${row.id}`,
        titles: [row.contact.name ?? texts.t('row.unnamed')],
        hint: texts.t('command.open'),
        run: () => go({ view: latest.place.view, conversation: row.id }),
      }));
    }, [client, texts, latest, go]),
  );
}

/** The row after or before the open one; where the open one is not in the list, its first. */
function neighbour(
  rows: readonly ConversationRow[],
  open: string | undefined,
  by: 1 | -1,
): string | undefined {
  const index = rows.findIndex(({ id }) => id === open);
  return index < 0 ? rows[0]?.id : rows[index + by]?.id;
}

function useTitle(): void {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const unanswered = useUnansweredMine();
  const name = texts.t('title');
  useEffect(() => {
    document.title = unanswered > 0 ? `(${unanswered}) ${name} · Okno` : `${name} · Okno`;
  }, [unanswered, name]);
  useEffect(() => {
    document.documentElement.lang = kit.locale;
  }, [kit.locale]);
}
