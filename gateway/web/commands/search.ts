import { layoutReadings } from '../keyboard-layout.ts';
import type { Command } from './registry.ts';

const HINT_RANK = 3;

/**
 * The commands that a typed text can mean, best first: by any of their names, in the right layout or the wrong one.
 * Every word of the text must be found; names that begin with it come first. An empty text finds everything.
 */
export function searchCommands<C extends Pick<Command, 'titles' | 'hint'>>(
  commands: readonly C[],
  typed: string,
): readonly C[] {
  const readings = layoutReadings(typed.trim());
  const ranked = commands.flatMap((command, order) => {
    const names = command.titles.map(fold);
    const hint = fold(command.hint ?? '');
    const ranks = readings.flatMap((reading) => [
      ...names.map((name) => rank(name, reading)),
      // What it is called goes before what is said of it.
      rank(hint, reading) + HINT_RANK,
    ]);
    const best = Math.min(...ranks);
    return Number.isFinite(best) ? [{ command, best, order }] : [];
  });
  return ranked
    .sort((one, two) => one.best - two.best || one.order - two.order)
    .map(({ command }) => command);
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е');
}

/** 0: begins with the text; 1: every word of the text begins a word; 2: it stands somewhere; else infinite. */
function rank(name: string, typed: string): number {
  if (name.startsWith(typed)) return 0;
  const words = name.split(/[^\p{L}\p{N}]+/u);
  const parts = typed.split(/\s+/);
  if (parts.every((part) => words.some((word) => word.startsWith(part)))) return 1;
  return name.includes(typed) ? 2 : Number.POSITIVE_INFINITY;
}
