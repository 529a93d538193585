import { type Move, type Run, say, tell } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Passes the conversation to people; what is still open stays for the bot's return. */
export function handoff(step: Step<'handoff'>, run: Run, frame: Frame): Move {
  if (step.text) tell(run, say(run, frame, step.text));
  run.handoff = { reason: step.handoff, frame };
  return { to: 'end', outcome: 'handed-off' };
}
