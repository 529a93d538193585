import { recordAudit } from '../gateway/access/audit.ts';
import type { Change, Changed, ChangeLog } from '../gateway/change.ts';
import type { Capabilities } from '../gateway/connectors/capabilities.ts';
import type { Connector, Log } from '../gateway/connectors/connector.ts';
import { newId } from '../gateway/ids.ts';
import type { Evidence, Locale } from '../gateway/model/contact.ts';
import type { Content, MediaContent } from '../gateway/model/content.ts';
import type { TurnState } from '../gateway/model/conversation.ts';
import type { NewEvent } from '../gateway/model/events.ts';
import type { ChannelId, ConversationId, MessageId, OperatorId, ThreadId } from '../gateway/model/ids.ts';
import type { HandoffDecision } from '../gateway/model/turn.ts';
import { offerMove } from '../gateway/moves.ts';
import { callLine } from '../gateway/places-elsewhere.ts';
import { askForRating } from '../gateway/rating.ts';
import type { Database } from '../gateway/store/database.ts';
import { replyUntilOf } from '../gateway/store/reply-window.ts';
import { type Act, decideAct, type Ownership, type Refusal, refuseReply } from './acts.ts';
import { packContext } from './planner.ts';
import { readBotStory } from './store/bot-story.ts';
import { findSaid, readChannel, readClientLocale, readOwnership, readTurnState } from './store/ownership.ts';
import { findReplyPlace, type ReplyPlace } from './store/reply-place.ts';
import { readRows } from './store/rows.ts';

/** Who acts, and from where. */
export interface Acting {
  readonly operator: OperatorId;
  readonly address: string;
}

export type Acted = { readonly outcome: 'done'; readonly epoch: number; readonly seq: number } | Refusal;
/** `notSent`: why the policy does not let the client have it; what was said is kept all the same. */
export type Said = { readonly outcome: 'said'; readonly seq: number; readonly notSent?: string } | Refusal;

/** What an operator writes; `id` is made by the page, and the same id counts once. */
export interface Saying {
  readonly id: string;
  readonly text: string;
  /** Stored files that go with it; a note has none. */
  readonly media?: readonly MediaContent[];
  /** In the place of the text: what a template says. */
  readonly words?: readonly Content[];
}

/** How a client reaches the channel in which they go on. */
type MoveTarget = Pick<Connector, 'startLink' | 'phone'>;

/** What operators do with conversations. Each is one change; who comes second is told so and changes nothing. */
export interface Operators {
  /** `epoch` is the one that the operator saw. */
  act(act: Act, who: Acting, id: ConversationId, epoch: number): Promise<Acted>;
  /**
   * Says something to the client, on the thread where they wrote last, or on another of theirs where that channel is
   * off. Only the owner may.
   */
  reply(who: Acting, id: ConversationId, saying: Saying): Promise<Said>;
  /** Writes something for people of ours only; also into closed conversations. */
  note(who: Acting, id: ConversationId, saying: Saying): Promise<Said>;
  /**
   * Sends the client a one-time code for another channel, where a reply goes, and the link to it or the number to call
   * where `target` has one. Only the owner may.
   */
  offerMove(who: Acting, id: ConversationId, epoch: number, target?: MoveTarget): Promise<Acted>;
  /** Keeps who undid the link of an identity. */
  auditUnlink(who: Acting, id: ConversationId, identity: string): Promise<void>;
}

export interface OperatorsOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly now: () => Date;
  readonly log: Log;
  /** Clients are asked how it was when an operator closes their conversation. Default: they are not. */
  readonly asksRating?: boolean;
  readonly capabilitiesOf: (channel: ChannelId) => Capabilities | undefined;
  /** What the bot itself knows of a conversation that is taken from it. */
  readonly botStory?:
    | ((turn: TurnState, evidence: Evidence, now: Date) => Omit<HandoffDecision, 'type' | 'reason'>)
    | undefined;
}

/** Between reading a conversation and the change the owner may change; beyond this many times it is a storm. */
const TRIES = 3;

/** What the client reads, with the code of `offerMove`, and with its link where the channel has one. */
const MOVE_LINK_TEXTS = {
  ru: 'Чтобы продолжить в другом канале, откройте ссылку {link} или напишите там код: {code}. Действует 10 минут и один раз. Никому не пересылайте.',
  en: 'To go on in another channel, open the link {link} or write this code there: {code}. It works once, for 10 minutes. Do not pass it on.',
} as const;
const MOVE_TEXTS = {
  ru: 'Чтобы продолжить в другом канале, напишите или назовите там этот код: {code}. Он действует 10 минут и один раз. Никому его не сообщайте.',
  en: 'To go on in another channel, write or say this code there: {code}. It works once, for 10 minutes. Do not give it to anybody else.',
} as const;

