import { z } from 'zod';

/** What an operator is given with a conversation; stored with the handoff, so it never changes afterwards. */
export const handoffContext = z.object({
  reason: z.string(),
  /** One or two sentences in the client's language: what they want, what was done, why a person is needed. */
  summary: z.string(),
  intent: z.string().optional(),
  slots: z.array(z.object({ name: z.string(), title: z.string(), value: z.string() })),
  steps: z.array(z.object({ script: z.string(), step: z.string(), outcome: z.string().optional() })),
  misses: z.array(z.string()),
  contact: z.object({
    id: z.string(),
    name: z.string().optional(),
    evidence: z.enum(['claimed', 'code-confirmed', 'bank-authenticated']),
  }),
  channel: z.string(),
  locale: z.enum(['ru', 'en']),
  at: z.iso.datetime(),
});
export type HandoffContext = z.infer<typeof handoffContext>;
