import type { NodesView } from './store/nodes.ts';

/** What a node does next so that living nodes come to have the same number of shards. */
export interface NextStep {
  /** Shards that it has beyond its share. */
  readonly give: readonly number[];
  /** How many more it may take of those that nobody has. */
  readonly take: number;
}

/** Shares differ by one shard at most; the first nodes, in the order of their ids, have the larger ones. */
export function nextStep(node: string, { alive, shards }: NodesView): NextStep {
  const place = alive.indexOf(node);
  if (place < 0) return { give: [], take: 0 };
  const share = Math.floor(shards.length / alive.length) + (place < shards.length % alive.length ? 1 : 0);
  const own = shards.filter((shard) => shard.node === node).map(({ shard }) => shard);
  return { give: own.slice(share), take: Math.max(0, share - own.length) };
}
