import { yesNoOf } from './answer.ts';
import { type Fills, fillsOf, isCorrection } from './fill.ts';
import type { Heard } from './heard.ts';
import type { Meant } from './meant.ts';
import { advance, closeAll, start, stepOf } from './progress.ts';
import { emptyForm, plain, type Run, sayCommon, scriptOf, tell } from './run.ts';
import type { Script } from './script.ts';
import { type Frame, MAX_LATER } from './state.ts';

/** What the client says while the bank is at work. Nothing of it is lost: it is answered now, or after that, or they
 * hear that it was not understood. */

/** Requests that are under way together; a further one waits. */
const MAX_TOGETHER = 3;

/** What is under way cannot be changed, but anything else can be asked. */
export function meanwhile(run: Run, frame: Frame, heard: Heard, meant: Meant | undefined) {
  const other = meant && meant.script.script !== frame.script ? meant.script : undefined;
  if (other) return beside(run, frame, other, heard);
  const script = scriptOf(run, frame);
  const isFixed = isFixedCall(run, frame);
  const fills = script && fillsOf(formOf(run, frame, script), heard);
  const isNew = Object.entries(fills?.values ?? {}).some(([name, value]) => frame.slots[name] !== value);
  // "Send 300 to Peter" while the bank sends 500 to Ann is one more request; "no, 300" would change what is with the bank.
  const isAgain = isNew && (!isFixed || (meant !== undefined && !isCorrection(heard.text)));
  if (script && fills && isAgain) return postpone(run, frame, script, fills.values);
  const yesNo = yesNoOf(heard);
  if (isFixed && (isNew || yesNo === 'no')) return tell(run, sayCommon(run, 'pending_fixed', frame));
  tell(run, sayCommon(run, meant || yesNo ? 'pending' : 'pending_unclear', frame));
}

function formOf(run: Run, frame: Frame, { slots }: Script) {
  const { currency, state } = run;
  return { slots, filled: frame.slots, said: frame.said, currency, carried: state.carried };
}

/** Another request: it is begun at once, unless enough is under way. */
function beside(run: Run, frame: Frame, script: Script, heard: Heard) {
  if (script.closes && !script.small_talk) {
    if (isFixedCall(run, frame)) return tell(run, sayCommon(run, 'pending_fixed', frame));
    closeAll(run, 'cancelled');
    start(run, script);
    return advance(run);
  }
  const { values } = fillsOf(emptyForm(run, script.slots), heard);
  const isFull = run.state.frames.length >= MAX_TOGETHER && !script.small_talk;
  if (isFull) return postpone(run, frame, script, values);
  start(run, script, values);
  advance(run);
}

/** Done when all that is open has come to its end. The same request twice is one. */
function postpone(run: Run, frame: Frame, { script, title }: Script, values: Fills['values']) {
  const { later } = run.state;
  const request = { script, slots: { ...values } };
  const isKnown = later.some((it) => JSON.stringify(it) === JSON.stringify(request));
  if (!isKnown && later.length >= MAX_LATER) return tell(run, sayCommon(run, 'later_full', frame));
  if (!isKnown) later.push(request);
  tell(run, sayCommon(run, 'later', frame, { title: plain(run, title) }));
}

/** True where the call under way changes something at the bank. */
function isFixedCall(run: Run, frame: Frame): boolean {
  const step = stepOf(run, frame);
  return step?.kind === 'call' && run.set.actions[step.call]?.changes === true;
}
