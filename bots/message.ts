import { affirm, answer, decline, fill, givesValues, reopen, yesNoOf } from './answer.ts';
import { fillsOf, isCorrection } from './fill.ts';
import type { Heard } from './heard.ts';
import { type Meant, meantBy } from './meant.ts';
import { meanwhile } from './meanwhile.ts';
import { advance, closeAll, finish, goTo, start, stepOf } from './progress.ts';
import {
  CONFIRM,
  emptyForm,
  goChoice,
  leave,
  peopleChoice,
  plain,
  type Run,
  sayCommon,
  scriptOf,
  tell,
  topOf,
} from './run.ts';
import type { Script, Step } from './script.ts';
import type { Frame, State } from './state.ts';

const SURE_OVER_ANSWER = 0.8;

/** What the client says or presses: to the open question, to a call under way, or out of the blue. */
export function takeMessage(run: Run, heard: Heard) {
  const wasForgotten = forget(run);
  // An offer is for the next message only.
  const offered = run.state.offered.splice(0);
  const { unsure } = run.state;
  run.state.unsure = {};
  if (heard.choice !== undefined) return press(run, heard.choice, unsure);
  const frame = topOf(run);
  const step = frame && stepOf(run, frame);
  const meant = believed(run, heard, meantBy(run.set, heard));
  if (meant?.script.at_once) return atOnce(run, meant.script);
  if (heard.unreadable || (!heard.text && !heard.whole)) {
    if (heard.unreadable) run.lead = [sayCommon(run, 'unsupported')];
    return repeat(run);
  }
  if (frame?.call !== undefined || frame?.timer !== undefined) return meanwhile(run, frame, heard, meant);
  if (frame && step?.kind === 'ask') return answer(run, frame, step, heard, meant);
  if (wasForgotten && (!meant || meant.script.small_talk)) return;
  open(run, heard, meant, offered);
}

/** A plain answer to the open question calls nobody, unless it is all but certain. */
function believed(run: Run, heard: Heard, meant: Meant | undefined): Meant | undefined {
  const frame = topOf(run);
  const step = frame && stepOf(run, frame);
  if (!meant?.script.at_once || meant.confidence >= SURE_OVER_ANSWER || step?.kind !== 'ask') return meant;
  return frame && givesValues(run, frame, step, heard) ? undefined : meant;
}

/** A question that was left open too long is closed: a late "yes" must not move money. */
export function forget(run: Run): boolean {
  const { at, frames } = run.state;
  const silence = at === undefined ? 0 : run.now.getTime() - Date.parse(at);
  if (!(silence > run.set.common.forget_after)) return false;
  run.state.offered = [];
  run.state.misses = [];
  run.state.later = [];
  delete run.state.last;
  const stale = frames.filter((frame) => frame.call === undefined && frame.timer === undefined);
  const [outer] = stale;
  const title = outer && scriptOf(run, outer)?.title;
  for (const frame of [...stale].reverse()) finish(run, frame, 'forgotten');
  run.lead = [];
  run.ended = false;
  if (title) tell(run, sayCommon(run, 'forgotten', undefined, { closed: plain(run, title) }));
  return title !== undefined;
}

/** People, fraud: whatever is open waits, or is closed where the script says so. */
function atOnce(run: Run, script: Script) {
  if (script.closes) closeAll(run, 'left');
  start(run, script);
  advance(run);
}

/** Nothing is open: a request, a yes to what was offered, "and my savings?", small talk, or not understood. */
function open(run: Run, heard: Heard, meant: Meant | undefined, offers: readonly string[]) {
  const { state } = run;
  const yesNo = yesNoOf(heard);
  const offered = run.set.scripts.get(offers[0] ?? '');
  const isSmall = !meant || meant.script.small_talk;
  const again = isSmall ? followUp(run, heard) : undefined;
  if (meant?.script.closes && !isSmall && lastDone(run)) return tellDone(run);
  if (meant && !isSmall) return begin(run, meant.script, heard);
  if (offered && yesNo === 'yes' && !meant) return begin(run, offered, heard);
  if (again) return begin(run, again, heard);
  if (changesWhatIsDone(run, heard)) return tellDone(run);
  const implied = impliedBy(run, heard);
  if (implied) return begin(run, implied, heard);
  if (meant) return begin(run, meant.script, heard);
  if (yesNo === 'no' && state.misses.length === 0) return tell(run, sayCommon(run, 'declined'));
  notUnderstood(run, heard.text);
}

function begin(run: Run, script: Script, heard: Heard) {
  run.state.misses = [];
  const fills = fillsOf(emptyForm(run, script.slots), heard);
  if (script.closes) closeAll(run, 'left');
  start(run, script, fills.values);
  const invalid = fills.invalid === undefined ? undefined : script.slots[fills.invalid]?.invalid;
  if (invalid) run.lead = [plain(run, invalid)];
  advance(run);
}

