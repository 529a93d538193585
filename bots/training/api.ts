import { z } from 'zod';
import { isStorable, STORABLE } from '../../gateway/storable-text.ts';
import { wants } from '../../gateway/wants.ts';

const ONE_LINE = /^[^\t\r\n]*$/;
const INTENT_ID = /^[a-z][a-z0-9_]{0,63}$/;

const text = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine(
    (typed) => ONE_LINE.test(typed),
    wants({ ru: 'нужна одна строка без табуляций', en: 'must be one line without tabs' }),
  )
  .refine(isStorable, STORABLE)
  .meta({ pattern: ONE_LINE.source });

const intentId = z
  .string()
  .refine(
    (id) => INTENT_ID.test(id),
    wants({
      ru: 'нужны строчные латинские буквы, цифры и _, не больше 64 и сначала буква',
      en: 'must be small Latin letters, digits and _, at most 64 and a letter first',
    }),
  )
  .meta({ pattern: INTENT_ID.source });

/** PUT /api/v1/training/phrases. `intent`: `none` is out of scope, null leaves the text out of training. */
export const decision = z.object({
  text,
  intent: intentId.nullable(),
});

/** The answer: the phrase as it is kept, without personal data. */
export const keptPhrase = z.object({ text: z.string() });

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

const intentFigures = z.object({
  intent: z.string(),
  texts: z.number().int(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  /** Of `recall`. */
  interval,
});

/** All figures of a version: what cross-validation measured. */
export const evaluation = figures.extend({
  outOfScope: z
    .object({ texts: z.number().int(), precision: z.number(), recall: z.number(), f1: z.number() })
    .optional(),
  intents: z.array(intentFigures).readonly(),
  confusions: z
    .array(
      z.object({
        truth: z.string(),
        answer: z.string(),
        count: z.number().int(),
        texts: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
});
export type Evaluation = z.infer<typeof evaluation>;

/** GET /api/v1/training/versions/:version/evaluation; the matrix holds the answers as given, `none` among them. */
export const evaluated = evaluation.extend({
  matrix: z.array(z.object({ truth: z.string(), answer: z.string(), count: z.number().int() })).readonly(),
});

const phrase = z.object({ text: z.string(), label: z.string() });

/** GET /api/v1/training/lint: what an admin should look at among the phrases as they are now. */
export const lintResult = z.object({
  findings: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('conflict'), text: z.string(), intents: z.array(z.string()).readonly() }),
      z.object({
        kind: z.literal('near-duplicate'),
        first: phrase,
        second: phrase,
        similarity: z.number(),
      }),
      z.object({
        kind: z.literal('repeated'),
        text: z.string(),
        intent: z.string(),
        times: z.number().int(),
      }),
      z.object({
        kind: z.literal('too-few'),
        intent: z.string(),
        phrases: z.number().int(),
        least: z.number().int(),
      }),
      z.object({ kind: z.literal('too-similar'), intent: z.string(), share: z.number() }),
      z.object({
        kind: z.literal('would-move'),
        text: z.string(),
        from: z.string(),
        to: z.string(),
        confidence: z.number(),
      }),
    ]),
  ),
});

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
  /** Where a rollback leads; absent where nothing was in use before. */
  before: z.object({ version: z.number().int().nullable() }).optional(),
  /** The model of the node that answers; another node follows within seconds. */
  model: z.string(),
  /** Why the published version is not in use on that node; another goes on. */
  trouble: z.object({ version: z.number().int(), reason: z.string() }).optional(),
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

/** POST /api/v1/training/import: phrases that were added or moved, and those that stood there already. */
export const imported = z.object({
  phrases: z.number().int(),
  unchanged: z.number().int(),
  /** Those of the file that are kept without the personal data in them. */
  masked: z.number().int(),
  /** Intents whose names in the file are no ids, and what they are called here. */
  renamed: z.array(z.object({ from: z.string(), to: z.string() })),
});

/** GET /api/v1/training/candidates; what is alike stands together. */
export const candidateList = z.object({
  clusters: z.array(
    z.array(
      z.object({
        id: z.number().int(),
        text: z.string(),
        /** What was said to the client before. */
        context: z.string().nullable(),
        proposed: z.string().nullable(),
        reasons: z.array(z.enum(['miss', 'correction', 'clarified', 'labelled'])),
        /** How many messages said the same words. */
        times: z.number().int(),
        lastAt: z.string(),
      }),
    ),
  ),
});

/** POST /api/v1/training/candidates/:id/decision; `none` as intent: it is out of scope. */
export const candidateDecision = z.discriminatedUnion('decision', [
  z.object({ decision: z.literal('accepted'), intent: intentId }),
  z.object({ decision: z.literal('rejected') }),
]);

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
export const trial = z.object({ text: z.string().min(1).max(2_000).refine(isStorable, STORABLE) });
export const tried = z.object({
  intent: z.string(),
  confidence: z.number(),
  alternatives: z.array(z.object({ intent: z.string(), confidence: z.number() })),
  model: z.string(),
  /** What each word does for the best intent: the confidence that is lost without it. */
  words: z
    .array(z.object({ word: z.string(), start: z.number().int(), end: z.number().int(), effect: z.number() }))
    .readonly(),
  /** The phrases that the model was trained on that are most like the text. */
  neighbours: z.array(z.object({ text: z.string(), intent: z.string(), similarity: z.number() })).readonly(),
});
