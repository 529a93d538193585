import type { Phrase } from './train.ts';

/** A line of a training file that cannot be used, by number from 1. */
class PhraseError extends Error {
  override readonly name = 'PhraseError';
}

/**
 * Reads lines `text<TAB>label`; empty lines are skipped, a byte order mark and CR are dropped.
 * @param file its name, for error texts
 * @throws PhraseError that names file, line and fix
 */
export function readPhrases(content: string, file: string): Phrase[] {
  const phrases: Phrase[] = [];
  eachLine(content, (line, number) => {
    const tab = line.lastIndexOf('\t');
    const text = line.slice(0, Math.max(0, tab)).trim();
    const label = line.slice(tab + 1).trim();
    if (tab < 0) throw new PhraseError(`${file}:${number} has no tab; write text<TAB>label`);
    if (!text) throw new PhraseError(`${file}:${number} has no text before the tab; write text<TAB>label`);
    if (!label) throw new PhraseError(`${file}:${number} has no label after the tab; write text<TAB>label`);
    phrases.push({ text, label });
  });
  return phrases;
}

/** Reads texts, one a line; of `text<TAB>label` only the text. */
export function readTexts(content: string): string[] {
  const texts: string[] = [];
  eachLine(content, (line) => {
    const text = (line.split('\t')[0] ?? '').trim();
    if (text) texts.push(text);
  });
  return texts;
}

function eachLine(content: string, use: (line: string, number: number) => void): void {
  const lines = content.replace(/^\uFEFF/, '').split('\n');
  lines.forEach((raw, i) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim()) use(line, i + 1);
  });
}
