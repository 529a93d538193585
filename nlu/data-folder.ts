import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a file under nlu/data, from the sources as well as from the compiled output in dist/nlu. */
export function dataFile(name: string): string {
  const candidates = [`./data/${name}`, `../../nlu/data/${name}`];
  for (const candidate of candidates) {
    const path = fileURLToPath(new URL(candidate, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error(`nlu/data/${name} is missing from this installation; restore it from the release`);
}