const AUDITED = {
  take: 'conversation.taken',
  release: 'conversation.released',
  return: 'conversation.returned',
  close: 'conversation.closed',
} as const satisfies Record<Act, string>;

export function createOperators(options: OperatorsOptions): Operators {
  const { db, change, now, log } = options;

  async function commit(one: Change): Promise<Changed> {
    const [changed] = await change.commit([one]);
    if (!changed) throw new Error('the store gave no result');
    return changed;
  }

  async function act(what: Act, who: Acting, id: ConversationId, epoch: number): Promise<Acted> {
    let seen = await readOwnership(db, id);
    for (let tried = 0; seen && tried < TRIES; tried++) {
      const decided = decideAct(what, seen, who.operator, epoch);
      if (decided.outcome === 'already') return { outcome: 'done', epoch: seen.epoch, seq: seen.seq };
      if (decided.outcome !== 'do') return decided;
      const story = what === 'take' && seen.owner.kind === 'bot' ? await tellStory(id) : [];
      const changed = await commit({
        conversation: id,
        events: [...story, ...(what === 'close' ? await question(seen) : []), ...decided.events],
        expect: { epoch },
      });
      if (changed.outcome === 'committed') {
        await audit(what, who, id);
        return { outcome: 'done', epoch: changed.conversation.epoch, seq: changed.conversation.seq };
      }
      seen =
        'conversation' in changed && typeof changed.conversation === 'object'
          ? changed.conversation
          : undefined;
    }
    return seen ? { outcome: 'changed' } : { outcome: 'missing' };
  }

  /** The bot gave nothing away by itself, so the operator gets what the log tells. */
  async function tellStory(id: ConversationId): Promise<NewEvent[]> {
    const [[row], logged, turn] = await Promise.all([
      readRows(db, [id]),
      readBotStory(db, id),
      readTurnState(db, id),
    ]);
    if (!row) return [];
    const { contact, channel, locale } = row;
    const known = turn && options.botStory?.(turn, contact.evidence, now());
    const request = {
      type: 'handoff.requested',
      reason: 'taken-over',
      slots: known?.slots ?? [],
      misses: known?.misses ?? [],
      steps: logged.steps,
      intent: known?.intent ?? logged.intent,
    } as const;
    const context = packContext(request, { contact, channel, locale }, now());
    return [{ type: 'handoff.requested', facts: { reason: request.reason }, body: { context } }];
  }

  /** In the commit that closes, so that nobody is asked about what goes on. */
  async function question({ id, thread }: Ownership): Promise<NewEvent[]> {
    if (!options.asksRating || !thread || !(await canAnswer(thread))) return [];
    return [askForRating(id, thread, await readClientLocale(db, id))];
  }

  /** Not in a call, which ends with its conversation, nor where the network takes free words no more. */
  async function canAnswer(thread: ThreadId): Promise<boolean> {
    const capabilities = options.capabilitiesOf(await readChannel(db, thread));
    if (!capabilities || capabilities.choicesAs === 'spoken') return false;
    const until = await replyUntilOf(db, thread, capabilities);
    return until === undefined || now() < until;
  }

  /** The log of the conversation tells it too, so a failure here does not undo what was done. */
  async function audit(what: Act, { operator, address }: Acting, subject: ConversationId): Promise<void> {
    try {
      await recordAudit(db, now(), { who: operator, act: AUDITED[what], subject, address });
    } catch (error) {
      log.error({ conversation: subject, err: error }, 'the audit trail missed a line');
    }
  }

  async function reply(who: Acting, id: ConversationId, saying: Saying): Promise<Said> {
    const dedupe = dedupeOf(who, id, saying);
    for (let tried = 0; tried < TRIES; tried++) {
      const seen = await readOwnership(db, id);
      if (!seen) return { outcome: 'missing' };
      const place = await wayTo(seen, who);
      if ('outcome' in place) return (await already(dedupe)) ?? place;
      const events = [messageOf(who, place, saying)];
      const changed = await commit({ conversation: id, events, expect: { epoch: seen.epoch }, dedupe });
      const said = saidBy(changed);
      if (said) return said;
    }
    return { outcome: 'changed' };
  }

  /** Where the client reads what this operator says, or why they may not say it. */
  async function wayTo(seen: Ownership, { operator }: Acting): Promise<ReplyPlace | Refusal> {
    const refusal = refuseReply(seen, operator);
    if (refusal) return refusal;
    const isOn = (channel: ChannelId) => options.capabilitiesOf(channel) !== undefined;
    return (await findReplyPlace(db, seen.id, isOn)) ?? { outcome: 'channel-off' };
  }

  /** Sent again after the conversation went on to somebody else: what was said then was said. */
  async function already(dedupe: { scope: string; key: string }): Promise<Said | undefined> {
    const seq = await findSaid(db, dedupe);
    return seq === undefined ? undefined : { outcome: 'said', seq };
  }

  async function note(who: Acting, id: ConversationId, saying: Saying): Promise<Said> {
    const facts = { message: newId<MessageId>(), operator: who.operator };
    const body = { text: saying.text, clientId: saying.id };
    const changed = await commit({
      conversation: id,
      events: [{ type: 'note.added', facts, body }],
      dedupe: dedupeOf(who, id, saying),
    });
    return saidBy(changed) ?? { outcome: 'missing' };
  }

  async function offer(
    who: Acting,
    id: ConversationId,
    epoch: number,
    target: MoveTarget = {},
  ): Promise<Acted> {
    const seen = await readOwnership(db, id);
    if (!seen) return { outcome: 'missing' };
    const place = await wayTo(seen, who);
    if ('outcome' in place) return place;
    const { event, code, link } = offerMove({ kind: 'operator', operator: who.operator }, now());
    const locale = await readClientLocale(db, id);
    const text = moveText(code, target.startLink?.(link), target.phone, locale);
    const message = messageOf(who, place, { id: event.facts.move, text }, true);
    const changed = await commit({ conversation: id, events: [event, message], expect: { epoch } });
    if (changed.outcome === 'committed') {
      const { seq } = changed.conversation;
      return { outcome: 'done', epoch: changed.conversation.epoch, seq };
    }
    return { outcome: changed.outcome === 'closed' ? 'closed' : 'changed' };
  }

  async function auditUnlink({ operator, address }: Acting, subject: ConversationId, identity: string) {
    await recordAudit(db, now(), {
      who: operator,
      act: 'identity.unlinked',
      subject,
      address,
      detail: { identity },
    });
  }

  return { act, reply, note, offerMove: offer, auditUnlink };
}

