import { none } from '../../nlu/model.ts';
import {
  allSignals,
  createSignals,
  everydayLines,
  joinLines,
  markedLines,
  trainSignals,
} from '../../nlu/signals.ts';
import { foldsOf } from '../../nlu/train.ts';
import type { Locale, Signal } from '../../nlu/types.ts';

/** A line that was told by a model that had not seen it. */
type Told = {
  readonly locale: Locale;
  readonly label: string;
  readonly text: string;
  readonly told: readonly Signal[];
};

/** Who threatens is angry, and who fears for a relative speaks of fraud: said of such a line it is neither right nor wrong. */
const neither: Readonly<Partial<Record<string, string>>> = { angry: 'threat', fraud: 'third_party_harm' };

export type SignalScore = { readonly lines: number; readonly precision: number; readonly recall: number };

/** Holds out a part of the marked lines, trains on the others and the everyday lines, and tells the part; `parts` times. */
export function tellHeldOut(folds: number, parts: number): Told[] {
  const lines = (['ru', 'en'] as const).flatMap((locale) =>
    markedLines(locale).map((line) => ({ locale, ...line })),
  );
  const labels = [none, ...allSignals] as readonly string[];
  const fold = foldsOf(
    Int32Array.from(lines, ({ label }) => labels.indexOf(label)),
    folds,
    1,
  );
  const everyday = everydayLines();
  return Array.from({ length: parts }, (_, part) => {
    const seen = lines.filter((_, i) => fold[i] !== part);
    const signalsOf = createSignals(trainSignals(joinLines(seen, everyday)));
    return lines
      .filter((_, i) => fold[i] === part)
      .map((line) => ({ ...line, told: signalsOf(line.text, line.locale).map(({ signal }) => signal) }));
  }).flat();
}

export function scoreOf(signal: Signal, lines: readonly Told[]): SignalScore {
  const own = lines.filter(({ label }) => label === signal);
  const right = own.filter(({ told }) => told.includes(signal)).length;
  const wrong = lines.filter(
    ({ label, told }) => label !== signal && label !== neither[signal] && told.includes(signal),
  ).length;
  return {
    lines: own.length,
    precision: right + wrong > 0 ? right / (right + wrong) : 0,
    recall: right / own.length,
  };
}
