/** Reasons for which a conversation goes before the others of its queue. */
const URGENT_REASONS: ReadonlySet<string> = new Set(['fraud', 'card-at-risk']);

export function isUrgent(reason: string): boolean {
  return URGENT_REASONS.has(reason);
}
