import type { ChangeLog } from '../../gateway/change.ts';
import type { Capabilities } from '../../gateway/connectors/capabilities.ts';
import { fit as fitted, requestsFor } from '../../gateway/fit.ts';
import type { FitContext } from '../../gateway/fit-media.ts';
import { newId } from '../../gateway/ids.ts';
import type { Content } from '../../gateway/model/content.ts';
import type { ChannelId, ConversationId, MessageId, OperatorId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { Refusal } from '../acts.ts';
import { findSaid, readOwnership } from '../store/ownership.ts';
import type { AbilitiesOn } from './abilities.ts';
import { decideRevision, type RevisionRefusal, type Wish } from './decide.ts';
import { readSaid } from './said.ts';

export interface ReviseOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly now: () => Date;
  readonly capabilitiesOf: (channel: ChannelId) => Capabilities | undefined;
  readonly abilitiesOn: AbilitiesOn;
}

/** Which message, and by whom; `id` is made by the page, and the same id counts once. */
export interface Revising {
  readonly operator: OperatorId;
  readonly conversation: ConversationId;
  readonly seq: number;
  readonly id: string;
}

export type Revised = { readonly outcome: 'said'; readonly seq: number } | Refusal | RevisionRefusal;

/** Between reading a conversation and the change it may change; beyond this many times it is a storm. */
const TRIES = 3;

/** Changes a message as an operator wishes: one event, which goes out by a delivery of its own. */
export async function revise(options: ReviseOptions, wish: Wish, who: Revising): Promise<Revised> {
  const { db, change, now, capabilitiesOf, abilitiesOn } = options;
  const { operator, conversation, seq, id } = who;
  // Ids are made by pages, so they are kept apart by their operator and conversation.
  const dedupe = { scope: 'desk', key: `${conversation}:${operator}:${id}` };
  for (let tried = 0; tried < TRIES; tried++) {
    const ownership = await readOwnership(db, conversation);
    if (!ownership) return { outcome: 'missing' };
    const done = await findSaid(db, dedupe);
    if (done !== undefined) return { outcome: 'said', seq: done };
    const said = await readSaid(db, conversation, seq);
    const capabilities = said && capabilitiesOf(said.channel);
    const abilities = said && capabilities && abilitiesOn(said.channel);
    const requestsOf = (content: readonly Content[]) =>
      capabilities ? requestsFor(content, capabilities) : 0;
    const messagesOf = capabilities && messagesOn(capabilities);
    const known = { ownership, said, abilities, now: now(), requestsOf, ...(messagesOf && { messagesOf }) };
    const decided = decideRevision(wish, operator, known, newId<MessageId>());
    if (decided.outcome !== 'do') return decided;
    // The conversation's last number too: of two who change one message the second decides on what the first left.
    const expect = { epoch: ownership.epoch, seq: ownership.seq };
    const [changed] = await change.commit([{ conversation, events: [decided.event], expect, dedupe }]);
    if (changed?.outcome === 'committed') return { outcome: 'said', seq: changed.conversation.seq };
    if (changed?.outcome === 'duplicate') return { outcome: 'said', seq: changed.seq };
    if (changed?.outcome === 'closed' || changed?.outcome === 'missing') return { outcome: changed.outcome };
  }
  return { outcome: 'changed' };
}

/** How many messages a network with albums makes of a message; undefined for one without. */
function messagesOn(capabilities: Capabilities): ((content: readonly Content[]) => number) | undefined {
  const { albumSize = 1, albumIs } = capabilities.limits.media ?? {};
  if (albumSize === 1) return undefined;
  return albumIs === 'message'
    ? (content) => fitted(content, capabilities, AS_SENT).length
    : (content) => content.length;
}

/** What was sent was stored, and of the type that it was sent as. */
const AS_SENT: FitContext = {
  locale: 'ru',
  stored: ({ type = 'application/octet-stream', size = 0 }) => ({ type, size }),
  link: () => '',
};
