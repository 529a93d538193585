import type { Log } from '../../gateway/connectors/connector.ts';
import type { DeskNetwork, DeskPost } from '../../gateway/connectors/desk.ts';
import type { Locale } from '../../gateway/model/contact.ts';
import type { Event } from '../../gateway/model/events.ts';
import type { ChannelId, ConversationId } from '../../gateway/model/ids.ts';
import { isWithPeople, type Owner } from '../../gateway/model/owner.ts';
import type { Database } from '../../gateway/store/database.ts';
import { handoffContext } from '../context.ts';
import { readNames } from '../store/names.ts';
import { lineOf, openingPost } from './posts.ts';
import {
  conversationsToShow,
  lastContext,
  openingKey,
  readToShow,
  type Shown,
  saidBefore,
  saveShown,
  type ToShow,
} from './store.ts';
import { DESK_TEXTS } from './texts.ts';

export interface MirrorOptions {
  readonly db: Database;
  readonly channel: ChannelId;
  readonly desk: DeskNetwork;
  readonly locale: Locale;
  /** Takes out of a post what the channel may not carry. */
  readonly hide: (text: string) => string;
  readonly log: Log;
  /** The shards that this node works: one node shows a conversation. */
  readonly shards: () => readonly number[];
}

/**
 * Shows conversations that are with people in a channel of theirs: a thread each, opened by the handoff's context,
 * followed by what is said. It reads the log from where the thread stands, so nothing is left out and the order holds;
 * what was under way at a crash, or was never answered, is posted again.
 */
