import { choicesOf, type Move, onward, type Run, tell, say as textOf } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Says a text and goes on. */
export function say(step: Step<'say'>, run: Run, frame: Frame): Move {
  tell(run, textOf(run, frame, step.say), choicesOf(run, frame, step.choices));
  return onward(step.go);
}
