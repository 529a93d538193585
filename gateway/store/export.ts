import type { Evidence } from '../model/contact.ts';
import type { Event, EventType } from '../model/events.ts';
import type { ChannelId, ContactId, ConversationId, IdentityId } from '../model/ids.ts';
import type { Database } from './database.ts';
import { personOf } from './person.ts';

/** Which conversations: those that were opened in a stretch of time, of one person or of all. */
export interface ExportRange {
  readonly from?: Date | undefined;
  /** Not in it any more. */
  readonly to?: Date | undefined;
  /** With those who were linked with this one: one person. */
  readonly contact?: ContactId | undefined;
}

/** A conversation, before its events. */
export interface ExportedConversation {
  readonly type: 'conversation';
  readonly id: ConversationId;
  readonly contact: ContactId;
  readonly status: 'open' | 'closed';
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly identities: readonly ExportedIdentity[];
}

/** Who a contact is on one channel; where somebody was proved to be a customer, whose. */
export interface ExportedIdentity {
  readonly id: IdentityId;
  readonly channel: ChannelId;
  readonly externalUser: string;
  readonly evidence: Evidence;
  readonly customer: string | null;
  readonly name: string | null;
  readonly username: string | null;
}

/** An event of the log; its body is null where there was none, or where it was erased. */
export interface ExportedEvent {
  readonly type: 'event';
  readonly conversation: ConversationId;
  readonly seq: number;
  readonly at: Date;
  readonly event: EventType;
  /** Number of the form in which this type of event was written. */
  readonly schema: number;
  readonly facts: Event['facts'];
  readonly body: unknown;
}

export type ExportedLine = ExportedConversation | ExportedEvent;

const CONVERSATIONS_AT_ONCE = 100;
const EVENTS_AT_ONCE = 500;

/**
 * The conversations of a range, oldest first, each followed by its events in their order. Reads a page after another by
 * keys, so that neither side holds more than one, however much there is; what comes in meanwhile may be among it.
 */
export async function* exportConversations(db: Database, range: ExportRange): AsyncGenerator<ExportedLine> {
  let after: ConversationId | undefined;
  for (;;) {
    const page = await readConversations(db, range, after);
    for (const conversation of page) {
      yield conversation;
      yield* eventsOf(db, conversation.id);
    }
    after = page.at(-1)?.id;
    if (page.length < CONVERSATIONS_AT_ONCE) return;
  }
}

async function readConversations(
  db: Database,
  { from, to, contact }: ExportRange,
  after: ConversationId | undefined,
): Promise<readonly ExportedConversation[]> {
  const { rows } = await db.query<Omit<ExportedConversation, 'type'>>(
    `select c.id, c.contact, c.status, c.opened_at as "openedAt", c.closed_at as "closedAt",
       (select coalesce(json_agg(json_build_object('id', i.id, 'channel', i.channel, 'externalUser', i.external_user,
          'evidence', i.evidence, 'customer', i.customer, 'name', i.name, 'username', i.username) order by i.id), '[]')
        from identity i where i.contact = c.contact) as identities
     from conversation c
     where ($1::uuid is null or c.id > $1) and ($2::timestamptz is null or c.opened_at >= $2)
       and ($3::timestamptz is null or c.opened_at < $3)
       and ($4::uuid is null or c.contact in ${personOf('$4::uuid')})
     order by c.id limit ${CONVERSATIONS_AT_ONCE}`,
    [after, from, to, contact],
  );
  return rows.map((row) => ({ type: 'conversation', ...row }));
}

async function* eventsOf(db: Database, conversation: ConversationId): AsyncGenerator<ExportedEvent> {
  let after = 0;
  for (;;) {
    const { rows } = await db.query<Omit<ExportedEvent, 'type' | 'conversation'>>(
      `select seq, at, type as event, schema, facts, body from event where conversation = $1 and seq > $2
       order by seq limit ${EVENTS_AT_ONCE}`,
      [conversation, after],
    );
    for (const row of rows) yield { type: 'event', conversation, ...row };
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < EVENTS_AT_ONCE) return;
  }
}
