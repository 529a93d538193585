import type { Evidence, Locale } from './model/contact.ts';
import type { ActionId, IdentityId } from './model/ids.ts';

/** A call to an outside system, as the hub hands it over: the customer comes from the identity, never from a text. */
export interface ActionCall {
  /** The same over all attempts: the idempotency key. */
  readonly id: ActionId;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly identity: IdentityId;
  readonly evidence: Evidence;
  /** The bank's number of the client; present from `code-confirmed` up. */
  readonly customer?: string;
  readonly locale: Locale;
  /** Aborts at the time limit. */
  readonly signal: AbortSignal;
}

/** What came of it. `unknown`: the request may have gone out and no complete answer came. */
export type ActionResult =
  | {
      readonly outcome: 'done';
      readonly result: unknown;
      /** The bank vouches for the client: the identity's evidence rises. */
      readonly proves?: { readonly evidence: Evidence; readonly customer: string; readonly how: string };
    }
  | { readonly outcome: 'refused'; readonly code: string; readonly result?: unknown }
  | { readonly outcome: 'failed'; readonly code: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

/** Performs a call. Must settle soon after `signal` aborts. */
export type PerformAction = (call: ActionCall) => Promise<ActionResult>;
