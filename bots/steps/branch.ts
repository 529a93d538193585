import { lookUp } from '../render.ts';
import { type Move, onward, type Run, requestsOf } from '../run.ts';
import type { Condition, Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Goes where the first condition that holds says. */
export function branch(step: Step<'branch'>, run: Run, frame: Frame): Move {
  const taken = step.branch.find((arm) => holds(arm.if, namedValue(arm.if.value, run, frame)));
  return onward(taken?.go ?? step.else);
}

/** A slot, a field of a call's result (`transfer_money.code`), or a word of the moment: `miss`, `near`, `done`, `closed`, `evidence`. */
function namedValue(path: string, run: Run, frame: Frame): string | undefined {
  if (Object.hasOwn(frame.slots, path)) return frame.slots[path];
  const moment = {
    miss: String(run.state.misses.length),
    near: requestsOf(run, run.near).length > 0 ? 'yes' : undefined,
    done: run.state.done.some(({ outcome }) => outcome === 'done') ? 'yes' : undefined,
    closed: run.closed,
    evidence: run.evidence,
    language: run.locale,
  };
  const found = lookUp(path, { ...frame.results, ...moment });
  return found === undefined || found === null ? undefined : String(found);
}

function holds(condition: Condition, value: string | undefined): boolean {
  if (condition.known !== undefined) return (value !== undefined) === condition.known;
  const listed = [condition.is ?? condition.not ?? []].flat();
  const isListed = value !== undefined && listed.includes(value);
  return condition.is === undefined ? !isListed : isListed;
}
