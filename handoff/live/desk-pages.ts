import type { Principal, Sessions } from '../../gateway/access/sessions.ts';
import type { Log } from '../../gateway/connectors/connector.ts';
import type { Live, Update } from '../../gateway/live.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { ConversationRow } from '../api.ts';
import { conversationIdOf } from '../conversation-id.ts';
import { type LiveOut, liveIn } from '../live-api.ts';
import type { Presence } from '../presence.ts';
import { readHeads, readMoved } from '../store/ownership.ts';
import { type Counts, countsFor } from '../store/rows.ts';
import { toShownDelivery } from '../store/transcript.ts';
import { CLOSE, createPageSender, type PageSender, type PageSocket } from './page-socket.ts';
import { createRowFeed } from './row-feed.ts';
import { type Watched, watchConversation } from './watched.ts';

export interface DeskPagesOptions {
  readonly db: Database;
  readonly live: Live;
  readonly sessions: Pick<Sessions, 'stillValid' | 'onEnded'>;
  readonly presence: Presence;
  readonly log: Log;
  readonly timing?: Partial<Timing>;
}

export interface Timing {
  readonly heartbeatMs: number;
  /** How soon a page hears that its session ended elsewhere, such as by the command line. */
  readonly recheckMs: number;
  readonly rowsEveryMs: number;
}

const TIMING: Timing = { heartbeatMs: 15_000, recheckMs: 5_000, rowsEveryMs: 150 };
const MAX_UNANSWERED = 2;
/** A page asks for little. */
const MAX_FRAME = 4_096;

/** The connected pages of the desk. */
export interface DeskPages {
  /** A page of this principal is connected. Returns what to call with what comes from it. */
  connect(socket: PageSocket, principal: Principal): PageConnection;
  stop(): void;
}

export interface PageConnection {
  /** A frame of text. */
  heard(frame: string): void;
  /** It answered a ping. */
  answered(): void;
  gone(): void;
}

interface Page {
  readonly socket: PageSocket;
  readonly sender: PageSender;
  readonly gone: () => void;
  principal: Principal;
  watched?: Watched;
  /** Pings since it was last heard of. */
  unanswered: number;
}

/** Tells pages what changes: rows to all, the lines of a conversation to those who show it. */
export function createDeskPages(options: DeskPagesOptions): DeskPages {
  const { db, live, sessions, presence, log } = options;
  const { heartbeatMs, recheckMs, rowsEveryMs } = { ...TIMING, ...options.timing };
  const pages = new Set<Page>();
  const feed = createRowFeed({
    db,
    log,
    everyMs: rowsEveryMs,
    isWanted: () => pages.size > 0,
    onRows: (rows, counts) => {
      for (const page of pages) tellRows(page, rows, counts);
    },
  });
  const stops = [
    live.listen(onUpdate),
    sessions.onEnded((session) => {
      for (const page of pages) if (page.principal.session === session) signOut(page);
    }),
    every(heartbeatMs, beat),
    every(recheckMs, recheck),
  ];

  function onUpdate(update: Update): void {
    if (update.type === 'committed') {
      const { conversation, seq } = update;
      feed.changed(conversation);
      for (const { watched } of pages) if (watched?.conversation === conversation) watched.moved(seq);
    } else if (update.type === 'delivery') {
      const { conversation, seq } = update.delivery;
      const shown = toShownDelivery(update.delivery);
      for (const { watched } of pages)
        if (watched?.conversation === conversation) watched.delivered(seq, shown);
    } else if (update.type === 'gap') {
      catchUp(update.sinceMs).catch(warn);
    } else if (update.from !== 'bot') {
      const { conversation, from, operator, words } = update;
      const frame: LiveOut = { type: 'typing', conversation, from, words };
      for (const { watched, sender, principal } of pages) {
        const isOwn = from === 'operator' && principal.user.id === operator;
        if (watched?.conversation === conversation && !isOwn) sender.tell(JSON.stringify(frame));
      }
    }
  }

  async function beat(): Promise<void> {
    for (const page of pages) {
      // A closed laptop tells nobody that it is gone; a hub that was busy itself must not blame the page.
      if (page.unanswered >= MAX_UNANSWERED) page.socket.terminate();
      page.unanswered += 1;
      page.socket.ping();
    }
    const watched = [...pages].flatMap((page) => (page.watched ? [page.watched.conversation] : []));
    const heads = await readHeads(db, [...new Set(watched)]);
    for (const { watched, sender } of pages) {
      const head = watched ? heads.get(watched.conversation) : undefined;
      const frame: LiveOut = { type: 'heartbeat', head: head ?? null };
      sender.tell(JSON.stringify(frame));
      if (head !== undefined) watched?.moved(head);
    }
  }

  /** Updates were missed: what moved lately is told as if they had come. */
  async function catchUp(sinceMs: number): Promise<void> {
    if (pages.size === 0) return;
    for (const id of await readMoved(db, sinceMs)) feed.changed(id);
    for (const { watched } of pages) watched?.catchUp();
  }

  function warn(error: unknown): void {
    log.warn({ err: error }, 'the pages could not be looked after');
  }

  async function recheck(): Promise<void> {
    const asked = [...pages];
    const valid = await sessions.stillValid([...new Set(asked.map(({ principal }) => principal.session))]);
    for (const page of asked) {
      const principal = valid.get(page.principal.session);
      if (principal?.permissions.has('desk.read')) page.principal = principal;
      else signOut(page);
    }
  }

  function signOut(page: Page): void {
    const frame: LiveOut = { type: 'signed-out' };
    page.sender.tell(JSON.stringify(frame));
    page.socket.close(CLOSE.signedOut);
    leave(page);
  }

  function leave(page: Page): void {
    if (!pages.delete(page)) return;
    page.watched?.stop();
    page.sender.end();
    page.gone();
  }

  function watch(page: Page, asked: string | null, after: number): void {
    page.watched?.stop();
    const conversation = asked === null ? undefined : conversationIdOf(asked);
    page.watched = conversation && watchConversation({ db, log, page: page.sender, conversation, after });
  }

  function every(ms: number, work: () => Promise<void>): () => void {
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy || pages.size === 0) return;
      isBusy = true;
      work()
        .catch(warn)
        .finally(() => {
          isBusy = false;
        });
    }, ms);
    return () => clearInterval(timer);
  }

  return {
    connect(socket, principal) {
      const page: Page = {
        socket,
        sender: createPageSender(socket),
        gone: presence.connected(principal.user.id),
        principal,
        unanswered: 0,
      };
      pages.add(page);
      return {
        heard(frame) {
          page.unanswered = 0;
          if (frame.length > MAX_FRAME) return socket.close(CLOSE.tooBig);
          const asked = liveIn.safeParse(readJson(frame)).data;
          if (asked?.type === 'watch') watch(page, asked.conversation, asked.after);
        },
        answered() {
          page.unanswered = 0;
        },
        gone: () => leave(page),
      };
    },
    stop() {
      for (const stop of stops) stop();
      feed.stop();
      for (const page of pages) leave(page);
    },
  };
}

function tellRows({ sender, principal }: Page, rows: readonly ConversationRow[], counts: Counts): void {
  const mine = countsFor(counts, principal.user.id);
  for (const row of rows) {
    const frame: LiveOut = { type: 'row', row, counts: mine };
    sender.update(`row ${row.id}`, JSON.stringify(frame));
  }
}

/** Undefined for what is no JSON; such a frame is passed over like one of an unknown type. */
function readJson(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    return undefined;
  }
}
