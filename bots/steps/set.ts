import { type Move, onward, type Run } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Gives slots a value, or empties them (`null`). */
export function set(step: Step<'set'>, _run: Run, frame: Frame): Move {
  for (const [name, value] of Object.entries(step.set)) {
    if (value === null) delete frame.slots[name];
    else frame.slots[name] = value;
  }
  return onward(step.go);
}
