import type { ActionState } from '../gateway/model/conversation.ts';
import { finish, goTo, nextOf, stepOf } from './progress.ts';
import { leave, peopleChoice, type Run, sayCommon, tell } from './run.ts';
import type { Step } from './script.ts';
import { type Frame, fitResult } from './state.ts';

/**
 * Takes the results that came for calls that a script still waits for; results of calls that nobody waits for any
 * more are left alone. Scripts that got one come to the top, so that they speak first. Returns how many there were.
 */
export function takeResults(run: Run, actions: readonly ActionState[]): number {
  const waiting = run.state.frames.filter((frame) => frame.call !== undefined);
  let taken = 0;
  for (const frame of waiting) {
    const result = actions.find((action) => action.call === frame.call) ?? lost(frame.call ?? '');
    if (result.state === 'requested') continue;
    taken += 1;
    takeResult(run, frame, result);
    const at = run.state.frames.indexOf(frame);
    if (at >= 0) run.state.frames.push(...run.state.frames.splice(at, 1));
  }
  return taken;
}

/** A call whose trace is gone: it may have taken effect, and waiting on would be for ever. */
function lost(call: string): ActionState {
  return { call, name: call, state: 'unknown', code: 'lost' };
}

function takeResult(run: Run, frame: Frame, action: ActionState) {
  const step = stepOf(run, frame);
  delete frame.call;
  if (step?.kind !== 'call') {
    finish(run, frame, 'missing');
    return;
  }
  const code = action.code ?? '';
  const result = fitResult(action.result);
  frame.results[step.call] = { ...(isObject(result) ? result : {}), outcome: action.state, code };
  run.state.done.push({ script: frame.script, step: step.id, outcome: action.state });
  leave(run, frame, action.state);
  follow(run, frame, step, action.state, code);
}

function follow(run: Run, frame: Frame, step: Step<'call'>, outcome: ActionState['state'], code: string) {
  const { refused, failed, unknown } = step.on;
  if (outcome === 'done') return goTo(run, frame, step.go ?? nextOf(run, frame, step.id));
  if (outcome === 'refused') {
    const to = typeof refused === 'string' ? refused : (refused?.[code] ?? refused?.other);
    return to === undefined ? giveUp(run, frame, 'refused') : goTo(run, frame, to);
  }
  if (outcome === 'failed')
    return failed === undefined ? giveUp(run, frame, 'failed') : goTo(run, frame, failed);
  if (unknown !== undefined) return goTo(run, frame, unknown);
  tell(run, sayCommon(run, 'unknown', frame));
  run.handoff = { reason: 'outcome-unknown', frame };
  finish(run, frame, 'unknown');
}

/** What a script does not say itself: the bank said no, or did not answer. A person is offered. */
function giveUp(run: Run, frame: Frame, outcome: 'refused' | 'failed') {
  tell(run, sayCommon(run, outcome, frame), [peopleChoice(run)]);
  finish(run, frame, outcome);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
