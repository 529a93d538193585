import type { ConversationId } from '../../gateway/model/ids.ts';
import { type Database, inTransaction } from '../../gateway/store/database.ts';
import { type EventRow, toEvent } from '../../gateway/store/rows.ts';
import type { ConversationRow, SearchHit } from '../api.ts';
import { readRows } from '../store/rows.ts';
import { excerptOf } from './excerpt.ts';
import { searchedText } from './index-messages.ts';
import type { SearchWords, SoughtWord } from './words.ts';

/** The place of a message among all, the newest first; what comes after it is the next page. */
export interface MessagePlace {
  readonly at: Date;
  readonly conversation: ConversationId;
  readonly seq: number;
}

export interface Found {
  readonly hits: readonly SearchHit[];
  readonly next?: MessagePlace;
}

const FIRST: MessagePlace = {
  at: new Date('9999-12-31T00:00:00Z'),
  conversation: 'ffffffff-ffff-ffff-ffff-ffffffffffff' as ConversationId,
  seq: 0,
};

/**
 * A page of the messages and notes that hold all words of a query, the newest first. A word that stands nowhere is taken
 * for those that are one slip away.
 */
export async function findMessages(
  db: Database,
  words: SearchWords,
  { query, limit, after = FIRST }: { query: string; limit: number; after?: MessagePlace },
): Promise<Found> {
  const sought = words.ofQuery(query);
  if (sought.length === 0) return { hits: [] };
  const found = await byIndex(db, await meant(db, sought), limit + 1, after);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const rows = await rowsOf(db, page);
  return {
    hits: page.flatMap((hit) => shown(hit, rows.get(hit.conversation), words, sought)),
    ...(found.length > limit && last && { next: last }),
  };
}

/** As a tsquery. */
async function meant(db: Database, sought: readonly SoughtWord[]): Promise<string> {
  const parts = sought.map(async ({ stems, guesses, isPrefix }) => {
    const plain = stems.map((stem, at) => lexeme(stem, isPrefix && at === 0)).join(' | ');
    const isGuessed = guesses.length > 0 && !(await stands(db, plain));
    return isGuessed ? `(${plain} | ${guesses.map((guess) => lexeme(guess)).join(' | ')})` : `(${plain})`;
  });
  return (await Promise.all(parts)).join(' & ');
}

function lexeme(word: string, isPrefix = false): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'${isPrefix ? ':*' : ''}`;
}

/**
 * Asks by the words' index alone: what the planner guesses for hundreds of words that stand nowhere would make it read
 * all messages instead.
 */
function ask<Row extends object>(db: Database, statement: string, values: unknown[]): Promise<Row[]> {
  return inTransaction(db, async (client) => (await client.query<Row>(statement, values)).rows, BY_INDEX);
}
const BY_INDEX = 'begin read only; set local enable_seqscan = off';

async function stands(db: Database, tsquery: string): Promise<boolean> {
  const rows = await ask(db, 'select from message_search where words @@ $1::tsquery limit 1', [tsquery]);
  return rows.length > 0;
}

type HitRow = MessagePlace & { readonly event: Omit<EventRow, 'at'> };

async function byIndex(
  db: Database,
  tsquery: string,
  limit: number,
  after: MessagePlace,
): Promise<readonly HitRow[]> {
  return ask<HitRow>(
    db,
    `select s.at, s.conversation, s.seq, json_build_object('conversation', e.conversation, 'seq', e.seq,
       'type', e.type, 'schema', e.schema, 'facts', e.facts, 'body', e.body) as event
     from (
       select at, conversation, seq, said from message_search
       where words @@ $1::tsquery and (at, conversation, seq) < ($2, $3, $4)
       order by at desc, conversation desc, seq desc limit $5
     ) s join event e on e.conversation = s.conversation and e.seq = s.said
     order by s.at desc, s.conversation desc, s.seq desc`,
    [tsquery, after.at, after.conversation, after.seq, limit],
  );
}

async function rowsOf(db: Database, hits: readonly HitRow[]): Promise<ReadonlyMap<string, ConversationRow>> {
  const ids = [...new Set(hits.map(({ conversation }) => conversation))];
  return new Map((await readRows(db, ids)).map((row) => [row.id, row]));
}

/** Nothing where it was erased meanwhile. */
function shown(
  { at, seq, event: row }: HitRow,
  conversation: ConversationRow | undefined,
  words: SearchWords,
  sought: readonly SoughtWord[],
): readonly SearchHit[] {
  const event = toEvent({ ...row, at });
  const text = searchedText(event);
  if (!conversation || text === '') return [];
  return [
    {
      conversation,
      seq,
      at: at.toISOString(),
      from: authorOf(event),
      ...excerptOf(text, words.spansOf(text, sought)),
    },
  ];
}

const ACTORS = { contact: 'client', bot: 'bot', operator: 'operator', hub: 'system' } as const;

function authorOf(event: ReturnType<typeof toEvent>): SearchHit['from'] {
  switch (event.type) {
    case 'message.sent':
      return event.facts.author.kind;
    case 'message.edited':
      return ACTORS[event.facts.by.kind];
    case 'note.added':
      return 'note';
    default:
      return 'client';
  }
}
