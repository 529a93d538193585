import { z } from 'zod';
import { isStorable } from '../../gateway/storable-text.ts';

const text = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^[^\t\r\n]*$/, 'is one line without tabs')
  .refine(isStorable);

/** PUT /api/v1/training/phrases. `intent`: `none` is out of scope, null leaves the text out of training. */
export const decision = z.object({
  text,
  intent: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/, 'is small Latin letters, digits and _')
    .nullable(),
});

/** DELETE /api/v1/training/phrases: the text counts again as it ships. */
export const undone = z.object({ text });

/** GET /api/v1/training/phrases */
export const phraseList = z.object({
  shipped: z.array(z.object({ text: z.string(), intent: z.string() })),
  decisions: z.array(
    z.object({
      text: z.string(),
      intent: z.string().nullable(),
      decidedBy: z.string(),
      decidedAt: z.string(),
    }),
  ),
});

/** 95 %: from, to. */
const interval = z.tuple([z.number(), z.number()]).readonly();

/** Shares are 0..1; measured by cross-validation, each text by a model that was trained without it. */
export const figures = z.object({
  texts: z.number().int(),
  accuracy: z.number(),
  interval,
  macroF1: z.number(),
  calibrationError: z.number(),
});
export type Figures = z.infer<typeof figures>;

/** The gain over the model in use, on the texts that both were trained for with the same intent. */
const comparison = z.object({
  texts: z.number().int(),
  gain: z.number(),
  interval,
  p: z.number(),
  isSignificant: z.boolean(),
  lost: z.array(z.string()),
  won: z.array(z.string()),
});

/** GET /api/v1/training/versions; `version` null is the model that ships. */
export const versionList = z.object({
  published: z.object({ version: z.number().int().nullable() }),
  /** The model of the node that answers; another node follows within seconds. */
  model: z.string(),
  versions: z.array(
    z.object({
      version: z.number().int(),
      model: z.string(),
      checksum: z.string(),
      trainedBy: z.string(),
      trainedAt: z.string(),
      figures,
    }),
  ),
});

/** GET /api/v1/training/versions/:version/comparison; `gain` is missing where nothing can be compared. */
export const compared = z.object({ with: z.number().int().nullable(), gain: comparison.optional() });

/** POST /api/v1/training/publication; null publishes the model that ships. */
export const publication = z.object({ version: z.number().int().positive().max(2_147_483_647).nullable() });

/** GET /api/v1/training/run: the training on the node that answers. */
export const run = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('running'), share: z.number() }),
  z.object({ state: z.literal('done'), version: z.number().int() }),
  z.object({ state: z.literal('cancelled') }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);
export type Run = z.infer<typeof run>;

/** POST /api/v1/training/trial */
export const trial = z.object({ text: z.string().min(1).max(2_000).refine(isStorable) });
export const tried = z.object({
  intent: z.string(),
  confidence: z.number(),
  alternatives: z.array(z.object({ intent: z.string(), confidence: z.number() })),
  model: z.string(),
});
