import type pg from 'pg';
import { recordAudit, type Who } from '../access/audit.ts';
import type { Changed, ChangeLog } from '../change.ts';
import { newId } from '../ids.ts';
import { choicesIn } from '../model/content.ts';
import type { NewEvent, RevisionType } from '../model/events.ts';
import type { ConversationId, DeliveryId, MessageId, ThreadId } from '../model/ids.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { type Database, inTransaction } from '../store/database.ts';
import {
  type DeadLetterMessage,
  decideDeadLetter,
  deliveryOf,
  findDeadLetter,
  type LetterDecision,
  openOfSameContact,
} from '../store/dead-letters.ts';

/** Who decides, and from where. */
export interface Decider {
  readonly who: Who;
  readonly address?: string;
}

/** Why nothing was done. */
export type LetterRefusal =
  | { readonly outcome: 'missing' }
  /** Somebody was quicker. */
  | { readonly outcome: 'decided'; readonly decision: LetterDecision }
  /** The contact has no open conversation; what we say first is a campaign's matter. */
  | { readonly outcome: 'closed' }
  | { readonly outcome: 'erased' };

/** `notSent`: why the contact policy does not let the client have the new one; a short code. */
export type Retried =
  | { readonly outcome: 'retried'; readonly again: DeliveryId; readonly notSent?: string }
  | LetterRefusal;
export type Discarded = { readonly outcome: 'discarded' } | LetterRefusal;

/** What people do with dead letters. Each act is recorded in the audit trail with the decision. */
export interface Letters {
  /**
   * Sends it again by a new message and delivery, under whoever owns the contact's open conversation today; the old
   * delivery keeps its fate. Done once however often it is asked for.
   */
  retry(id: DeliveryId, decider: Decider): Promise<Retried>;
  /** Takes it off the list: nothing is sent. */
  discard(id: DeliveryId, decider: Decider): Promise<Discarded>;
}

export interface LettersOptions {
  readonly db: Database;
  readonly change: Pick<ChangeLog, 'commit'>;
  readonly now: () => Date;
}

export function createLetters({ db, change, now }: LettersOptions): Letters {
  const inTurn = oneAtATime();

  async function decide(
    client: pg.PoolClient,
    id: DeliveryId,
    { who, address }: Decider,
    decision: Pick<LetterDecision, 'decision' | 'again'>,
  ): Promise<void> {
    const at = now();
    await decideDeadLetter(client, id, { ...decision, at, by: who });
    const act = `delivery.${decision.decision}`;
    const detail = decision.again && { again: decision.again };
    await recordAudit(client, at, { who, act, subject: id, address, detail });
  }

  async function retry(client: pg.PoolClient, id: DeliveryId, decider: Decider): Promise<Retried> {
    const letter = await findDeadLetter(client, id, true);
    if (!letter) return { outcome: 'missing' };
    if (letter.decision) return { outcome: 'decided', decision: letter.decision };
    const event = eventOf(letter);
    if (!event) return { outcome: 'erased' };
    // A change belongs to the conversation of its message, be that over or not.
    const conversation = letter.revision
      ? letter.conversation
      : await openOfSameContact(client, letter.conversation);
    if (!conversation) return { outcome: 'closed' };
    // The lock on the letter is held meanwhile. A crash in between is found by the key when it is asked for again.
    const [changed] = await change.commit([
      {
        conversation,
        events: [event],
        dedupe: { scope: 'desk', key: `retry:${id}` },
      },
    ]);
    const said = saidBy(changed);
    if (!said) return { outcome: 'closed' };
    const again = await deliveryOf(client, said.conversation, said.seq);
    if (!again) throw new Error(`delivery ${id}: the message that repeats it has no delivery`);
    await decide(client, id, decider, { decision: 'retried', again });
    return { outcome: 'retried', again, ...(said.notSent && { notSent: said.notSent }) };
  }

  async function discard(client: pg.PoolClient, id: DeliveryId, decider: Decider): Promise<Discarded> {
    const letter = await findDeadLetter(client, id, true);
    if (!letter) return { outcome: 'missing' };
    if (letter.decision) return { outcome: 'decided', decision: letter.decision };
    await decide(client, id, decider, { decision: 'discarded' });
    return { outcome: 'discarded' };
  }

  return {
    retry: (id, decider) => inTurn(() => inTransaction(db, (client) => retry(client, id, decider))),
    discard: (id, decider) => inTurn(() => inTransaction(db, (client) => discard(client, id, decider))),
  };
}

/** What sends it again; undefined where its text was erased. */
function eventOf(letter: DeadLetterMessage): NewEvent | undefined {
  if (letter.revision) return repeatedRevision(letter.revision, letter.thread);
  return letter.content && repeated(letter, letter.content);
}

/** The same change by the same person, in a delivery of its own. */
function repeatedRevision(revision: NewEvent<RevisionType>, thread: ThreadId): NewEvent {
  const carried = { message: newId<MessageId>(), thread };
  switch (revision.type) {
    case 'message.edited':
      return { ...revision, facts: { ...revision.facts, carried } };
    case 'message.deleted':
      return { type: revision.type, facts: { ...revision.facts, carried } };
    case 'reaction.changed':
      return { ...revision, facts: { ...revision.facts, carried } };
  }
}

/** Said by the hub: a handoff does not overtake what a person has decided, and it answers nobody's question. */
function repeated(letter: DeadLetterMessage, content: NonNullable<DeadLetterMessage['content']>): NewEvent {
  return {
    type: 'message.sent',
    facts: {
      message: newId<MessageId>(),
      thread: letter.thread,
      author: { kind: 'system' },
      kinds: content.map(({ kind }) => kind),
      repeats: letter.message,
      offers: choicesIn(content).length || undefined,
      ...(letter.once && { once: true }),
    },
    body: { content: [...content] },
  };
}

function saidBy(
  changed: Changed | undefined,
): { conversation: ConversationId; seq: number; notSent?: string | undefined } | undefined {
  if (changed?.outcome === 'committed') {
    const { id, seq } = changed.conversation;
    const notSent = changed.deliveries.find(({ state }) => state === 'cancelled')?.reason;
    return { conversation: id, seq, notSent };
  }
  return changed?.outcome === 'duplicate' ? changed : undefined;
}
