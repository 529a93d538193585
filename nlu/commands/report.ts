import type { Writable } from 'node:stream';
import type { Comparison } from '../evaluation/compare.ts';
import type { Evaluation } from '../evaluation/figures.ts';
import type { LearningPoint } from '../evaluation/learning-curve.ts';
import type { Finding } from '../evaluation/lint.ts';
import type { ScopePoint } from '../evaluation/scope-curve.ts';

/** The JSON of `okno nlu evaluate`. */
export type Report = Evaluation & {
  /** The model's version id; none by cross-validation. */
  readonly model?: string;
  readonly scopeCurve: readonly ScopePoint[];
  readonly comparison?: Comparison;
  readonly learningCurve?: readonly LearningPoint[];
  readonly findings?: readonly Finding[];
};

const maxFindings = 50;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const range = ([low, high]: readonly [number, number]): string => `95 %: ${percent(low)} to ${percent(high)}`;

/** Writes a report for people. */
export function writeReport(report: Report, out: Writable): void {
  const { outOfScope, comparison, learningCurve, findings } = report;
  const lines = [
    `accuracy          ${percent(report.accuracy)} (${range(report.interval)}) on ${report.texts} texts`,
    `macro F1          ${percent(report.macroF1)}`,
    `calibration error ${percent(report.calibrationError)}`,
    ...(outOfScope
      ? [
          `out of scope      F1 ${percent(outOfScope.f1)}, precision ${percent(outOfScope.precision)}, recall ${percent(outOfScope.recall)} on ${outOfScope.texts} texts`,
          `in scope          ${percent(report.inScopeAccuracy)} answered right`,
        ]
      : []),
    ...(comparison ? [compared(comparison)] : []),
    ...(learningCurve ?? []).map(
      ({ phrases, accuracy, interval }) =>
        `${phrases} phrases give ${percent(accuracy)} (${range(interval)})`,
    ),
    ...report.confusions.map(
      ({ truth, answer, texts }) => `${truth} taken for ${answer}: ${texts.map(quote).join(', ')}`,
    ),
    ...(findings ?? []).slice(0, maxFindings).map(sentenceOf),
    ...(findings && findings.length > maxFindings
      ? [`and ${findings.length - maxFindings} more; --json tells all`]
      : []),
  ];
  out.write(`${lines.join('\n')}\n`);
}

const quote = (text: string): string => `"${text}"`;

function compared({ gain, interval, p, isSignificant, onlyFirst, onlySecond }: Comparison): string {
  const verdict = isSignificant ? 'significant' : 'may be chance';
  return `against           ${gain < 0 ? '' : '+'}${percent(gain)} (${range(interval)}), p = ${p.toFixed(3)}, ${verdict}: ${onlySecond.length} texts better, ${onlyFirst.length} worse`;
}

function sentenceOf(finding: Finding): string {
  switch (finding.kind) {
    case 'conflict':
      return `conflict: ${quote(finding.text)} stands under ${finding.intents.join(' and ')}`;
    case 'near-duplicate':
      return `near duplicates: ${quote(finding.first.text)} under ${finding.first.label}, ${quote(finding.second.text)} under ${finding.second.label}`;
    case 'repeated':
      return `repeated: ${quote(finding.text)} stands ${finding.times} times under ${finding.intent}`;
    case 'too-few':
      return `too few: ${finding.intent} has ${finding.phrases} phrases; give at least ${finding.least}`;
    case 'too-similar':
      return `too similar: ${percent(finding.share)} of the phrases of ${finding.intent} are nearly another of them`;
    case 'leak':
      return `leak: the test's ${quote(finding.test.text)} is nearly ${quote(finding.training.text)}, which is trained`;
    case 'would-move':
      return `misplaced? ${quote(finding.text)} stands under ${finding.from}, the model says ${finding.to} (${percent(finding.confidence)})`;
  }
}
