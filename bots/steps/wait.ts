import type { Move, Run } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Goes on after a time; the client can speak meanwhile. */
export function wait(step: Step<'wait'>, run: Run, frame: Frame): Move {
  frame.timer = `${step.id}-${run.seq}`;
  run.timers.push({ timer: frame.timer, afterMs: step.wait });
  return { to: 'park' };
}
