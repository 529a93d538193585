import type { ChangeBySender, Changed } from '../change.ts';
import type { ChannelId, ContactId, ConversationId, IdentityId, MoveId } from '../model/ids.ts';
import { type LinkLook, maskedContact } from '../move-question.ts';
import { isCodeOf, MOVE_MS, type MoveKey } from '../moves.ts';
import type { Database } from './database.ts';
import { evidenceNow } from './evidence.ts';
import type { Resolved } from './found.ts';
import type { LinkBatch } from './link-batch.ts';
import { link } from './links.ts';
import { prove } from './plan.ts';
import { isOpenWith } from './secondary.ts';
import { resolveSenders } from './senders.ts';

type Committed = Extract<Changed, { outcome: 'committed' }>;

/** Wrong guesses after which a code is dead, and after which nobody looks at what this sender guesses for a while. */
const MAX_WRONG = 5;

/** `result`: of the conversation that goes on; `changed`: of all. */
interface Redeemed {
  readonly result: Committed | undefined;
  readonly changed: readonly Committed[];
}

const NOT_VALID: Redeemed = { result: undefined, changed: [] };

interface Offered {
  readonly id: MoveId;
  readonly conversation: ConversationId;
  readonly code: string;
}

/**
 * Whether it is worth taking all links' lock for a link or code: numbers of nine digits come every day, and whoever links
 * makes everybody wait. A code of which no digits are offered counts as a wrong guess at once.
 */
export async function mayRedeem(
  db: Database,
  change: ChangeBySender,
  key: MoveKey,
  now: Date,
): Promise<boolean> {
  const { scope = null, key: dedupeKey = null } = change.dedupe ?? {};
  const [link, bucket] = key.how === 'link' ? [key.hash, null] : [null, key.bucket];
  const { rows } = await db.query<{ known: boolean; offered: boolean }>(
    `select exists (select from dedupe where scope = $1 and key = $2) as known,
       exists (select from move where (link = $3 or (bucket = $4 and wrong < $6)) and used_at is null and expires_at > $5) as offered`,
    [scope, dedupeKey, link, bucket, now, MAX_WRONG],
  );
  const { known = true, offered = false } = rows[0] ?? {};
  if (known) return false;
  if (key.how === 'link') return offered;
  if (await hasGuessedEnough(db, change, now)) return false;
  if (!offered) await addGuess(db, change, now);
  return offered;
}

async function hasGuessedEnough(
  client: Pick<Database, 'query'>,
  { channel, sender }: ChangeBySender,
  now: Date,
): Promise<boolean> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*) as count from move_guess where channel = $1 and external_user = $2 and at > $3',
    [channel, sender.externalUser, new Date(now.getTime() - MOVE_MS)],
  );
  return (rows[0]?.count ?? 0) >= MAX_WRONG;
}

async function addGuess(
  client: Pick<Database, 'query'>,
  { channel, sender }: ChangeBySender,
  now: Date,
): Promise<void> {
  await client.query('insert into move_guess (channel, external_user, at) values ($1, $2, $3)', [
    channel,
    sender.externalUser,
    now,
  ]);
}

/**
 * Uses a link or code: the sender's identity is linked with the contact that it was given to, and the conversation goes
 * on where they came. Nothing is changed where it is not valid, or the sender certainly is another person: then it is an
 * ordinary message. All in one transaction, so a code counts once.
 */
export async function redeem(batch: LinkBatch, change: ChangeBySender, key: MoveKey): Promise<Redeemed> {
  const { client, now } = batch;
  if (change.dedupe && (await isKnown(batch, change.dedupe))) return NOT_VALID;
  const offered = await findOffered(batch, change, key);
  if (!offered) return NOT_VALID;
  const [resolved] = await resolveSenders(client, [change]);
  if (!resolved || !(await isOwnPlace(client, resolved))) return NOT_VALID;
  const from = await originOf(client, offered.conversation);
  if (!from) return NOT_VALID;
  const proofs = prove(change, resolved);
  // Whoever sends a client a link or a code could else read what that client tells the bank.
  const signed = await signedClient(client, change);
  if (signed && !(await isClient(client, from.contact, signed))) return NOT_VALID;
  const reason = { evidence: 'code-confirmed', how: `move-${key.how}`, by: { kind: 'contact' } } as const;
  // The client has just chosen the conversation of the link: of two it counts as the more recent.
  const linked = await link(batch, [resolved.identity, from.identity], reason, from.contact);
  if (linked.outcome === 'another-customer') return NOT_VALID;
  await batch.lockOpen([linked.contact]);
  const open = batch.openOf(linked.contact);
  if (!open) throw new Error(`contact ${linked.contact} has no open conversation after its move`);
  const { channel } = change;
  const { thread, identity } = resolved;
  await batch.bind(open, { thread, channel, identity });
  batch.append(open, [
    ...proofs,
    {
      type: 'conversation.moved',
      facts: {
        move: offered.id,
        identity,
        thread,
        channel,
        from: from.channel,
        how: key.how,
        locale: change.sender.locale,
      },
    },
    ...change.events(resolved),
  ]);
  if (change.dedupe) batch.addKey(open, change.dedupe);
  await client.query('update move set used_at = $2, used_by = $3 where id = $1', [offered.id, now, identity]);
  const changed = await batch.finish();
  return { result: changed.find(({ conversation }) => conversation.id === open.row.id), changed };
}

