import type { Connector } from './connectors/connector.ts';
import type { FittedPart, OutgoingPart, SendOutcome, SentMessage } from './connectors/outgoing.ts';
import type { DeliveryId } from './model/ids.ts';
import type { Revision } from './store/deliveries.ts';

/** What a delivery asks of its network, one request after another. */
export interface Target {
  readonly requests: number;
  /** Makes the request with this number, from 0. */
  ask(delivery: DeliveryId, request: number, signal: AbortSignal): Promise<SendOutcome>;
}

/** A message, in the parts that it was fitted to. */
export function sending(connector: Connector, externalThread: string, parts: readonly FittedPart[]): Target {
  return {
    requests: parts.length,
    ask: (delivery, request, signal) =>
      connector.send(
        { key: `${delivery}:${request}`, externalThread, ...partAt(parts, request, delivery) },
        signal,
      ),
  };
}

/** Why a revision cannot go out; a short code. */
export type Unrevisable = 'not-delivered' | 'not-possible-here' | 'does-not-fit';

/**
 * A revision, a request for each of the messages that the network knows of the one that is changed; of an edit only for
 * those with words, so that files stay. `parts`: of an edit the whole message, fitted anew. What such a request answers
 * is no message of its own, so it leaves no external id. Pure but for `ask`.
 */
export function revising(
  connector: Connector,
  externalThread: string,
  parts: readonly FittedPart[],
  revision: Revision,
): Target | Unrevisable {
  const { targets } = revision;
  if (targets.length === 0) return 'not-delivered';
  const steps = stepsOf(connector, parts, revision);
  if (typeof steps === 'string') return steps;
  return {
    requests: steps.length,
    async ask(delivery, request, signal) {
      const step = steps[request];
      if (!step) throw new Error(`delivery ${delivery} has no target ${request}`);
      const { externalId, ask } = step;
      const outcome = await ask({ externalThread, externalId }, `${delivery}:${request}`, signal);
      return outcome.outcome === 'accepted' ? { outcome: 'accepted' } : outcome;
    },
  };
}

/** One request: which message of the network, and what is asked of it. */
interface Step {
  readonly externalId: string;
  ask(target: SentMessage, key: OutgoingPart['key'], signal: AbortSignal): Promise<SendOutcome>;
}

function stepsOf(
  { edit, remove, react }: Connector,
  parts: readonly FittedPart[],
  { what, targets, emoji }: Revision,
): readonly Step[] | Unrevisable {
  const all = targets.flat();
  switch (what) {
    case 'deleted':
      if (!remove) return 'not-possible-here';
      return all.map((externalId) => ({
        externalId,
        ask: (target, key, signal) => remove(target, signal, key),
      }));
    case 'reaction':
      if (!react) return 'not-possible-here';
      return all.slice(0, 1).map((externalId) => ({
        externalId,
        ask: (target, key, signal) => react(target, emoji, signal, key),
      }));
    case 'edited':
      if (!edit) return 'not-possible-here';
      if (parts.length !== targets.length) return 'does-not-fit';
      return parts.flatMap((part, index): readonly Step[] => {
        const externalId = targets[index]?.[0];
        if (externalId === undefined || !hasWords(part)) return [];
        return [
          {
            externalId,
            ask: (target, key, signal) =>
              edit(target, { key, externalThread: target.externalThread, ...part }, signal),
          },
        ];
      });
  }
}

function hasWords(part: FittedPart): boolean {
  return part.kind === 'text' || (part.kind === 'media' && part.media.some(({ caption }) => caption));
}

function partAt(parts: readonly FittedPart[], request: number, delivery: DeliveryId): FittedPart {
  const part = parts[request];
  if (!part) throw new Error(`delivery ${delivery} has no part ${request}`);
  return part;
}
