import type { Content } from '../model/content.ts';
import type { Delivery } from '../model/delivery.ts';

/** What the policy says of one delivery, here and now, with its reason. */
export type Verdict =
  | { readonly verdict: 'send' }
  | { readonly verdict: 'wait'; readonly until: Date; readonly reason: string }
  | { readonly verdict: 'refuse'; readonly reason: string };

export interface PolicyQuestion {
  readonly delivery: Delivery;
  readonly content: readonly Content[];
  readonly now: Date;
}

/**
 * May this be sent, to this contact, here, now? Asked before each attempt of bot, operator and campaign alike.
 * Answers to a client who wrote are allowed; what was erased while it waited is not sent.
 */
export function decide({ content }: PolicyQuestion): Verdict {
  return content.length > 0 ? { verdict: 'send' } : { verdict: 'refuse', reason: 'erased' };
}
