import { type Move, onward, type Run, say } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Gives the client a one-time code for another channel, and goes on here until they come there. */
export function move(step: Step<'move'>, run: Run, frame: Frame): Move {
  // The hub makes the code; `{code}` stays in the text until then.
  const text = say(run, frame, step.move, { code: '{code}' });
  run.said.push({ text, choices: [], question: false, is: 'move' });
  return onward(step.go);
}
