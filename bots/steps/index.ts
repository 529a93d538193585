import type { Move, Run } from '../run.ts';
import type { Step, StepKind } from '../script.ts';
import type { Frame } from '../state.ts';
import { ask } from './ask.ts';
import { branch } from './branch.ts';
import { call } from './call.ts';
import { end } from './end.ts';
import { handoff } from './handoff.ts';
import { move } from './move.ts';
import { rate } from './rate.ts';
import { say } from './say.ts';
import { set } from './set.ts';
import { wait } from './wait.ts';

/** One line a step; its schema is in script.ts. */
const steps: { readonly [K in StepKind]: (step: Step<K>, run: Run, frame: Frame) => Move } = {
  say,
  ask,
  branch,
  set,
  call,
  handoff,
  move,
  wait,
  rate,
  end,
};

export function runStep<K extends StepKind>(step: Step<K>, run: Run, frame: Frame): Move {
  const perform = steps[step.kind] as (step: Step<K>, run: Run, frame: Frame) => Move;
  return perform(step, run, frame);
}
