import { FormatError, type Imported, intentOf } from './format.ts';

/**
 * Reads lines text<TAB>intent; empty ones are skipped.
 * @param file its name, for error texts
 * @throws FormatError that names file, line and fix
 */
export function readTsv(content: string, file: string): Imported {
  return content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, at) => {
      if (!line.trim()) return [];
      const place = `${file}:${at + 1}`;
      const tab = line.lastIndexOf('\t');
      const text = line.slice(0, Math.max(0, tab)).trim();
      if (!text) {
        throw new FormatError(
          place,
          'write the phrase, a tab and the intent',
          'напишите фразу, табуляцию и намерение',
        );
      }
      return [{ text, ...intentOf(line.slice(tab + 1), place) }];
    });
}

/** Writes lines text<TAB>intent. */
export function writeTsv(phrases: Imported): string {
  return phrases.map(({ text, label }) => `${text}\t${label}\n`).join('');
}