/** A dialogue goes on in no place that is another client's. */
async function isOwnPlace(client: LinkBatch['client'], { thread, identity }: Resolved): Promise<boolean> {
  const { rows } = await client.query('select from thread where id = $1 and identity = $2', [
    thread,
    identity,
  ]);
  return rows.length > 0;
}

async function isKnown(batch: LinkBatch, dedupe: { scope: string; key: string }): Promise<boolean> {
  const { rows } = await batch.client.query('select 1 from dedupe where scope = $1 and key = $2', [
    dedupe.scope,
    dedupe.key,
  ]);
  return rows.length > 0;
}

async function findOffered(
  batch: LinkBatch,
  change: ChangeBySender,
  key: MoveKey,
): Promise<Offered | undefined> {
  const { client, now } = batch;
  if (key.how === 'link') {
    const { rows } = await client.query<Offered>(
      'select id, conversation, code from move where link = $1 and used_at is null and expires_at > $2 for update',
      [key.hash, now],
    );
    return rows[0];
  }
  if (await hasGuessedEnough(client, change, now)) return undefined;
  const { rows } = await client.query<Offered>(
    `select id, conversation, code from move
     where bucket = $1 and used_at is null and expires_at > $2 and wrong < $3 order by id for update`,
    [key.bucket, now, MAX_WRONG],
  );
  const right = rows.find(({ id, code }) => isCodeOf(id, key.code, code));
  if (right) return right;
  await addGuess(client, change, now);
  await client.query('update move set wrong = wrong + 1 where id = any($1::uuid[])', [
    rows.map(({ id }) => id),
  ]);
  return undefined;
}

interface Origin {
  readonly identity: IdentityId;
  readonly contact: ContactId;
  readonly channel: ChannelId;
  readonly user: string;
  readonly name: string | null;
}

/**
 * Whose conversation it is, and where they wrote last; undefined where it is over. One that is over because another of
 * its client goes on with it leads there.
 */
async function originOf(
  client: Pick<Database, 'query'>,
  conversation: ConversationId,
): Promise<Origin | undefined> {
  const { rows } = await client.query<Origin>(
    `select i.id as identity, i.contact, t.channel, i.external_user as "user", i.name from conversation c join thread t on t.id = c.thread
     join identity i on i.id = t.identity
     where c.id = $1 and exists (select from conversation c where ${isOpenWith('i.contact')})
       and not exists (select from event e where e.conversation = $1 and e.type = 'conversation.closed')`,
    [conversation],
  );
  return rows[0];
}

/** The customer that the bank itself says its sender to be, by a proof that has not ended. */
async function signedClient(
  client: Pick<Database, 'query'>,
  { channel, sender }: Pick<ChangeBySender, 'channel' | 'sender'>,
): Promise<string | undefined> {
  if (sender.proof?.evidence === 'bank-authenticated') return sender.proof.customer;
  const { rows } = await client.query<{ customer: string }>(
    `select i.customer from identity i where i.channel = $1 and i.external_user = $2
     and ${evidenceNow('i')} = 'bank-authenticated'`,
    [channel, sender.externalUser],
  );
  return rows[0]?.customer;
}

/** True where the bank knows the contact as this customer. */
async function isClient(
  client: Pick<Database, 'query'>,
  contact: ContactId,
  customer: string,
): Promise<boolean> {
  const { rows } = await client.query('select 1 from identity where contact = $1 and customer = $2 limit 1', [
    contact,
    customer,
  ]);
  return rows.length > 0;
}

/** Looks where a link leads that its sender came with; it uses nothing up. */
export async function lookAtLink(
  db: Database,
  comes: Pick<ChangeBySender, 'channel' | 'sender'>,
  key: MoveKey,
  now: Date,
): Promise<LinkLook> {
  if (key.how !== 'link') return { state: 'ended' };
  const { rows } = await db.query<Pick<Offered, 'conversation'>>(
    'select conversation from move where link = $1 and used_at is null and expires_at > $2',
    [key.hash, now],
  );
  const origin = rows[0] && (await originOf(db, rows[0].conversation));
  if (!origin) return { state: 'ended' };
  const { channel, contact, user, name } = origin;
  const signed = await signedClient(db, comes);
  if (signed && !(await isClient(db, contact, signed))) return { state: 'another-client' };
  const masked = maskedContact(user, name ?? undefined);
  return { state: 'open', from: { channel, ...(masked !== undefined && { contact: masked }) } };
}

/** Removes what can be used no more, and guesses that count no more. */
export async function forgetMoves(db: Database, now: Date): Promise<void> {
  await db.query('delete from move where expires_at < $1', [now]);
  await db.query('delete from move_guess where at < $1', [new Date(now.getTime() - MOVE_MS)]);
}