export interface Mirror {
  /** Something was committed; `ownerChanged`: also the owner. */
  told(conversation: ConversationId, ownerChanged: boolean): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const SWEEP_MS = 5_000;
const SWEEP_LIMIT = 200;
const CALL_LIMIT_MS = 20_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const MAX_AT_ONCE = 8;
/** What was said before the handoff: so many messages, so many characters of the last of them. */
const MAX_BEFORE = 20;
const MAX_BEFORE_TEXT = 6_000;

export function createMirror({ db, channel, desk, locale, hide, log, shards }: MirrorOptions): Mirror {
  const texts = DESK_TEXTS[locale];
  const running = new Map<ConversationId, Promise<void>>();
  const again = new Set<ConversationId>();
  /** Shown, and with people: what happens there is of interest. */
  const followed = new Set<ConversationId>();
  /** Not before then, milliseconds since 1970, and how long the last wait was. */
  const waits = new Map<ConversationId, { untilMs: number; waitMs: number }>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function wake(id: ConversationId): void {
    if (stopping.signal.aborted || (waits.get(id)?.untilMs ?? 0) > Date.now()) return;
    if (running.has(id) || running.size >= MAX_AT_ONCE) {
      again.add(id);
      return;
    }
    again.delete(id);
    const work = show(id)
      .catch((error: unknown) => {
        log.error({ conversation: id, channel, err: error }, 'a desk thread could not be brought up to date');
        putOff(id);
      })
      .finally(() => {
        running.delete(id);
        const [next] = again.has(id) ? [id] : again;
        if (next) wake(next);
      });
    running.set(id, work);
  }

  async function show(id: ConversationId): Promise<void> {
    for (;;) {
      const lacking = await readToShow(db, channel, id);
      if (!lacking || stopping.signal.aborted) return;
      const { shown, conversation } = lacking;
      if (isWithPeople(conversation.owner)) followed.add(id);
      else followed.delete(id);
      if (shown.seq < conversation.seq) {
        if (!(await showEvents(id, lacking))) return;
      } else if (shown.opening !== openingKey(conversation)) {
        if (!(await refreshOpening(id, lacking))) return;
      } else return;
    }
  }

  /** False where the network puts us off. */
  async function showEvents(
    id: ConversationId,
    { conversation, shown: before, events }: ToShow,
  ): Promise<boolean> {
    const names = await readNames(db, operatorsIn(events, conversation.owner));
    const nameOf = (operator: string) => names.get(operator) ?? '';
    let shown = before;
    for (const event of events) {
      if (event.type === 'handoff.requested') {
        const opened = await showHandoff(event, conversation, shown, nameOf);
        if (!opened) return false;
        shown = opened;
      } else if (shown.thread && isForPeople(event, shown)) {
        const text = lineOf(event, channel, nameOf, texts);
        if (text && !(await posted(id, { text }, shown.thread))) return false;
      }
      const withBot = event.type === 'owner.changed' ? event.facts.to.kind === 'bot' : shown.withBot;
      shown = { ...shown, seq: event.seq, withBot };
      await saveShown(db, channel, id, shown);
    }
    return true;
  }

  /** The first handoff opens the thread, with what was said before it; a later one tells its reason there. */
  async function showHandoff(
    event: Event<'handoff.requested'>,
    conversation: ToShow['conversation'],
    shown: Shown,
    nameOf: (operator: string) => string,
  ): Promise<Shown | undefined> {
    const { id } = conversation;
    const context = handoffContext.safeParse(event.body?.context);
    if (!context.success) return shown;
    const post = openingPost(context.data, conversation, nameOf, texts);
    if (shown.thread) return (await posted(id, { text: post.text }, shown.thread)) ? shown : undefined;
    const thread = await posted(id, post, undefined);
    if (!thread) return undefined;
    const opened = { ...shown, thread, opening: openingKey(conversation) };
    // Saved at once: what follows in this thread may be put off, and must not open it again.
    await saveShown(db, channel, id, opened);
    const before = await saidBefore(db, id, event.seq, MAX_BEFORE);
    const lines = before.flatMap((one) => lineOf(one, channel, nameOf, texts) ?? []);
    if (lines.length > 0 && !(await posted(id, { text: lines.join('\n').slice(-MAX_BEFORE_TEXT) }, thread)))
      return undefined;
    return opened;
  }

  /** The opening shows who has it now, and whether it is urgent; its buttons carry the epoch under which they may be pressed. */
  async function refreshOpening(id: ConversationId, { conversation, shown }: ToShow): Promise<boolean> {
    const context = handoffContext.safeParse(await lastContext(db, id));
    const names = await readNames(db, operatorsIn([], conversation.owner));
    if (shown.thread && context.success) {
      const post = openingPost(context.data, conversation, (operator) => names.get(operator) ?? '', texts);
      const outcome = await desk.replaceOpening(carried(post), shown.thread, limit());
      if (outcome.outcome === 'retry' || outcome.outcome === 'unknown') {
        putOff(id, outcome.outcome === 'retry' ? outcome.afterMs : undefined);
        return false;
      }
    }
    await saveShown(db, channel, id, { ...shown, opening: openingKey(conversation) });
    return true;
  }

  /** The name of the thread; undefined where the network puts us off. What it refuses for good is passed over. */
  async function posted(
    id: ConversationId,
    post: DeskPost,
    thread: string | undefined,
  ): Promise<string | undefined> {
    const outcome = await desk.post(carried(post), thread, limit());
    if (outcome.outcome === 'accepted') {
      waits.delete(id);
      return thread ?? outcome.externalId;
    }
    log.warn(
      { conversation: id, channel, outcome: outcome.outcome, reason: outcome.reason },
      'a desk post was not taken',
    );
    if (outcome.outcome === 'rejected' && thread) return thread;
    putOff(id, outcome.outcome === 'retry' ? outcome.afterMs : undefined);
    return undefined;
  }

  const carried = (post: DeskPost): DeskPost => ({ ...post, text: hide(post.text) });

  function putOff(id: ConversationId, afterMs?: number): void {
    const waitMs = Math.min((waits.get(id)?.waitMs ?? FIRST_WAIT_MS / 2) * 2, LONGEST_WAIT_MS);
    const delayMs = afterMs ?? waitMs;
    waits.set(id, { untilMs: Date.now() + delayMs, waitMs });
    again.delete(id);
    setTimeout(() => wake(id), delayMs + 1).unref();
  }

  const limit = () => AbortSignal.any([stopping.signal, AbortSignal.timeout(CALL_LIMIT_MS)]);

  async function sweep(): Promise<void> {
    for (const id of await conversationsToShow(db, channel, shards(), SWEEP_LIMIT)) wake(id);
  }

  return {
    told(id, ownerChanged) {
      if (ownerChanged || followed.has(id)) wake(id);
    },
    async start() {
      await sweep();
      timer = setInterval(() => {
        sweep().catch((error: unknown) => log.error({ channel, err: error }, 'the desk could not be swept'));
      }, SWEEP_MS);
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await Promise.all(running.values());
    },
  };
}

/** While the bot has the conversation, operators are told of it only when it comes back to them. */
function isForPeople(event: Event, { withBot }: Shown): boolean {
  return event.type === 'owner.changed' || event.type === 'note.added' || !withBot;
}

function operatorsIn(events: readonly Event[], owner: Owner): Set<string> {
  const ids = new Set<string>();
  if (owner.kind === 'operator') ids.add(owner.operator);
  for (const event of events) {
    if (event.type === 'message.sent' && event.facts.author.kind === 'operator')
      ids.add(event.facts.author.operator);
    if (event.type === 'message.edited' || event.type === 'message.deleted') {
      const { by } = event.facts;
      if (by.kind === 'operator') ids.add(by.operator);
    }
    if (event.type === 'note.added') ids.add(event.facts.operator);
    if (event.type === 'owner.changed' && event.facts.to.kind === 'operator')
      ids.add(event.facts.to.operator);
  }
  return ids;
}
