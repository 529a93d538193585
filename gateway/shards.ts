import { randomUUID } from 'node:crypto';
import type { Log } from './connectors/connector.ts';
import { nextStep } from './shard-share.ts';
import { connectNode, type NodeClient } from './store/node-client.ts';
import {
  endLease,
  endOtherLeases,
  forgetNodes,
  giveShards,
  type NodesView,
  renewLease,
  takeShards as takeFree,
  viewNodes,
} from './store/nodes.ts';

export interface ShardsOptions {
  readonly url: string;
  readonly log: Log;
  /** True where other nodes may work on the same database; else a second one is refused. */
  readonly isShared?: boolean;
  readonly timing?: LeaseTiming;
}

export interface LeaseTiming {
  /** How long a node is taken to live without a word of it. */
  readonly leaseMs: number;
  readonly heartbeatMs: number;
}

/** What of the shards this node works. */
export interface Shards {
  /** This node's id, new with each start. */
  readonly node: string;
  /** True while this node's lease holds, by its own clock too. */
  isAlive(): boolean;
  /** Those that this node works now. */
  owned(): readonly number[];
  /** The term under which this node works a shard now; undefined: it does not. */
  termOf(shard: number): number | undefined;
  /**
   * Calls the listener with what this node begins to work and what it works no more. A shard is handed over once what
   * the listeners return has settled.
   */
  onChange(listener: (change: ShardChange) => void | Promise<void>): void;
  /** A write failed on its term: another node may have taken the shard, so what is held is read again at once. */
  doubt(): void;
  /** The node that works a shard, when last looked. */
  nodeOf(shard: number): string | undefined;
  /** How long ago the lease was last renewed, milliseconds. */
  leaseAgeMs(): number;
  /** The ids of the nodes that live, when last looked. */
  living(): readonly string[];
  /** Hands everything over and ends the lease. */
  release(): Promise<void>;
}

export interface ShardChange {
  readonly taken: readonly number[];
  readonly lost: readonly number[];
}

const TIMING: LeaseTiming = { leaseMs: 15_000, heartbeatMs: 5_000 };
/** After a failure, or while shards are still on their way. */
const SOON_MS = 500;
/** Commits of our own may still hold a row that is to be handed over. */
const GIVE_AGAIN_MS = 50;
const GIVE_TRIES = 60;

/**
 * Begins this node's lease and takes its share of the shards: all of them where it is alone. Throws where the database
 * belongs to a node that shares nothing, or to others where this one shares nothing.
 */
export async function takeShards(options: ShardsOptions): Promise<Shards> {
  const membership = new Membership(options);
  await membership.begin();
  return membership;
}

