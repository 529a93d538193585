import { type Move, type Run, say } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/**
 * Asks how it was, from 1 to 5, and ends the script: the hub takes the answer as the conversation's rating. Asked once
 * a conversation, and only where nothing else is open, so that a number answers nothing else.
 */
export function rate(step: Step<'rate'>, run: Run, frame: Frame): Move {
  const isLast = run.state.frames.length === 1 && run.state.later.length === 0;
  if (isLast && !run.state.asked_rating) {
    run.state.asked_rating = true;
    run.said.push({ text: say(run, frame, step.rate), choices: [], question: false, is: 'rating' });
  }
  return { to: 'end', outcome: 'done' };
}
