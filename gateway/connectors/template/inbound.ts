import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';

/** Ids are keys of the store: they have a form, and no text of a person hides in them. */
const id = z.string().regex(/^[\w-]{1,64}$/);
const message = z.object({ id, from: id, text: z.string() });

/** Translates the body of a webhook whose sender was verified. Pure; what it cannot read goes to the quarantine. */
export function translateBody(body: string): Extract<Received, { authentic: true }> {
  const parsed = message.safeParse(parseJson(body));
  if (!parsed.success) return authentic([], [{ reason: 'not-a-message', raw: rawText({ body }) }]);
  const { from, text } = parsed.data;
  return authentic([
    {
      type: 'message',
      dedupeKey: parsed.data.id,
      externalId: parsed.data.id,
      sender: { externalUser: from, externalThread: from },
      content: [{ kind: 'text', text }],
    },
  ]);
}
