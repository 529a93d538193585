import type { Changed } from './change.ts';
import type { Update } from './live.ts';
import { carriedBy } from './model/events.ts';
import type { IdentityId, ThreadId } from './model/ids.ts';

/** What pages are told of a commit that brought events. */
export function committedUpdate({
  conversation,
  events,
  revision,
}: Extract<Changed, { outcome: 'committed' }>): Extract<Update, { type: 'committed' }> {
  const threads = new Set<ThreadId>();
  const bound = [];
  let changesOwner = false;
  const linked = new Set<IdentityId>();
  for (const event of events) {
    if (event.type === 'message.received' || event.type === 'conversation.rated')
      threads.add(event.facts.thread);
    const carried = carriedBy(event);
    if (carried) threads.add(carried.thread);
    if (event.type === 'thread.bound')
      bound.push({ thread: event.facts.thread, channel: event.facts.channel });
    if (event.type === 'owner.changed') changesOwner = true;
    if (event.type === 'identity.linked' || event.type === 'identity.unlinked')
      linked.add(event.facts.identity);
  }
  return {
    type: 'committed',
    conversation: conversation.id,
    seq: conversation.seq,
    revision,
    threads: [...threads],
    bound,
    ...(changesOwner && { changesOwner }),
    ...(linked.size > 0 && { linked: [...linked] }),
  };
}
