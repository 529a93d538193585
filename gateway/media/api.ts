import { z } from 'zod';
import { MEDIA_KINDS } from '../model/content.ts';

const kind = z.enum(MEDIA_KINDS);

/**
 * GET /api/v1/media/:id. `pending`: it is on its way, ask again; `refused`, `failed`: it will not come, `reason` says
 * why. `shown`: `link`, which ends after some minutes, may be shown in the page; else it is a download.
 */
export const lookedAt = z.object({
  id: z.uuid(),
  kind,
  state: z.enum(['pending', 'stored', 'refused', 'failed', 'erased']),
  shown: z.boolean(),
  link: z.string().optional(),
  type: z.string().optional(),
  size: z.number().int().optional(),
  name: z.string().optional(),
  reason: z.string().optional(),
});
export type LookedAt = z.infer<typeof lookedAt>;

/** POST /api/v1/media; `id` goes into the message that carries it. */
export const uploaded = z.object({
  id: z.uuid(),
  kind,
  type: z.string(),
  size: z.number().int(),
  name: z.string().optional(),
});
export type Uploaded = z.infer<typeof uploaded>;