class Membership implements Shards {
  readonly node = randomUUID();
  readonly #options: ShardsOptions;
  readonly #timing: LeaseTiming;
  readonly #listeners: ((change: ShardChange) => void | Promise<void>)[] = [];
  readonly #terms = new Map<number, number>();
  /** Worked no more, and not handed over yet. */
  readonly #leaving = new Set<number>();
  #client: NodeClient | undefined;
  /** When the lease ends by our own clock (`performance.now()`), which a pause does not stop. */
  #aliveUntilMs = 0;
  #view: NodesView = { alive: [], shards: [] };
  #round: Promise<void> | undefined;
  #roundAgain = false;
  #nextRound: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: ShardsOptions) {
    this.#options = options;
    this.#timing = options.timing ?? TIMING;
  }

  async begin(): Promise<void> {
    this.#client = await this.#connect();
    if (!this.#options.isShared) await endOtherLeases(this.#client.pg, this.node);
    await this.#look();
    this.#schedule(this.#timing.heartbeatMs);
  }

  isAlive(): boolean {
    return performance.now() < this.#aliveUntilMs;
  }

  owned(): readonly number[] {
    return this.isAlive() ? [...this.#terms.keys()] : [];
  }

  termOf(shard: number): number | undefined {
    return this.isAlive() ? this.#terms.get(shard) : undefined;
  }

  onChange(listener: (change: ShardChange) => void | Promise<void>): void {
    this.#listeners.push(listener);
  }

  nodeOf(shard: number): string | undefined {
    if (this.termOf(shard) !== undefined) return this.node;
    return this.#view.shards.find((row) => row.shard === shard)?.node ?? undefined;
  }

  leaseAgeMs(): number {
    return performance.now() - this.#aliveUntilMs + this.#timing.leaseMs;
  }

  living(): readonly string[] {
    return this.#view.alive;
  }

  doubt(): void {
    this.#lookSoon();
  }

  async release(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#nextRound);
    clearTimeout(this.#expiry);
    await this.#round;
    const own = [...this.#terms.keys(), ...this.#leaving];
    await this.#drop(own);
    const client = this.#client;
    if (!client) return;
    try {
      await this.#give(own);
      await endLease(client.pg, this.node);
      await client.tellOthers();
    } catch (error) {
      this.#options.log.warn(
        { err: error },
        'the shards could not be handed over; others wait for the lease',
      );
    }
    await client.end();
  }

  #connect(): Promise<NodeClient> {
    const { url, isShared = false } = this.#options;
    return connectNode({
      url,
      isShared,
      limitMs: this.#timing.heartbeatMs,
      onTold: () => this.#lookSoon(),
    });
  }

  /** At once, or when the round that is under way has ended. */
  #lookSoon(): void {
    if (this.#isStopped) return;
    if (this.#round) this.#roundAgain = true;
    else this.#startRound();
  }

  #schedule(inMs: number): void {
    clearTimeout(this.#nextRound);
    if (!this.#isStopped) this.#nextRound = setTimeout(() => this.#startRound(), inMs);
  }

  #startRound(): void {
    clearTimeout(this.#nextRound);
    this.#roundAgain = false;
    this.#round = this.#look()
      .catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'the lease could not be renewed');
        void this.#client?.end();
        this.#client = undefined;
        return SOON_MS;
      })
      .then((nextMs) => {
        this.#round = undefined;
        this.#schedule(this.#roundAgain ? 0 : nextMs);
      });
  }

  /** Renews the lease, compares what is held with what is true, gives and takes. Returns when to look again. */
  async #look(): Promise<number> {
    const { heartbeatMs, leaseMs } = this.#timing;
    this.#client ??= await this.#connect();
    const { pg } = this.#client;
    const askedMs = performance.now();
    await renewLease(pg, this.node, leaseMs);
    this.#prolong(askedMs + leaseMs);
    const view = await viewNodes(pg, this.node);
    // Who has just come, or sees that somebody did, tells the others.
    if (this.#view.alive.length !== view.alive.length) await this.#client.tellOthers();
    this.#view = view;
    this.#compare(view);
    const { give, take } = nextStep(this.node, view);
    this.#handOver(give.filter((shard) => !this.#leaving.has(shard)));
    const taken = take > 0 ? await takeFree(pg, this.node, take) : [];
    this.#begin(taken);
    await forgetNodes(pg);
    if (taken.length < take) return Math.min(SOON_MS, heartbeatMs);
    // A node that does not renew its lease is followed as soon as it ends.
    return Math.min(heartbeatMs, (view.leaseEndsInMs ?? heartbeatMs) + GIVE_AGAIN_MS);
  }

  #prolong(untilMs: number): void {
    this.#aliveUntilMs = untilMs;
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#expire(), untilMs - performance.now());
  }

  /** The lease could not be renewed in time: another node may work the shards from now on. */
  #expire(): void {
    if (this.#terms.size === 0) return;
    this.#options.log.error(
      { node: this.node },
      'the lease ended: this node works nothing until it is renewed',
    );
    void this.#drop([...this.#terms.keys()]);
  }

  /** What the table says is true: shards that were taken from us are dropped, those that are still ours are worked. */
  #compare({ shards }: NodesView): void {
    const ours = new Map(
      shards
        .filter(({ node, shard }) => node === this.node && !this.#leaving.has(shard))
        .map((row) => [row.shard, row]),
    );
    const lost = [...this.#terms].filter(([shard, term]) => ours.get(shard)?.term !== term);
    void this.#drop(lost.map(([shard]) => shard));
    this.#begin([...ours.values()].filter(({ shard }) => !this.#terms.has(shard)));
  }

  #begin(taken: readonly { readonly shard: number; readonly term: number }[]): void {
    if (taken.length === 0) return;
    for (const { shard, term } of taken) this.#terms.set(shard, term);
    void this.#tell({ taken: taken.map(({ shard }) => shard), lost: [] });
  }

  /** Works them no more. Resolves when nothing of them is under way. */
  async #drop(shards: readonly number[]): Promise<void> {
    if (shards.length === 0) return;
    for (const shard of shards) this.#terms.delete(shard);
    await this.#tell({ taken: [], lost: shards });
  }

  async #tell(change: ShardChange): Promise<void> {
    const told = await Promise.allSettled(this.#listeners.map(async (listener) => listener(change)));
    for (const outcome of told) {
      if (outcome.status === 'rejected')
        this.#options.log.error(
          { err: outcome.reason },
          'a change of shards was not followed; the sweep will',
        );
    }
  }

  /** Lets go of shards for a node that has fewer, once what is under way in them has ended. */
  #handOver(shards: readonly number[]): void {
    if (shards.length === 0) return;
    for (const shard of shards) this.#leaving.add(shard);
    this.#drop(shards)
      .then(() => this.#give(shards))
      .then(() => this.#client?.tellOthers())
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'shards were not handed over yet'))
      // What was not given is ours still, and is compared again.
      .finally(() => {
        for (const shard of shards) this.#leaving.delete(shard);
      });
  }

  async #give(shards: readonly number[]): Promise<void> {
    let left = shards;
    for (let tried = 0; left.length > 0 && tried < GIVE_TRIES; tried++) {
      if (tried > 0) await new Promise((resolve) => setTimeout(resolve, GIVE_AGAIN_MS));
      if (!this.#client) return;
      const given = new Set(await giveShards(this.#client.pg, this.node, left));
      left = left.filter((shard) => !given.has(shard));
    }
  }
}
