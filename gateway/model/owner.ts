import type { OperatorId, QueueId } from './ids.ts';

/** Who answers now: exactly one. */
export type Owner =
  | { readonly kind: 'bot' }
  | { readonly kind: 'queue'; readonly queue: QueueId }
  | { readonly kind: 'operator'; readonly operator: OperatorId }
  | { readonly kind: 'nobody' };

/** Who caused a change. */
export type Actor =
  | { readonly kind: 'bot' }
  | { readonly kind: 'contact' }
  | { readonly kind: 'operator'; readonly operator: OperatorId }
  | { readonly kind: 'hub' };

/** Who said an outbound message. */
export type Author =
  | { readonly kind: 'bot' }
  | { readonly kind: 'operator'; readonly operator: OperatorId }
  | { readonly kind: 'system' };

/** True when people answer: a queue or an operator. */
export function isWithPeople(owner: Owner): boolean {
  return owner.kind === 'queue' || owner.kind === 'operator';
}
