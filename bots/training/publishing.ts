import { recordAudit } from '../../gateway/access/audit.ts';
import type { OperatorId } from '../../gateway/model/ids.ts';
import { PROBLEMS, Problem, type ProblemKind } from '../../gateway/problem.ts';
import { type Database, inTransaction } from '../../gateway/store/database.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { decodeVersion, type Follow } from './follow.ts';
import { publish, readFile } from './versions.ts';

const UNUSABLE: ProblemKind = {
  status: 409,
  code: 'unusable-model',
  title: {
    ru: 'Эта версия модели не подходит к установленной программе. Обучите её заново.',
    en: 'This version of the model does not fit the installed program. Train it again.',
  },
};

export interface PublishingOptions {
  readonly db: Database;
  readonly follow: Pick<Follow, 'catchUp'>;
  readonly now: () => Date;
}

/** Who publishes what; null is the model that ships. */
export interface Publishing {
  readonly version: number | null;
  readonly by: OperatorId;
  readonly address: string;
}

/**
 * Puts a version in use: recorded with who and when, taken by this node at once and by the others at their next look.
 * @throws Problem 404 where there is none such, 409 where this program cannot use it; then the old one goes on
 */
export async function publishVersion(
  { db, follow, now }: PublishingOptions,
  { version, by, address }: Publishing,
): Promise<void> {
  if (version !== null) await assertUsable(db, version);
  const at = now();
  await inTransaction(db, async (client) => {
    await publish(client, version, by, at);
    await recordAudit(client, at, {
      who: by,
      act: 'model.published',
      subject: version === null ? 'shipped' : String(version),
      address,
    });
  });
  await follow.catchUp();
}

async function assertUsable(db: Database, version: number): Promise<void> {
  const file = await readFile(db, version);
  if (!file) throw new Problem(PROBLEMS.notFound);
  try {
    createUnderstanding(decodeVersion(file, version));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Problem(UNUSABLE, { detail: { ru: detail, en: detail } });
  }
}
