import { none } from '../../nlu/model.ts';
import {
  allSignals,
  angerLines,
  createSignals,
  linesOfModels,
  markedLines,
  trainSignals,
} from '../../nlu/signals.ts';
import { foldsOf, type Phrase } from '../../nlu/train.ts';
import type { Locale, Signal } from '../../nlu/types.ts';

/** A line that was told by models that had not seen it; `isMore`: of the lines for anger alone. */
type Told = {
  readonly locale: Locale;
  readonly label: string;
  readonly text: string;
  readonly isMore: boolean;
  readonly told: readonly Signal[];
};

/** Who threatens is angry, and who fears for a relative speaks of fraud: said of such a line it is neither right nor wrong. */
const neither: Readonly<Partial<Record<string, string>>> = { angry: 'threat', fraud: 'third_party_harm' };

export type SignalScore = { readonly lines: number; readonly precision: number; readonly recall: number };

/** Holds out a part of the marked lines, trains on the others and the everyday lines, and tells the part; `parts` times. */
export function tellHeldOut(folds: number, parts: number): Told[] {
  const linesOf = (read: (locale: Locale) => readonly Phrase[], isMore: boolean) => {
    const lines = (['ru', 'en'] as const).flatMap((locale) =>
      read(locale).map((line) => ({ locale, ...line, isMore })),
    );
    const labels = [none, ...allSignals] as readonly string[];
    const classes = Int32Array.from(lines, ({ label }) => labels.indexOf(label));
    const fold = foldsOf(classes, folds, 1);
    return lines.map((line, i) => ({ ...line, fold: fold[i] }));
  };
  // Each file by folds of its own: the parts of one do not shift when the other gets a line.
  const lines = [...linesOf(markedLines, false), ...linesOf(angerLines, true)];
  return Array.from({ length: parts }, (_, part) => {
    const seen = lines.filter(({ fold }) => fold !== part);
    const marked = seen.filter(({ isMore }) => !isMore);
    const models = linesOfModels(
      marked,
      seen.filter(({ isMore }) => isMore),
    );
    const signalsOf = createSignals({
      signals: trainSignals(models.signals),
      anger: trainSignals(models.anger),
      short: trainSignals(models.short),
    });
    return lines
      .filter(({ fold }) => fold === part)
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
