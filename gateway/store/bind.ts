import type { ThreadId } from '../model/ids.ts';
import type { Binding } from './found.ts';
import type { Open } from './open.ts';
import type { Writes } from './writes.ts';

/** Bound_at rises with each binding of a thread, whatever the clocks of the nodes say. */
const LATER_MS = 1;

/**
 * Binds a thread to a conversation from its next event on: positions go on where `last` stopped, the thread's newest
 * binding. Gives the row. Pure but for `open`.
 */
export function bindThread(
  open: Open,
  thread: ThreadId,
  last: Pick<Binding, 'base' | 'seq' | 'boundAt'> | undefined,
  now: Date,
): Writes['bindings'][number] {
  const { id: conversation, seq } = open.conversation;
  const base = last ? last.base + last.seq - seq : 0;
  const after = last ? last.boundAt.getTime() + LATER_MS : 0;
  open.bases.set(thread, base);
  return { thread, conversation, base, since: seq + 1, bound_at: new Date(Math.max(now.getTime(), after)) };
}