/** "No, 5000" after the money has gone: there is nothing left to correct. */
function changesWhatIsDone(run: Run, heard: Heard): boolean {
  const { last } = run.state;
  const script = lastDone(run);
  if (!last || !script || !isCorrection(heard.text)) return false;
  const form = {
    slots: script.slots,
    filled: last.slots,
    said: Object.keys(last.slots),
    currency: run.currency,
    carried: run.state.carried,
  };
  return Object.entries(fillsOf(form, heard).values).some(([name, value]) => last.slots[name] !== value);
}

/** The last script, where it was done and asking for it again would do it again. */
function lastDone(run: Run): Script | undefined {
  const { last } = run.state;
  const script = run.set.scripts.get(last?.script ?? '');
  return last?.outcome === 'done' && !script?.follow_up ? script : undefined;
}

/** "300 to Peter": no intent was heard, but two values or more that one script needs. */
function impliedBy(run: Run, heard: Heard): Script | undefined {
  return [...run.set.scripts.values()].find(({ slots }) => {
    if (Object.keys(slots).length < 2) return false;
    const { values } = fillsOf(emptyForm(run, slots), heard);
    return new Set(Object.keys(values).map((name) => slots[name]?.kind)).size >= 2;
  });
}

function tellDone(run: Run) {
  const { last } = run.state;
  const again = last ? [goChoice(run, last.script)] : [];
  tell(run, sayCommon(run, 'already_done'), [...again, peopleChoice(run)]);
}

/** The last script again, where the message holds nothing but another value for it. */
function followUp(run: Run, heard: Heard): Script | undefined {
  const script = run.set.scripts.get(run.state.last?.script ?? '');
  if (!script?.follow_up) return undefined;
  const { values } = fillsOf(emptyForm(run, script.slots), heard);
  return Object.keys(values).length > 0 ? script : undefined;
}

function notUnderstood(run: Run, text: string) {
  run.state.misses.push(text);
  const fallback = [...run.set.scripts.values()].find((script) =>
    script.when.events.includes('not-understood'),
  );
  if (!fallback) return;
  start(run, fallback);
  advance(run);
  // Nothing was done for the client, so nothing has ended for them.
  run.ended = false;
}

/** Puts the open question again, or says that there is none. */
export function repeat(run: Run) {
  const frame = topOf(run);
  const isOpen = frame && frame.call === undefined && frame.timer === undefined;
  if (isOpen) return advance(run);
  const [lead] = run.lead;
  run.lead = [];
  if (lead) tell(run, lead);
}

/** A quick reply: `go.SCRIPT`, or `qNUMBER.ANSWER` to the question of that number. */
function press(run: Run, id: string, unsure: State['unsure']) {
  const target = /^go\.([a-z0-9_-]+)$/.exec(id)?.[1];
  const script = run.set.scripts.get(target ?? '');
  if (script) return begins(run, script, unsure[script.script]);
  const [, number, value = ''] = /^q(\d+)\.(.+)$/.exec(id) ?? [];
  const frame = topOf(run);
  const step = frame && stepOf(run, frame);
  const isCurrent =
    Number(number) === run.state.question && frame?.asked === true && frame.call === undefined;
  if (!isCurrent || step?.kind !== 'ask') {
    run.lead = [sayCommon(run, 'old_choice')];
    return repeat(run);
  }
  run.state.misses = [];
  const help = /^help\.(\d)$/.exec(value)?.[1];
  if (help !== undefined) return takeHelp(run, frame, step, Number(help));
  const slot = /^change\.(.+)$/.exec(value)?.[1];
  if (slot !== undefined && reopen(run, frame, slot)) return advance(run);
  if (step.ask === CONFIRM) return value === 'yes' ? affirm(run, frame, step) : decline(run, frame, step);
  const isPossible = Object.hasOwn(scriptOf(run, frame)?.slots[step.ask]?.values ?? {}, value);
  if (!isPossible) return repeat(run);
  fill(run, frame, { values: { [step.ask]: value } });
  leave(run, frame, 'filled');
  advance(run);
}

/** Goes to the step that the help of a question names; what that step asks for is asked for anew. */
function takeHelp(run: Run, frame: Frame, step: Step<'ask'>, index: number) {
  const choice = step.help?.choices[index];
  if (!choice || 'go' in choice) return repeat(run);
  leave(run, frame, 'help');
  const next = scriptOf(run, frame)?.steps.find(({ id }) => id === choice.step);
  if (next?.kind === 'ask') delete frame.slots[next.ask];
  goTo(run, frame, choice.step);
  advance(run);
}

/** A quick reply that starts a script. */
function begins(run: Run, script: Script, values: Readonly<Record<string, string>> = {}) {
  run.state.misses = [];
  if (script.at_once) return atOnce(run, script);
  const frame = topOf(run);
  if (frame && (frame.call !== undefined || frame.timer !== undefined) && script.closes) {
    return tell(run, sayCommon(run, 'pending_fixed', frame));
  }
  if (script.closes) closeAll(run, 'cancelled');
  if (run.state.frames.some((open) => open.script === script.script)) {
    run.lead = frame?.call === undefined ? [] : [sayCommon(run, 'pending', frame)];
    return repeat(run);
  }
  start(run, script, values);
  advance(run);
}
