import { z } from 'zod';
import type { OperatorId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { Answer } from '../../nlu/evaluation/answers.ts';
import { type Evaluation, evaluation, type Figures, figures } from './api.ts';

/** What is kept of an answer that a model gave to a text held out of its training. */
export type KeptAnswer = Omit<Answer, 'belonging'>;

/** A trained model as it is listed. */
export interface Version {
  readonly version: number;
  readonly model: string;
  readonly checksum: string;
  readonly figures: Figures;
  readonly trainedBy: string;
  readonly trainedAt: Date;
}

export interface NewVersion extends Omit<Version, 'version' | 'figures'> {
  readonly figures: Evaluation;
  readonly file: Uint8Array;
  /** What cross-validation answered to each text. */
  readonly answers: readonly KeptAnswer[];
}

const MAX_LISTED = 100;
const answers = z.array(
  z.object({
    text: z.string(),
    truth: z.string(),
    intent: z.string(),
    best: z.string(),
    confidence: z.number(),
  }),
);

/** Keeps a model; resolves to its version. */
export async function addVersion(db: Database, made: NewVersion): Promise<number> {
  const { rows } = await db.query<{ version: number }>(
    `insert into model_version (model, checksum, file, answers, figures, trained_by, trained_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning version`,
    [
      made.model,
      made.checksum,
      Buffer.from(made.file),
      JSON.stringify(made.answers),
      JSON.stringify(made.figures),
      made.trainedBy,
      made.trainedAt,
    ],
  );
  const version = rows[0]?.version;
  if (version === undefined) throw new Error('the store gave a new model no version');
  return version;
}

/** The newest versions, the newest first. */
export async function listVersions(db: Database): Promise<readonly Version[]> {
  const { rows } = await db.query<Omit<Version, 'figures'> & { figures: unknown }>(
    `select version, model, checksum, figures - 'intents' - 'confusions' as figures, trained_by as "trainedBy", trained_at as "trainedAt"
     from model_version order by version desc limit $1`,
    [MAX_LISTED],
  );
  return rows.map((row) => ({ ...row, figures: figures.parse(row.figures) }));
}

/** The file of a version; undefined where there is none such. */
export async function readFile(db: Database, version: number): Promise<Uint8Array | undefined> {
  const { rows } = await db.query<{ file: Buffer }>('select file from model_version where version = $1', [
    version,
  ]);
  return rows[0]?.file;
}

/** What was measured of a version; undefined where there is none such. */
export async function readEvaluation(db: Database, version: number): Promise<Evaluation | undefined> {
  const { rows } = await db.query<{ figures: unknown }>(
    'select figures from model_version where version = $1',
    [version],
  );
  return rows[0] && evaluation.parse(rows[0].figures);
}

/** The answers of a version's cross-validation; undefined where there is none such. */
export async function readAnswers(db: Database, version: number): Promise<readonly KeptAnswer[] | undefined> {
  const { rows } = await db.query<{ answers: unknown }>(
    'select answers from model_version where version = $1',
    [version],
  );
  return rows[0] && answers.parse(rows[0].answers);
}

/** The version to be in use; null is the model that ships. */
export async function readPublished(db: Database): Promise<number | null> {
  const { rows } = await db.query<{ version: number | null }>(
    'select version from model_publication order by id desc limit 1',
  );
  return rows[0]?.version ?? null;
}

/** Puts a version in use, on every node. */
export async function publish(
  db: Pick<Database, 'query'>,
  version: number | null,
  by: OperatorId,
  at: Date,
): Promise<void> {
  await db.query('insert into model_publication (version, published_by, published_at) values ($1, $2, $3)', [
    version,
    by,
    at,
  ]);
}

/** The version that was in use before the present one; undefined where none was ever replaced. */
export async function readReplaced(db: Database): Promise<number | null | undefined> {
  const { rows } = await db.query<{ version: number | null }>(
    `select version from model_publication
     where version is distinct from (select version from model_publication order by id desc limit 1)
     order by id desc limit 1`,
  );
  if (rows[0]) return rows[0].version;
  // The model that ships was in use before the first publication, which leaves no row.
  return (await readPublished(db)) === null ? undefined : null;
}
