import type { Capabilities } from './connectors/capabilities.ts';
import type { Connector } from './connectors/connector.ts';
import type { FittedPart, SendOutcome } from './connectors/outgoing.ts';
import { fit } from './fit.ts';
import type { DeliveryId } from './model/ids.ts';
import type { Message, Revision } from './store/deliveries.ts';

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
 * A revision, a request for each of the messages that the network knows of the one that is changed. What such a
 * request answers is no message of its own, so it leaves no external id. Pure but for `ask`.
 */
export function revising(
  { connector, capabilities }: { readonly connector: Connector; readonly capabilities: Capabilities },
  { externalThread, content }: Pick<Message, 'externalThread' | 'content'>,
  { what, targets, emoji }: Revision,
): Target | Unrevisable {
  const requests = what === 'reaction' ? targets.slice(0, 1) : targets;
  if (requests.length === 0) return 'not-delivered';
  const method = methodOf(connector, capabilities, { what, content, emoji });
  if (typeof method === 'string') return method;
  if (method.parts !== undefined && method.parts !== requests.length) return 'does-not-fit';
  return {
    requests: requests.length,
    async ask(delivery, request, signal) {
      const externalId = requests[request];
      if (externalId === undefined) throw new Error(`delivery ${delivery} has no target ${request}`);
      const outcome = await method.ask({ externalThread, externalId }, delivery, request, signal);
      return outcome.outcome === 'accepted' ? { outcome: 'accepted' } : outcome;
    },
  };
}

interface Method {
  /** How many messages of the network it needs, where that is certain. */
  readonly parts?: number;
  ask(
    target: { readonly externalThread: string; readonly externalId: string },
    delivery: DeliveryId,
    request: number,
    signal: AbortSignal,
  ): Promise<SendOutcome>;
}

function methodOf(
  connector: Connector,
  capabilities: Capabilities,
  { what, content, emoji }: Pick<Revision, 'what' | 'emoji'> & Pick<Message, 'content'>,
): Method | Unrevisable {
  const { edit, remove, react } = connector;
  if (what === 'deleted')
    return remove ? { ask: (target, _, __, signal) => remove(target, signal) } : 'not-possible-here';
  if (what === 'reaction')
    return react ? { ask: (target, _, __, signal) => react(target, emoji, signal) } : 'not-possible-here';
  if (!edit) return 'not-possible-here';
  const parts = fit(content, capabilities);
  return {
    parts: parts.length,
    ask: (target, delivery, request, signal) =>
      edit(
        target,
        {
          key: `${delivery}:${request}`,
          externalThread: target.externalThread,
          ...partAt(parts, request, delivery),
        },
        signal,
      ),
  };
}

function partAt(parts: readonly FittedPart[], request: number, delivery: DeliveryId): FittedPart {
  const part = parts[request];
  if (!part) throw new Error(`delivery ${delivery} has no part ${request}`);
  return part;
}