function moveText(code: string, url: string | undefined, phone: string | undefined, locale: Locale): string {
  if (url !== undefined) return MOVE_LINK_TEXTS[locale].replace('{code}', code).replace('{link}', url);
  const text = MOVE_TEXTS[locale].replace('{code}', code);
  return phone === undefined ? text : `${text}\n${callLine(phone, locale)}`;
}

/** `once`: never sent again by itself after an unknown outcome. */
function messageOf(
  { operator }: Acting,
  { thread }: ReplyPlace,
  { id, text, media = [], words }: Saying,
  once?: boolean,
): NewEvent {
  const free: readonly Content[] = text.trim() === '' ? [] : [{ kind: 'text', text }];
  const content = words ? [...words] : [...free, ...media];
  return {
    type: 'message.sent',
    facts: {
      message: newId<MessageId>(),
      thread,
      author: { kind: 'operator', operator },
      kinds: content.map(({ kind }) => kind),
      once,
    },
    body: { content, clientId: id },
  };
}

/** Ids are made by pages, so they are kept apart by their operator and conversation. */
function dedupeOf({ operator }: Acting, conversation: ConversationId, { id }: Saying) {
  return { scope: 'desk', key: `${conversation}:${operator}:${id}` };
}

/** Undefined where it was decided under an owner who is no longer. */
function saidBy(changed: Changed): Said | undefined {
  switch (changed.outcome) {
    case 'committed': {
      const notSent = changed.deliveries.find(({ state }) => state === 'cancelled')?.reason;
      return { outcome: 'said', seq: changed.conversation.seq, ...(notSent && { notSent }) };
    }
    case 'duplicate':
      return { outcome: 'said', seq: changed.seq };
    case 'closed':
    case 'missing':
      return { outcome: changed.outcome };
    case 'stale':
      return undefined;
  }
}
