import { decodeVersion } from '../../bots/training/follow.ts';
import { readFile, readPublished } from '../../bots/training/versions.ts';
import type { Database } from '../../gateway/store/database.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { type Check, ok, warn } from './check.ts';

/** Can this program use the model that is published? Where it cannot, another one answers. */
export async function checkModel(db: Database): Promise<Check> {
  const about = 'model';
  const version = await readPublished(db);
  if (version === null) return ok(about, 'the one that ships is in use');
  try {
    const { model } = createUnderstanding(decodeVersion(await readFile(db, version), version));
    return ok(about, `version ${version} (${model}) is published`);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return warn(
      about,
      said,
      'until then another model answers; /window/training rolls back to the one before',
    );
  }
}
