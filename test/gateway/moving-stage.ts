import { expect } from 'vitest';
import type { ChangeBySender } from '../../gateway/change.ts';
import { changeOwner } from '../../gateway/decide-turn.ts';
import { newId } from '../../gateway/ids.ts';
import { createLinking, type Linking } from '../../gateway/linking.ts';
import type { EventType, NewEvent } from '../../gateway/model/events.ts';
import type {
  ChannelId,
  ConversationId,
  IdentityId,
  MessageId,
  OperatorId,
  QueueId,
  ThreadId,
} from '../../gateway/model/ids.ts';
import type { Actor } from '../../gateway/model/owner.ts';
import { keyOf, type OfferedMove, offerMove } from '../../gateway/moves.ts';
import { createChangeLog, type StoreLog } from '../../gateway/store/change-log.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { verify } from '../../gateway/store/verify.ts';
import { freshDatabase } from '../fixtures/postgres.ts';

export const OLGA = '0199aaaa-0000-7000-8000-000000000001' as OperatorId;
export const IVAN = '0199aaaa-0000-7000-8000-000000000002' as OperatorId;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What one node has: a change log that remembers what it worked, and what links on it. */
export interface Node {
  readonly log: StoreLog;
  readonly linking: Linking;
}

export interface Heard {
  readonly conversation: ConversationId;
  readonly thread: ThreadId;
  readonly identity: IdentityId;
}

/** Clients of several channels on a store of their own, without networks and responders. */
export interface Stage extends Node {
  readonly db: Database;
  now(): Date;
  wait(ms: number): void;
  /** Another node on the same store. */
  node(): Node;
  say(change: ChangeBySender, by?: StoreLog): Promise<Heard>;
  append(conversation: ConversationId, ...events: NewEvent[]): Promise<void>;
  offer(conversation: ConversationId, by?: Actor): Promise<OfferedMove>;
  /** Comes with a link and has agreed. */
  comes(channel: string, user: string, link: string, by?: Linking): ReturnType<Linking['redeem']>;
  /** Types or says a code. */
  types(channel: string, user: string, text: string, by?: Linking): ReturnType<Linking['redeem']>;
  rowOf(conversation: ConversationId): Promise<Record<string, unknown> | undefined>;
  eventsOf<T extends EventType>(
    conversation: ConversationId,
    type: T,
  ): Promise<readonly Extract<NewEvent, { type: T }>[]>;
  /** Fails where the ledger is broken. */
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const db = openDatabase(await freshDatabase(), () => {});
  let clock = new Date();
  const now = () => clock;
  const acceptsAtCommit = (channel: ChannelId) => channel === 'webchat';
  const node = (): Node => {
    const log = createChangeLog({ db, now, acceptsAtCommit, termOf: () => 0 });
    return { log, linking: createLinking({ db, change: log, now, log: silent }) };
  };
  const { log, linking } = node();

  async function say(change: ChangeBySender, by = log): Promise<Heard> {
    const [changed] = await by.commit([change]);
    if (changed?.outcome !== 'committed') throw new Error(`not taken: ${changed?.outcome}`);
    const said = changed.events.find(({ type }) => type === 'message.received');
    if (said?.type !== 'message.received') throw new Error('nothing was said');
    const { thread, identity } = said.facts;
    return { conversation: changed.conversation.id, thread, identity };
  }

  async function append(conversation: ConversationId, ...events: NewEvent[]): Promise<void> {
    const [changed] = await log.commit([{ conversation, events }]);
    expect(changed?.outcome).toBe('committed');
  }

  return {
    db,
    log,
    linking,
    now,
    wait(ms) {
      clock = new Date(clock.getTime() + ms);
    },
    node,
    say,
    append,
    async offer(conversation, by = { kind: 'contact' }) {
      const offered = offerMove(by, clock);
      await append(conversation, offered.event);
      return offered;
    },
    async comes(channel, user, link, by = linking) {
      const key = linkKey(link);
      if (!key) throw new Error('no link');
      return by.redeem({ ...says(channel, user, ''), events: () => [] }, key);
    },
    async types(channel, user, text, by = linking) {
      const key = codeKey(text);
      if (!key) throw new Error('no code');
      return by.redeem(says(channel, user, text), key);
    },
    async rowOf(conversation) {
      const { rows } = await db.query('select * from conversation where id = $1', [conversation]);
      return rows[0];
    },
    async eventsOf(conversation, type) {
      const { rows } = await db.query(
        'select type, facts, body from event where conversation = $1 and type = $2 order by seq',
        [conversation, type],
      );
      return rows;
    },
    async close() {
      const { broken } = await verify(db, { full: true });
      await linking.stop();
      await db.end();
      expect(broken).toEqual([]);
    },
  };
}

/** A message of a client; `proof`: the customer that the bank says they are. */
export function says(channel: string, user: string, text: string, proof?: string): ChangeBySender {
  return {
    channel: channel as ChannelId,
    sender: {
      externalUser: user,
      externalThread: user,
      ...(proof && { proof: { evidence: 'bank-authenticated', customer: proof, how: 'signed-identity' } }),
    },
    dedupe: { scope: channel, key: newId<MessageId>() },
    events: ({ identity, thread }) => [
      {
        type: 'message.received',
        facts: {
          message: newId<MessageId>(),
          thread,
          identity,
          channel: channel as ChannelId,
          kinds: ['text'],
        },
        body: { content: [{ kind: 'text', text }] },
      },
    ],
  };
}

const { sender } = says('sms', 'x', '');

export const linkKey = (payload: string) => keyOf({ type: 'start', payload, dedupeKey: 'k', sender });
export const codeKey = (text: string) =>
  keyOf({ type: 'message', dedupeKey: 'k', sender, content: [{ kind: 'text', text }] });

/** The same code with another last digit. */
export function wrong(code: string): string {
  return `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
}

export const taken = (by: OperatorId): NewEvent =>
  changeOwner(
    { owner: { kind: 'bot' }, epoch: 0 },
    { kind: 'operator', operator: by },
    { kind: 'operator', operator: by },
    'taken',
  );

export const queued = (): NewEvent =>
  changeOwner(
    { owner: { kind: 'bot' }, epoch: 0 },
    { kind: 'queue', queue: 'default' as QueueId },
    { kind: 'bot' },
    'asked',
  );
