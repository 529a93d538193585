import type { Choice } from '../../model/content.ts';
import { parseJson } from '../../parse-json.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { OutgoingPart, SendOutcome } from '../outgoing.ts';
import { type OutgoingWebhookButton, type OutgoingWebhookContent, webhookAnswer } from './payloads.ts';

/** Content as the receiver reads it; undefined for what the capabilities never hand over. */
export function renderContent(part: OutgoingPart): readonly OutgoingWebhookContent[] | undefined {
  switch (part.kind) {
    case 'text': {
      const { text, choices = [] } = part;
      return [
        { kind: 'text', text },
        ...(choices.length > 0 ? [{ kind: 'choices' as const, choices: choices.map(buttonOf) }] : []),
      ];
    }
    case 'location': {
      const { kind, latitude, longitude, title, address } = part;
      return [
        {
          kind,
          latitude,
          longitude,
          ...(title !== undefined && { title }),
          ...(address !== undefined && { address }),
        },
      ];
    }
    case 'contact': {
      const { kind, name, phone } = part;
      return [{ kind, name, ...(phone !== undefined && { phone }) }];
    }
    default:
      return undefined;
  }
}

function buttonOf(choice: Choice): OutgoingWebhookButton {
  const { id, text, kind } = choice;
  return { id, text, ...(kind && { kind }), ...(choice.kind === 'link' && { url: choice.url }) };
}

/**
 * What an answer means. Standard Webhooks: "a 2xx response means success", 410 that nobody wants more of it, and 429
 * and 503 that we are to slow down (spec, "Operational considerations"). A page of HTML is from something between us
 * and the receiver, whatever its status.
 */
export function outcomeOf(answer: HttpAnswer, key?: OutgoingPart['key']): SendOutcome {
  if (!answer.complete) return answer.outcome;
  const { status, text, retryAfterMs } = answer;
  const isReceivers = !/^\s*</.test(text);
  if (status >= 200 && status < 300) return acceptedBy(text, key);
  const afterMs = retryAfterMs === undefined ? {} : { afterMs: retryAfterMs };
  if (status === 429 || status === 503)
    return { outcome: 'retry', reason: `http-${status}`, scope: 'channel', ...afterMs };
  if (status === 401 || status === 403) return { outcome: 'retry', reason: 'unauthorized', scope: 'channel' };
  if (status === 410) return { outcome: 'rejected', reason: 'gone' };
  if (isReceivers && FINAL.has(status)) return { outcome: 'rejected', reason: `http-${status}` };
  return { outcome: 'retry', reason: `http-${status}`, ...afterMs };
}

/** The receiver understood the request, and will not take it however often it comes. */
const FINAL = new Set([400, 404, 413, 415, 422, 501]);

function acceptedBy(text: string, key: OutgoingPart['key'] | undefined): SendOutcome {
  const answer = webhookAnswer.safeParse(text.trim() === '' ? {} : parseJson(text));
  if (!answer.success) return { outcome: 'unknown', reason: 'garbled-answer' };
  const externalId = answer.data.id ?? key;
  return { outcome: 'accepted', ...(externalId !== undefined && { externalId }) };
}
