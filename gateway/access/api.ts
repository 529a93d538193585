import { z } from 'zod';
import { isStorable, STORABLE } from '../storable-text.ts';

/** What a role may do; a person has one or more roles. */
export const ROLES = ['operator', 'supervisor', 'script-admin', 'marketer', 'compliance', 'admin'] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;

/** Rights are named after the part of the window and what is done there. */
const permission = z.enum([
  'desk.read',
  'desk.answer',
  /** Conversations of others. */
  'desk.supervise',
  'users.manage',
  /** Dead letters, the quarantine, the health of channels. */
  'ledger.read',
  'ledger.decide',
  /** What networks sent and could not be understood: it may hold anything. */
  'ledger.raw',
  'channels.test',
  /** Phrases of intents, and which model is in use. */
  'training.edit',
]);
export type Permission = z.infer<typeof permission>;

/** POST /api/v1/session; 401 `wrong-password` (the same for an unknown name), 429 `too-many-attempts` with Retry-After. */
export const signIn = z.object({
  email: z.string().min(3).max(254).refine(isStorable, STORABLE),
  password: z.string().min(1).max(1024).refine(isStorable, STORABLE),
});

/** GET /api/v1/session (401 `signed-out` without one); DELETE signs out, 204. */
export const session = z.object({
  user: z.object({ id: z.uuid(), email: z.string(), name: z.string(), roles: z.array(role) }),
  permissions: z.array(permission),
  demo: z.boolean(),
});
export type Session = z.infer<typeof session>;

/** GET /api/v1/demo: the logins shown on the sign-in page while the demo is on; 404 otherwise. */
export const demoLogins = z.object({
  password: z.string(),
  logins: z.array(z.object({ email: z.string(), name: z.string(), roles: z.array(role) })),
});

/** RFC 9457. `code` is stable; `title` is for people, in the language of Accept-Language. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
});
