import type { Content } from '../../model/content.ts';
import type { ShownDelivery, ShownItem, ShownMessage, ShownRevision } from './shown.ts';

/** What became of a message since it was said. */
export interface Revised {
  /** Former words, oldest first, each until when it stood. */
  readonly former: readonly { readonly content: readonly Content[]; readonly until: string }[];
  readonly deletedAt?: string;
  readonly reactions: readonly string[];
  /** Of the newest of our changes: whether it reached the client. */
  readonly delivery?: ShownDelivery;
  /** The intent that a person of ours says it is about. */
  readonly label?: string;
}

/** Messages as they stand now, with their history, and everything else as it is; revisions are no lines of their own. */
export function withRevisions(items: readonly ShownItem[]): readonly Exclude<ShownItem, ShownRevision>[] {
  const revisions = new Map<number, ShownRevision[]>();
  for (const item of items) {
    if (item.type !== 'revision') continue;
    revisions.set(item.of, [...(revisions.get(item.of) ?? []), item]);
  }
  return items.flatMap((item) => {
    if (item.type === 'revision') return [];
    const of = item.type === 'message' ? revisions.get(item.seq) : undefined;
    return [item.type === 'message' && of ? revise(item, of) : item];
  });
}

function revise(message: ShownMessage, revisions: readonly ShownRevision[]): ShownMessage {
  let { content } = message;
  let deletedAt: string | undefined;
  let label: string | null | undefined;
  const former: Revised['former'][number][] = [];
  const reactions = new Map<string, readonly string[]>();
  const delivery = revisions.findLast((revision) => revision.delivery)?.delivery;
  for (const revision of revisions) {
    if (revision.what === 'deleted') deletedAt = revision.at;
    else if (revision.what === 'labelled') label = revision.intent;
    else if (revision.what === 'reaction') reactions.set(revision.by, revision.emoji);
    else {
      former.push({ content, until: revision.at });
      content = revision.content;
    }
  }
  const revised: Revised = {
    former,
    reactions: [...reactions.values()].flat(),
    ...(deletedAt !== undefined && { deletedAt }),
    ...(delivery && { delivery }),
    ...(label && { label }),
  };
  return { ...message, content, revised };
}
