import { isEnough } from '../../gateway/model/contact.ts';
import { type Move, type Run, say, sayCommon, tell } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

const MAX_IDENTIFICATIONS = 2;

/** Requests an action. Where the client is not known well enough, the script that confirms them runs first. */
export function call(step: Step<'call'>, run: Run, frame: Frame): Move {
  const definition = run.set.actions[step.call];
  if (!definition) return unavailable(run, frame);
  if (definition.needs !== 'nothing' && !isEnough(run.evidence, definition.needs))
    return identify(step, run, frame);
  frame.call = `${step.call}-${run.seq}-${run.calls.length}`;
  run.calls.push({
    type: 'action.requested',
    call: frame.call,
    name: step.call,
    parameters: parametersOf(step, Object.keys(definition.parameters), run, frame),
    needs: definition.needs,
    repeatable: definition.repeatable,
    timeoutMs: definition.timeout_ms,
  });
  return { to: 'park' };
}

/** What the step says, and the slots called as the action's other parameters are. */
function parametersOf(
  step: Step<'call'>,
  names: readonly string[],
  run: Run,
  frame: Frame,
): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const name of names) {
    const written = step.with?.[name];
    const slot = /^\{([a-z0-9_-]+)\}$/.exec(written ?? '')?.[1];
    const value =
      written === undefined ? frame.slots[name] : slot ? frame.slots[slot] : constant(run, frame, written);
    if (value !== undefined) parameters[name] = value;
  }
  return parameters;
}

function constant(run: Run, frame: Frame, written: string): string {
  return say(run, frame, { ru: written, en: written });
}

function identify(step: Step<'call'>, run: Run, frame: Frame): Move {
  const script = run.set.scripts.get(run.set.common.identify);
  const open = run.state.frames.find((other) => other.script === script?.script);
  if (!script || open === frame || (frame.visits[step.id] ?? 0) > MAX_IDENTIFICATIONS) {
    tell(run, sayCommon(run, 'unidentified', frame));
    run.handoff = { reason: 'unconfirmed', frame };
    return { to: 'end', outcome: 'unidentified' };
  }
  if (open) return afterConfirmation(run, frame, open);
  const first = script.steps[0];
  if (!first) return unavailable(run, frame);
  run.state.frames.push({
    script: script.script,
    step: first.id,
    slots: {},
    said: [],
    results: {},
    visits: {},
    tries: 0,
    asked: false,
    changing: false,
    inner: true,
  });
  return { to: 'inner' };
}

/** The client is being confirmed already, for a request before this one: that goes on, and both are done after it. */
function afterConfirmation(run: Run, frame: Frame, confirming: Frame): Move {
  const { frames } = run.state;
  frames.push(...frames.splice(frames.indexOf(confirming), 1));
  const words = sayCommon(run, 'confirm_first', frame);
  if (confirming.call === undefined) run.lead = [words];
  else tell(run, words);
  return { to: 'inner' };
}

function unavailable(run: Run, frame: Frame): Move {
  tell(run, sayCommon(run, 'failed', frame));
  return { to: 'end', outcome: 'failed' };
}
