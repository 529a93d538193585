import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * What a case came to: stood (`upTo`: with so many characters at most, the longest there), left out, or shown to be
 * refused where the network has no such thing.
 */
const result = z.union([
  z.strictObject({ leftOut: z.string() }),
  z.strictObject({ refused: z.literal(true) }),
  z.strictObject({ upTo: z.int().optional() }),
]);
export type Result = z.infer<typeof result>;

/** By network, by suite, by the case's name. */
const results = z.record(z.string(), z.record(z.string(), z.record(z.string(), result)));
export type Results = z.infer<typeof results>;

const FILE = join(import.meta.dirname, 'results.json');

export function readResults(): Results {
  return results.parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

export function writeResults(all: Results): void {
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The names of the suites in this folder, by network, which is the name of their file. */
export function suitesByNetwork(): Readonly<Record<string, readonly string[]>> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts'));
  const found = files.map((file) => {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    const names = [...source.matchAll(/onformanceSuite\(\s*'([^']+)'/g)].flatMap(([, name]) => name ?? []);
    return [file.replace('.test.ts', ''), names] as const;
  });
  return Object.fromEntries(found.filter(([, names]) => names.length > 0));
}
