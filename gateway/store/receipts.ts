import type pg from 'pg';
import type { InboundReceipt } from '../connectors/inbound.ts';
import type { Delivery, Receipt } from '../model/delivery.ts';
import type { ChannelId, DeliveryId } from '../model/ids.ts';
import { type Database, inTransaction } from './database.ts';
import type { AttemptRecord } from './deliveries.ts';
import { DELIVERY_COLUMNS, type DeliveryRow, toDelivery } from './rows.ts';

/** One request of a delivery. */
interface AttemptKey {
  readonly delivery: DeliveryId;
  readonly number: number;
  readonly part: number;
}

/** What a delivery is after its newest attempt turned out to have been accepted. */
type AfterAcceptance = (
  client: pg.PoolClient,
  delivery: Delivery,
) => Promise<AttemptRecord['after'] | undefined>;

/** What a receipt did: `unknown` where no attempt is known that it speaks of. */
export type ReceiptOutcome =
  | { readonly known: false }
  | { readonly known: true; readonly delivery?: Delivery };

/**
 * Moves the receipt of one part forward, never back, and the delivery's with it: `delivered` once each of its parts is,
 * `failed` once one of them is. Where no answer told the message's id and none is awaited, an attempt to this thread whose
 * outcome nobody knows is taken to be meant, the oldest first; `after` says what its delivery is then.
 */
export function applyReceipt(
  db: Database,
  channel: ChannelId,
  receipt: InboundReceipt,
  after: AfterAcceptance,
): Promise<ReceiptOutcome> {
  return inTransaction(db, async (client): Promise<ReceiptOutcome> => {
    const attempt =
      (await findAttempt(client, channel, receipt)) ?? (await findUnanswered(client, channel, receipt));
    if (!attempt) return { known: false };
    const { rows } = await client.query<DeliveryRow>(
      `select ${DELIVERY_COLUMNS} from delivery d where d.id = $1 for update`,
      [attempt.delivery],
    );
    const row = rows[0];
    if (!row) return { known: false };
    const isReconciled = await reconcile(client, attempt, receipt.externalId, row, after);
    const isNews = await moveForward(client, attempt, receipt.receipt);
    if (!isNews && !isReconciled) return { known: true };
    return { known: true, delivery: await settle(client, attempt.delivery) };
  });
}

/** By our own key, or by the network's id in any of its spellings: a client's number tells which of two is meant. */
async function findAttempt(
  client: pg.PoolClient,
  channel: ChannelId,
  { externalId, otherSpellings = [], key, externalThread }: InboundReceipt,
): Promise<AttemptKey | undefined> {
  if (key !== undefined) {
    const [delivery, part] = key.split(':');
    const { rows } = await client.query<AttemptKey>(
      `select a.delivery, a.number, a.part from attempt a join delivery d on d.id = a.delivery
       where a.delivery = $1 and a.part = $2 and d.channel = $3 and a.outcome is not null
       order by (a.external_id = $4) desc nulls last, a.outcome in ('accepted', 'unknown') desc, a.number desc limit 1`,
      [delivery, part, channel, externalId],
    );
    return rows[0];
  }
  const { rows } = await client.query<AttemptKey>(
    `select a.delivery, a.number, a.part from attempt a
     join delivery d on d.id = a.delivery join thread t on t.id = d.thread
     where d.channel = $1 and a.external_id = any($2::text[])
     order by (t.external_thread = $3) desc nulls last, array_position($2::text[], a.external_id), a.marked_at desc
     limit 1`,
    [channel, [externalId, ...otherSpellings], externalThread],
  );
  return rows[0];
}

async function findUnanswered(
  client: pg.PoolClient,
  channel: ChannelId,
  { externalThread }: InboundReceipt,
): Promise<AttemptKey | undefined> {
  if (externalThread === undefined) return undefined;
  const { rows } = await client.query<AttemptKey>(
    `select a.delivery, a.number, a.part from thread t
     join delivery d on d.thread = t.id join attempt a on a.delivery = d.id
     where t.channel = $1 and t.external_thread = $2 and a.outcome = 'unknown' and a.external_id is null
       and not exists (select from delivery e where e.thread = t.id and e.state = 'attempting')
     order by a.marked_at limit 1`,
    [channel, externalThread],
  );
  return rows[0];
}

/**
 * An attempt whose outcome was unknown did arrive, as its receipt proves. Where its message was not sent again yet, it
 * was accepted; else its outcome stays `unknown`, for the client may have the message twice.
 */
