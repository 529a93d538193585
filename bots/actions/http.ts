import { z } from 'zod';
import type { ActionCall, ActionResult, PerformAction } from '../../gateway/actions.ts';
import { EVIDENCE } from '../../gateway/model/contact.ts';
import type { ActionDefinition, ActionDefinitions } from './definition.ts';

interface HttpPerformer {
  readonly actions: ActionDefinitions;
  /** The bank's service: `http://127.0.0.1:4100`; paths of the actions come under it. */
  readonly root: string;
  readonly fetch: typeof fetch;
}

const MAX_ANSWER_BYTES = 1_000_000;
/** No connection was made, so nothing can have happened (errors of Node's net, dns and undici). */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Complete answers of a service that took nothing in (RFC 9110 §15.5.21, RFC 6585 §4, RFC 9110 §15.6.4). */
const NOT_TAKEN = new Set([429, 503]);

const refusal = z.object({ code: z.string().min(1).max(64) });
const vouched = z.object({ customer: z.string().min(1).max(64) });

/**
 * Calls the bank over HTTP: POST of the parameters as JSON, with the call's id as idempotency key. One request a
 * call, whatever the answer: a repeatable one is sent again once where its answer was lost and time is left.
 * `failed` where certainly nothing was done; `unknown` where the request may have gone out, no complete answer came,
 * and the action changes something.
 */
export function createHttpPerformer(parts: HttpPerformer): PerformAction {
  return async (call) => {
    const definition = parts.actions[call.name];
    if (!definition) return { outcome: 'failed', code: 'unknown-action' };
    const first = await attempt(parts, definition, call);
    const isLost = first.kind === 'lost' && definition.repeatable && !call.signal.aborted;
    return resultOf(isLost ? await attempt(parts, definition, call) : first, definition);
  };
}

type Attempt =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'not-connected' };

async function attempt(
  parts: HttpPerformer,
  definition: ActionDefinition,
  call: ActionCall,
): Promise<Attempt> {
  try {
    const response = await parts.fetch(new URL(parts.root.replace(/\/$/, '') + definition.path), {
      method: 'POST',
      headers: headersOf(call),
      body: JSON.stringify(call.parameters),
      redirect: 'manual',
      signal: call.signal,
    });
    return { kind: 'answer', status: response.status, body: await readJson(response) };
  } catch (error) {
    if (call.signal.aborted) return { kind: 'lost', reason: 'timeout' };
    return codesOf(error).some((code) => NOT_CONNECTED.has(code))
      ? { kind: 'not-connected' }
      : { kind: 'lost', reason: 'connection-lost' };
  }
}

/** The customer comes from the hub alone; a parameter of that name stays a parameter. */
function headersOf(call: ActionCall): Record<string, string> {
  return {
    'content-type': 'application/json',
    'accept-language': call.locale,
    'idempotency-key': call.id,
    'okno-identity': call.identity,
    'okno-evidence': call.evidence,
    ...(call.customer === undefined ? {} : { 'okno-customer': call.customer }),
  };
}

/** The whole body as JSON; undefined where it is none. Rejects where the body breaks off or is too large. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new Error('answer too large');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function resultOf(attempt: Attempt, definition: ActionDefinition): ActionResult {
  if (attempt.kind === 'not-connected') return { outcome: 'failed', code: 'unreachable' };
  if (attempt.kind === 'lost') return doubtful(definition, attempt.reason);
  const { status, body } = attempt;
  if (status >= 200 && status < 300)
    return body === undefined ? doubtful(definition, 'bad-answer') : done(definition, body);
  if (NOT_TAKEN.has(status)) return { outcome: 'failed', code: 'unavailable' };
  if (status >= 400 && status < 500) {
    const refused = refusal.safeParse(body);
    // The service turned the request itself down: a fault of ours or of the set-up, not the bank's decision.
    return refused.success
      ? { outcome: 'refused', code: refused.data.code, result: body }
      : { outcome: 'failed', code: `status-${status}` };
  }
  return doubtful(definition, `status-${status}`);
}

/** A call that changes nothing was certainly not done where its answer is missing. */
function doubtful(definition: ActionDefinition, reason: string): ActionResult {
  return definition.changes ? { outcome: 'unknown', reason } : { outcome: 'failed', code: reason };
}

function done(definition: ActionDefinition, body: unknown): ActionResult {
  if (!definition.proves) return { outcome: 'done', result: body };
  const client = vouched.safeParse(body);
  if (!client.success || !EVIDENCE.includes(definition.proves))
    return { outcome: 'failed', code: 'bad-answer' };
  const proves = { evidence: definition.proves, customer: client.data.customer, how: 'code' };
  // The customer's number goes to the identity, not to the script.
  return { outcome: 'done', result: {}, proves };
}

/** The codes of an error and of what caused it; undici keeps the cause within its own error. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
    if (at instanceof AggregateError) codes.push(...at.errors.flatMap(codesOf));
  }
  return codes;
}
