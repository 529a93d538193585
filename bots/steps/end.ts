import { goChoice, type Move, type Run, say } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Ends the script. What it offers next is said only where nothing else is open. */
export function end(step: Step<'end'>, run: Run, frame: Frame): Move {
  const { outcome, offer = [], text } = step.end ?? {};
  const isLast = run.state.frames.length === 1 && run.state.later.length === 0;
  if (isLast && (text || offer.length > 0)) {
    const choices = offer.map((name) => goChoice(run, name));
    const words = text ? say(run, frame, text) : '';
    const before = run.said.at(-1);
    if (before && !before.question && before.choices.length === 0) {
      before.text = [before.text, words].filter(Boolean).join('\n');
      before.choices.push(...choices);
    } else run.said.push({ text: words, choices, question: false });
    run.state.offered = [...offer];
  }
  return { to: 'end', outcome: outcome ?? 'done' };
}
