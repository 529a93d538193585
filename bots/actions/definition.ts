import { z } from 'zod';
import { EVIDENCE } from '../../gateway/model/contact.ts';

/** An action as `actions.yaml` defines it: what a script may call, and on which terms. */
const actionDefinition = z.strictObject({
  /** Under the root address of the bank's service. */
  path: z.string().regex(/^\/[\w./-]*$/, 'a path begins with /'),
  /** Parameters by name; true: it must be given. */
  parameters: z.record(z.string(), z.boolean()).default({}),
  /** How sure the hub must be who the client is. */
  needs: z.enum([...EVIDENCE, 'nothing']),
  /** May the same call be made again when its answer is lost? */
  repeatable: z.boolean(),
  /** False where the call changes nothing at the bank, so that a lost answer leaves no doubt. */
  changes: z.boolean().default(true),
  timeout_ms: z.number().int().min(100).max(60_000),
  /** What its success proves about the client. */
  proves: z.enum(EVIDENCE).optional(),
  /** Parameters that never leave for a log, a page or a context. */
  secret: z.array(z.string()).default([]),
});
export type ActionDefinition = z.infer<typeof actionDefinition>;
export type ActionDefinitions = Readonly<Record<string, ActionDefinition>>;

export const actionsFile = z.strictObject({ actions: z.record(z.string(), actionDefinition) });
