import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** The checkout's root: the nearest folder above that holds package.json, as sources and as built. */
export const ROOT = findRoot(import.meta.dirname);

function findRoot(from: string): string {
  try {
    readFileSync(join(from, 'package.json'));
    return from;
  } catch {
    const above = dirname(from);
    if (above === from) throw new Error('package.json is in no folder above; run Okno from its checkout');
    return findRoot(above);
  }
}

export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).version;
