import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFile } from './data-folder.ts';
import { decodeModel, encodeModel, type Model } from './model.ts';
import { readPhrases, readTexts } from './phrases.ts';
import { type Phrase, train, trainingVersion } from './train.ts';
import type { Locale } from './types.ts';

const locales: readonly Locale[] = ['ru', 'en'];

/** The demo bank's phrases in both languages, and texts that belong to none of its intents. */
export function shippedPhrases(): { phrases: Phrase[]; outOfScope: string[] } {
  const read = (file: string) => readFileSync(dataFile(file), 'utf8');
  return {
    phrases: locales.flatMap((locale) =>
      readPhrases(read(`${locale}/intents.tsv`), `nlu/data/${locale}/intents.tsv`),
    ),
    outOfScope: locales.flatMap((locale) => readTexts(read(`${locale}/out-of-scope.txt`))),
  };
}

let kept: Model | undefined;

/**
 * The model of the demo bank's intents: trained from nlu/data at the first call, in about a second, and kept.
 * @param cacheFolder where to look for it first and to leave it for the next start; made when missing
 */
export function shippedModel(cacheFolder?: string): Model {
  kept ??= fromCache(cacheFolder);
  return kept;
}

function fromCache(cacheFolder: string | undefined): Model {
  const { phrases, outOfScope } = shippedPhrases();
  return cachedModel(cacheFolder, 'demo-bank', [phrases, outOfScope], () =>
    train(phrases, { outOfScope, outOfScopeShare: 0.3 }),
  );
}

/**
 * A model from the cache, else made anew and left there.
 * @param cacheFolder undefined: nothing is looked for or left
 * @param parts all that the model is made of; another value is another model
 */
export function cachedModel(
  cacheFolder: string | undefined,
  name: string,
  parts: unknown,
  make: () => Model,
): Model {
  if (!cacheFolder) return make();
  const key = createHash('sha256')
    .update(JSON.stringify([trainingVersion, parts]))
    .digest('hex');
  const path = join(cacheFolder, `${name}-${key.slice(0, 16)}.model`);
  try {
    return decodeModel(readFileSync(path), path);
  } catch {
    // Missing, damaged or of an older format: the phrases are at hand, so it is made anew.
  }
  const model = make();
  mkdirSync(cacheFolder, { recursive: true });
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, encodeModel(model));
  renameSync(partial, path);
  return model;
}
