import type { ChangeBySender, Changed } from './change.ts';
import type { Log } from './connectors/connector.ts';
import type { ConversationId, IdentityId } from './model/ids.ts';
import type { Actor } from './model/owner.ts';
import type { LinkLook } from './move-question.ts';
import type { MoveKey } from './moves.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { StoreLog } from './store/change-log.ts';
import type { Database } from './store/database.ts';
import { LinkBatch } from './store/link-batch.ts';
import { linkCustomer, unlink } from './store/links.ts';
import { forgetMoves, lookAtLink, mayRedeem, redeem } from './store/moves.ts';

type Committed = Extract<Changed, { outcome: 'committed' }>;

/** Links and parts contacts, each in one transaction; what has changed is told like any commit. */
export interface Linking {
  /** Brings a conversation to where this sender came with its link or code; undefined where it is not valid. */
  redeem(change: ChangeBySender, key: MoveKey): Promise<Committed | undefined>;
  /** Where a link leads that its sender came with; it uses nothing up. */
  look(comes: Pick<ChangeBySender, 'channel' | 'sender'>, key: MoveKey): Promise<LinkLook>;
  /** Undoes the link of an identity; told in the conversation from which it was asked, and where it writes now. */
  unlink(identity: IdentityId, conversation: ConversationId, by: Actor): Promise<'unlinked' | 'not-linked'>;
  /** An identity was proved to be a customer: whoever else was is linked with it. */
  wake(identity: IdentityId): void;
  /** Links what a crash left, and looks from time to time. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const SWEEP_MS = 10_000;
const SWEEP_LIMIT = 200;

export function createLinking(options: {
  readonly db: Database;
  readonly change: Pick<StoreLog, 'across'>;
  readonly now: () => Date;
  readonly log: Log;
}): Linking {
  const { db, change, now, log } = options;
  let work: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  /** Whoever guesses much waits here, and not with a connection each for the links' lock. */
  const inTurn = oneAtATime();

  /** One after another: each takes all links' lock. What fails stays due. */
  function enqueue(task: () => Promise<void>): Promise<void> {
    work = work
      .then(() => (stopping ? undefined : task()))
      .catch((error: unknown) => log.error({ err: error }, 'contacts could not be linked yet'));
    return work;
  }

  async function linkOne(identity: IdentityId): Promise<void> {
    const { rows } = await db.query('select 1 from identity where id = $1 and link_due', [identity]);
    if (rows.length === 0) return;
    await change.across(async (client, at) => {
      const batch = new LinkBatch(client, at);
      const linked = await linkCustomer(batch, identity);
      return { result: linked, changed: await batch.finish() };
    });
  }

  async function sweep(): Promise<void> {
    const { rows } = await db.query<{ id: IdentityId }>(
      `select id from identity where link_due order by id limit ${SWEEP_LIMIT}`,
    );
    for (const { id } of rows) await linkOne(id);
    await forgetMoves(db, now());
  }

  return {
    async redeem(asked, key) {
      if (!(await mayRedeem(db, asked, key, now()))) return undefined;
      return inTurn(async () => {
        // Asked again, since those before may have used it up or guessed it dead.
        if (!(await mayRedeem(db, asked, key, now()))) return undefined;
        return change.across((client, at) => redeem(new LinkBatch(client, at), asked, key));
      });
    },
    look: (comes, key) => lookAtLink(db, comes, key, now()),
    unlink: (identity, conversation, by) =>
      change.across(async (client, at) => {
        const batch = new LinkBatch(client, at);
        const result = await unlink(batch, identity, conversation, by);
        return { result, changed: await batch.finish() };
      }),
    wake: (identity) => void enqueue(() => linkOne(identity)),
    async start() {
      timer ??= setInterval(() => void enqueue(sweep), SWEEP_MS);
      await enqueue(sweep);
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      await work;
    },
  };
}
