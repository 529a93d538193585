import {
  CONFIRM,
  enter,
  leave,
  type Move,
  peopleChoice,
  plain,
  type Run,
  sayCommon,
  scriptOf,
  tell,
  topOf,
} from './run.ts';
import type { Script, Step } from './script.ts';
import type { Frame } from './state.ts';
import { runStep } from './steps/index.ts';

/** Scripts under way: starting one, going on step by step, coming to an end. */

/** Steps that one turn may take, and how often one frame may come by the same step: a script never runs for ever. */
const MAX_STEPS = 60;
const MAX_VISITS = 12;
const MAX_FRAMES = 4;
/** The same request with the same values this often in a row: the answer seems not to help. */
const MAX_REPEATS = 3;
const GIVEN_UP: ReadonlySet<string> = new Set(['cancelled', 'left', 'forgotten', 'missing', 'stuck']);

/** Puts a script on top, with values that the client has said for it. */
export function start(run: Run, script: Script, said: Readonly<Record<string, string>> = {}) {
  const first = script.steps[0];
  if (!first) return;
  const { frames, carried } = run.state;
  const slots: Record<string, string> = {};
  for (const [name, slot] of Object.entries(script.slots)) {
    const value = said[name] ?? (slot.carry ? carried[name] : undefined);
    if (value !== undefined) slots[name] = value;
  }
  if (frames.length >= MAX_FRAMES) frames.splice(0, frames.length - MAX_FRAMES + 1);
  frames.push({
    script: script.script,
    step: first.id,
    slots,
    said: Object.keys(said).filter((name) => script.slots[name]),
    results: {},
    visits: {},
    tries: 0,
    asked: false,
    changing: false,
    inner: false,
  });
  run.state.offered = [];
}

/** Goes on from where the top script stands, until something is awaited, people take over, or nothing is open. */
export function advance(run: Run) {
  for (let taken = 0; !run.handoff; taken++) {
    const frame = topOf(run);
    if (!frame) {
      if (!startLater(run)) return;
      continue;
    }
    if (frame.call !== undefined || frame.timer !== undefined) return;
    const step = stepOf(run, frame);
    if (!step) {
      // The script was changed while this conversation ran; what is left of it cannot be trusted.
      finish(run, frame, 'missing');
      continue;
    }
    const skipped = unansweredBefore(run, frame, step);
    if (skipped !== undefined) {
      goTo(run, frame, skipped);
      continue;
    }
    frame.visits[step.id] = (frame.visits[step.id] ?? 0) + 1;
    if (taken >= MAX_STEPS || (frame.visits[step.id] ?? 0) > MAX_VISITS) return stuck(run, frame);
    const isFilled = step.kind === 'ask' && frame.slots[step.ask] !== undefined;
    if (!isFilled) enter(run, frame);
    const move = runStep(step, run, frame);
    if (move.to === 'park') return;
    follow(run, frame, step, move, isFilled);
  }
}

/** A question that was passed before a confirmation or a call and whose slot is empty again: it comes first. */
function unansweredBefore(run: Run, frame: Frame, step: Step): string | undefined {
  if (step.kind !== 'call' && !(step.kind === 'ask' && step.ask === CONFIRM)) return undefined;
  const steps = scriptOf(run, frame)?.steps ?? [];
  const before = steps.slice(0, steps.indexOf(step));
  const isOpen = (it: Step) => it.kind === 'ask' && it.ask !== CONFIRM && frame.slots[it.ask] === undefined;
  return before.find((it) => isOpen(it) && frame.visits[it.id])?.id;
}

function follow(run: Run, frame: Frame, step: Step, move: Move, isFilled: boolean) {
  if (move.to === 'inner') return;
  if (move.to === 'end') return finish(run, frame, move.outcome);
  if (!isFilled) leave(run, frame);
  goTo(run, frame, move.to === 'step' ? move.id : nextOf(run, frame, step.id));
}

/** Moves a frame to a step; undefined is behind the last one. */
export function goTo(run: Run, frame: Frame, id: string | undefined) {
  if (id === undefined) return finish(run, frame, 'done');
  frame.step = id;
  frame.asked = false;
  frame.changing = false;
  frame.tries = 0;
}

export function stepOf(run: Run, frame: Frame): Step | undefined {
  return scriptOf(run, frame)?.steps.find((step) => step.id === frame.step);
}

export function nextOf(run: Run, frame: Frame, id: string): string | undefined {
  const steps = scriptOf(run, frame)?.steps ?? [];
  return steps[steps.findIndex((step) => step.id === id) + 1]?.id;
}

/** Takes a script off: keeps what is carried, and says so before the question that is open below is put again. */
export function finish(run: Run, frame: Frame, outcome: string) {
  const script = scriptOf(run, frame);
  leave(run, frame, outcome);
  run.state.frames.splice(run.state.frames.indexOf(frame), 1);
  run.ended = true;
  if (!script) return;
  if (outcome !== 'cancelled') carry(run, frame, script);
  if (!script.small_talk && !script.closes && !script.at_once && !frame.inner) {
    // What came of its calls is noted with them; this is the script that was given up.
    if (GIVEN_UP.has(outcome)) run.state.done.push({ script: frame.script, step: frame.step, outcome });
    remember(run, frame, script, outcome);
  }
  const below = topOf(run);
  if (below && !frame.inner && below.asked) {
    const title = scriptOf(run, below)?.title;
    run.lead = script.small_talk || !title ? [] : [sayCommon(run, 'back', below)];
  }
}

function carry(run: Run, frame: Frame, script: Script) {
  for (const [name, slot] of Object.entries(script.slots)) {
    const value = frame.slots[name];
    if (value === undefined || !slot.carry || slot.secret) continue;
    // `take` keeps in step with what others left, but leaves nothing of its own.
    if (slot.carry === 'both' || run.state.carried[name] !== undefined) run.state.carried[name] = value;
  }
}

function remember(run: Run, frame: Frame, script: Script, outcome: string) {
  const { last } = run.state;
  const slots = Object.fromEntries(
    Object.entries(frame.slots).filter(([name]) => !script.slots[name]?.secret),
  );
  const isSame = last?.script === frame.script && JSON.stringify(last.slots) === JSON.stringify(slots);
  const times = isSame ? last.times + 1 : 1;
  run.state.last = { script: frame.script, slots, times, outcome };
  if (times === MAX_REPEATS && outcome === 'done' && run.state.frames.length === 0) {
    tell(run, sayCommon(run, 'repeated'), [peopleChoice(run)]);
  }
}

function startLater(run: Run): boolean {
  for (let next = run.state.later.shift(); next; next = run.state.later.shift()) {
    const script = run.set.scripts.get(next.script);
    if (!script) continue;
    start(run, script, next.slots);
    return true;
  }
  return false;
}

function stuck(run: Run, frame: Frame) {
  tell(run, sayCommon(run, 'stuck', frame));
  run.handoff = { reason: 'script', frame };
  finish(run, frame, 'stuck');
  run.lead = [];
}

/** Closes everything that is open and awaits no result; its title is `closed`. */
export function closeAll(run: Run, outcome: string) {
  const open = run.state.frames.filter((frame) => !frame.inner);
  const outer = open[0] && scriptOf(run, open[0]);
  for (const frame of [...run.state.frames].reverse()) finish(run, frame, outcome);
  run.state.later = [];
  run.lead = [];
  if (outer) run.closed = plain(run, outer.title);
}
