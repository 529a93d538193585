import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeModel, encodeModel, type Model } from './model.ts';
import { trainingVersion } from './train.ts';

/** Beside the compiled code, also where the sources run. */
const BUILT = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../dist/nlu' : '.', 'models');

const named = new Map<string, Model>();

/**
 * A model as the build left it, else made anew.
 * @param parts all that the model is made of: a model that was built of something else is passed over
 */
export function builtModel(name: string, parts: unknown, make: () => Model): Model {
  const key = createHash('sha256')
    .update(JSON.stringify([trainingVersion, parts]))
    .digest('hex');
  const file = `${name}-${key.slice(0, 16)}.model`;
  const model = readBuilt(file) ?? make();
  named.set(file, model);
  return model;
}

function readBuilt(file: string): Model | undefined {
  try {
    const path = join(BUILT, file);
    return decodeModel(readFileSync(path), path);
  } catch {
    // Missing, damaged or of an older format: what it is made of is at hand.
    return undefined;
  }
}

/** Leaves the models that were asked for where `builtModel` looks, and nothing else there. */
export function keepModels(): void {
  mkdirSync(BUILT, { recursive: true });
  for (const file of readdirSync(BUILT)) if (!named.has(file)) rmSync(join(BUILT, file));
  for (const [file, model] of named) writeFileSync(join(BUILT, file), encodeModel(model));
}