async function reconcile(
  client: pg.PoolClient,
  { delivery, number }: AttemptKey,
  externalId: string,
  row: DeliveryRow,
  after: AfterAcceptance,
): Promise<boolean> {
  const isStillOpen = row.attempts === number && (row.state === 'due' || row.state === 'unknown');
  const next = isStillOpen ? await after(client, toDelivery(row)) : undefined;
  const { rowCount } = await client.query(
    `update attempt set external_id = $3, outcome = case when $4 then 'accepted' else outcome end
     where delivery = $1 and number = $2 and outcome = 'unknown' and external_id is distinct from $3`,
    [delivery, number, externalId, next !== undefined],
  );
  if (rowCount === 0 || !next) return rowCount === 1;
  await client.query(
    `update delivery set state = $2, parts_accepted = $3, due_at = $4, reason = null where id = $1`,
    [delivery, next.state, next.partsAccepted, next.dueAt],
  );
  return true;
}

/** `failed` only before delivered; else sent, delivered, read. */
async function moveForward(
  client: pg.PoolClient,
  { delivery, number }: AttemptKey,
  receipt: Receipt,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update attempt set receipt = $3 where delivery = $1 and number = $2
       and case $3 when 'failed' then coalesce(receipt, 'sent') = 'sent'
         else coalesce(array_position(array['sent', 'delivered', 'read'], receipt), 0)
              < array_position(array['sent', 'delivered', 'read'], $3) end`,
    [delivery, number, receipt],
  );
  return rowCount === 1;
}

/** The delivery's receipt from those of its parts, each part by its luckiest attempt. */
async function settle(client: pg.PoolClient, id: DeliveryId): Promise<Delivery | undefined> {
  const { rows } = await client.query<DeliveryRow>(
    `with part as (
       select a.part, max(array_position(array['failed', 'sent', 'delivered', 'read'], coalesce(a.receipt, 'none'))) as best
       from attempt a where a.delivery = $1 and (a.outcome = 'accepted' or a.external_id is not null) group by a.part
     ), whole as (
       select case when bool_or(best = 1) then 'failed'
         when d.state = 'accepted' and bool_and(best is not null)
           then (array['failed', 'sent', 'delivered', 'read'])[min(best)]
         when bool_or(best is not null) then 'sent' end as receipt
       from delivery d, part where d.id = $1 group by d.state
     )
     update delivery d set receipt = whole.receipt, revision = nextval('revision')
     from whole where d.id = $1 returning ${DELIVERY_COLUMNS}`,
    [id],
  );
  return rows[0] && toDelivery(rows[0]);
}

/** A receipt that came before anybody knew the message that it speaks of. */
export interface EarlyReceipt {
  readonly id: string;
  readonly channel: ChannelId;
  readonly receipt: InboundReceipt;
  readonly cameAt: Date;
  readonly tries: number;
}

export async function keepEarly(
  db: Database,
  early: Omit<EarlyReceipt, 'tries'>,
  nextAt: Date,
): Promise<void> {
  await db.query(
    `insert into early_receipt (id, channel, receipt, came_at, next_at, tries) values ($1, $2, $3, $4, $5, 0)`,
    [early.id, early.channel, JSON.stringify(early.receipt), early.cameAt, nextAt],
  );
}

/** Those whose time has come, oldest first. */
export async function dueEarly(db: Database, now: Date, limit: number): Promise<readonly EarlyReceipt[]> {
  const { rows } = await db.query<{
    id: string;
    channel: ChannelId;
    receipt: InboundReceipt;
    came_at: Date;
    tries: number;
  }>(
    `select id, channel, receipt, came_at, tries from early_receipt where next_at <= $1 order by came_at limit $2`,
    [now, limit],
  );
  return rows.map(({ came_at: cameAt, ...row }) => ({ ...row, cameAt }));
}

export async function hasEarly(db: Database): Promise<boolean> {
  const { rows } = await db.query<{ has: boolean }>('select exists (select from early_receipt) as has');
  return rows[0]?.has === true;
}

export async function postponeEarly(db: Database, id: string, nextAt: Date): Promise<void> {
  await db.query('update early_receipt set next_at = $2, tries = tries + 1 where id = $1', [id, nextAt]);
}

export async function dropEarly(db: Database, id: string): Promise<void> {
  await db.query('delete from early_receipt where id = $1', [id]);
}
