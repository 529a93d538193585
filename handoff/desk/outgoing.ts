import { z } from 'zod';
import { backoffMs } from '../../gateway/web/backoff.ts';
import { isPassing, Problem } from '../../gateway/web/problem.ts';
import type { Outgoing } from '../../gateway/web/transcript/shown.ts';
import type { DeskApi } from './desk-api.ts';
import { createListeners } from './listeners.ts';
import type { StoredTexts } from './stored-texts.ts';

const kept = z.object({
  id: z.string(),
  conversation: z.string(),
  mode: z.enum(['reply', 'note']),
  text: z.string(),
  files: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
  at: z.string(),
  code: z.string().optional(),
});

/**
 * Replies and notes from the press of the button until the hub shows them back. Each has an id of our own making,
 * which the hub counts once, so whatever may have been lost is simply sent again; those of one conversation go out
 * one after another.
 */
export interface OutgoingMessages {
  send(conversation: string, mode: Outgoing['mode'], text: string, files?: Outgoing['files']): void;
  /** What is on its way in a conversation; the same array until something changes. */
  of(conversation: string): readonly Outgoing[];
  retry(conversation: string, id: string): void;
  /** Takes back one that was refused, and returns its text. */
  takeBack(conversation: string, id: string): Outgoing | undefined;
  /** The transcript shows these now. */
  settle(conversation: string, shownIds: ReadonlySet<string>): void;
  /** The connection is back: what waits goes out at once. */
  resume(): void;
  subscribe(listener: () => void): () => void;
  stop(): void;
}

export interface OutgoingNeeds {
  readonly say: DeskApi['say'];
  readonly texts: StoredTexts;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly random: () => number;
  /** Called once the hub has it, with its place in the conversation. */
  readonly onSaid: (conversation: string, seq: number) => void;
}

interface Line {
  items: readonly Outgoing[];
  busy: boolean;
  attempt: number;
  timer?: ReturnType<typeof setTimeout>;
}

const NOTHING: readonly Outgoing[] = [];

/** Messages on their way; those that an earlier page left behind go on from where they were. */
export function createOutgoing(needs: OutgoingNeeds): OutgoingMessages {
  const listeners = createListeners();
  const lines = restore(needs.texts);
  let stopped = false;

  const change = (conversation: string, items: readonly Outgoing[]) => {
    const line = lines.get(conversation) ?? { items, busy: false, attempt: 0 };
    line.items = items;
    lines.set(conversation, line);
    listeners.notify();
  };
  const update = (conversation: string, id: string, after: Partial<Outgoing>) => {
    const items = lines.get(conversation)?.items ?? NOTHING;
    change(
      conversation,
      items.map((item) => (item.id === id ? { ...item, ...after } : item)),
    );
  };
  const pump = async (conversation: string): Promise<void> => {
    const line = lines.get(conversation);
    const next = line?.items.find(({ state }) => state === 'sending' || state === 'waiting');
    if (!line || !next || line.busy || stopped) return;
    clearTimeout(line.timer);
    line.busy = true;
    try {
      const { seq } = await needs.say(conversation, next.mode, {
        id: next.id,
        text: next.text,
        ...(next.files && { media: next.files.map(({ id }) => id) }),
      });
      line.attempt = 0;
      needs.texts.set(next.id, undefined);
      update(conversation, next.id, { state: 'sent' });
      needs.onSaid(conversation, seq);
    } catch (error) {
      if (stopped) return;
      if (isPassing(error) || isSignedOut(error)) {
        update(conversation, next.id, { state: 'waiting' });
        const wait = error instanceof Problem && error.retryAfterMs;
        line.timer = setTimeout(
          () => void pump(conversation),
          wait || backoffMs(line.attempt, needs.random()),
        );
        line.attempt += 1;
        return;
      }
      const code = error instanceof Problem ? error.code : 'other';
      keep(needs.texts, conversation, { ...next, code });
      update(conversation, next.id, { state: 'failed', code });
    } finally {
      line.busy = false;
    }
    void pump(conversation);
  };
  for (const conversation of lines.keys()) void pump(conversation);

  return {
    send(conversation, mode, text, files) {
      const item: Outgoing = {
        id: needs.newId(),
        mode,
        text,
        ...(files && files.length > 0 && { files }),
        at: needs.now().toISOString(),
        state: 'sending',
      };
      keep(needs.texts, conversation, item);
      change(conversation, [...(lines.get(conversation)?.items ?? NOTHING), item]);
      void pump(conversation);
    },
    of: (conversation) => lines.get(conversation)?.items ?? NOTHING,
    retry(conversation, id) {
      update(conversation, id, { state: 'sending', code: undefined });
      void pump(conversation);
    },
    takeBack(conversation, id) {
      const items = lines.get(conversation)?.items ?? NOTHING;
      const item = items.find((each) => each.id === id && each.state === 'failed');
      if (!item) return undefined;
      needs.texts.set(id, undefined);
      change(
        conversation,
        items.filter((each) => each !== item),
      );
      return item;
    },
    settle(conversation, shownIds) {
      const items = lines.get(conversation)?.items ?? NOTHING;
      const left = items.filter(({ id }) => !shownIds.has(id));
      if (left.length === items.length) return;
      for (const { id } of items) if (shownIds.has(id)) needs.texts.set(id, undefined);
      change(conversation, left);
    },
    resume() {
      for (const [conversation, line] of lines) {
        line.attempt = 0;
        void pump(conversation);
      }
    },
    subscribe: listeners.subscribe,
    stop() {
      stopped = true;
      for (const line of lines.values()) clearTimeout(line.timer);
    },
  };
}

function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

function keep(texts: StoredTexts, conversation: string, { id, mode, text, files, at, code }: Outgoing): void {
  texts.set(id, JSON.stringify({ id, conversation, mode, text, files, at, code }));
}

function restore(texts: StoredTexts): Map<string, Line> {
  const lines = new Map<string, Line>();
  const found = [...texts.entries().values()].flatMap((text) => {
    const parsed = kept.safeParse(parseJson(text));
    return parsed.success ? [parsed.data] : [];
  });
  found.sort((one, two) => one.at.localeCompare(two.at));
  for (const { conversation, ...item } of found) {
    const line = lines.get(conversation) ?? { items: [], busy: false, attempt: 0 };
    line.items = [...line.items, { ...item, state: item.code === undefined ? 'waiting' : 'failed' }];
    lines.set(conversation, line);
  }
  return lines;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
