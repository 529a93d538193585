import { type Fills, fillsOf } from './fill.ts';
import type { Heard } from './heard.ts';
import { type Meant, part } from './meant.ts';
import { advance, closeAll, finish, goTo, nextOf, start } from './progress.ts';
import { showSlot } from './render.ts';
import {
  answerId,
  CONFIRM,
  emptyForm,
  goChoice,
  leave,
  plain,
  put,
  type Run,
  say,
  sayCommon,
  scriptByIntent,
  scriptOf,
  tell,
  topOf,
} from './run.ts';
import type { Step } from './script.ts';
import type { Frame } from './state.ts';
import { askWithChoices, askWithHelp } from './steps/ask.ts';
import { namesTitle, saysOneOf } from './words.ts';

/** What a message means to the question that is open. */

/** A request is believed over an open question from here on. */
const SURE_DIGRESSION = 0.5;
const TRIES_BEFORE_CHOICES = 2;
const TRIES_BEFORE_PEOPLE = 3;

export function answer(run: Run, frame: Frame, step: Step<'ask'>, heard: Heard, meant: Meant | undefined) {
  const other = meant && meant.script.script !== frame.script ? meant : undefined;
  if (other?.script.closes && !other.script.small_talk && givesUp(run, frame, step, heard, other)) {
    return close(run, other);
  }
  if (frame.changing && changeNamed(run, frame, heard.text)) return advance(run);
  if (step.ask === CONFIRM) return confirm(run, frame, step, heard, meant, other);

  const fills = fillsFor(run, frame, step.ask, heard);
  const isAnswered = fills.values[step.ask] !== undefined || fills.invalid === step.ask;
  if (!isAnswered && asksForCode(run, frame, step)) return withoutCode(run, frame, step, heard, other);
  if (other && (isAnswered ? isClearly(run, other, heard) : other.confidence >= SURE_DIGRESSION)) {
    return digress(run, other, heard);
  }
  const changed = fill(run, frame, fills);
  if (fills.invalid !== undefined) return refuse(run, frame, step, fills.invalid);
  if (changed.length > 0) frame.tries = 0;
  else if (yesNoOf(heard) === 'no' && meant === undefined) return decline(run, frame, step);
  if (changed.length === 0 && meant?.script.script !== frame.script)
    return missed(run, frame, step, heard.text);
  run.state.misses = [];
  if (isAnswered) leave(run, frame, 'filled');
  else if (changed.length > 0 && run.noted === '') note(run, frame, changed);
  advance(run);
}

function asksForCode(run: Run, frame: Frame, step: Step<'ask'>): boolean {
  return scriptOf(run, frame)?.slots[step.ask]?.kind === 'code';
}

/**
 * A text in which no code stands is no wrong code, so it does not count as a try: another question is answered, and
 * whoever speaks of the code is told what can be done without it.
 */
function withoutCode(run: Run, frame: Frame, step: Step<'ask'>, heard: Heard, other: Meant | undefined) {
  const speaksOfIt = step.help?.words !== undefined && saysOneOf(step.help.words, heard.text);
  if (other && !speaksOfIt && other.confidence >= SURE_DIGRESSION) return digress(run, other, heard);
  leave(run, frame, 'no-code');
  askWithHelp(step, run, frame);
}

/** The question comes again, so the client hears that what they said instead of the answer was taken. */
function note(run: Run, frame: Frame, names: readonly string[]) {
  const slots = scriptOf(run, frame)?.slots ?? {};
  const shown = names.flatMap((name) => {
    const slot = slots[name];
    const value = frame.slots[name];
    return slot && value !== undefined ? [showSlot(slot, value, run)] : [];
  });
  run.noted = sayCommon(run, 'noted', frame, { values: shown.join(', ') });
}

/** Whether a cancel is meant. A value in the text speaks against it, unless it is clear without the value too. */
function givesUp(run: Run, frame: Frame, step: Step<'ask'>, heard: Heard, meant: Meant): boolean {
  if (meant.confidence < SURE_DIGRESSION || isYes(heard, meant)) return false;
  return !givesValues(run, frame, step, heard) || isClearly(run, meant, heard);
}

/** True where the text answers the open question, or changes what is to be confirmed. */
export function givesValues(run: Run, frame: Frame, step: Step<'ask'>, heard: Heard): boolean {
  const { values } = fillsFor(run, frame, step.ask, heard);
  return step.ask === CONFIRM
    ? Object.entries(values).some(([name, value]) => frame.slots[name] !== value)
    : values[step.ask] !== undefined;
}

/** "Yes, please do it": one sentence of several that sounds like giving up does not undo the yes before it. */
function isYes(heard: Heard, meant: Meant): boolean {
  return meant.clause !== undefined && yesNoOf(heard) === 'yes';
}

export function yesNoOf(heard: Heard): 'yes' | 'no' | undefined {
  const value = heard.whole?.entities.find((entity) => entity.kind === 'yes_no')?.value;
  return value === 'maybe' ? undefined : value;
}

/**
 * Before something is done: new values change it and it is asked again, whatever else was said; a yes goes on; a no
 * asks what to change.
 */
function confirm(
  run: Run,
  frame: Frame,
  step: Step<'ask'>,
  heard: Heard,
  meant: Meant | undefined,
  other: Meant | undefined,
) {
  const yesNo = yesNoOf(heard);
  const isRequest =
    other && !other.script.small_talk && !other.script.closes && other.confidence >= SURE_DIGRESSION;
  const request = isRequest ? other : undefined;
  // "Yes. Could you also show my savings?": what stands in the other request's sentences changes nothing here.
  const from = request?.clause ?? firstClauseOf(heard, request);
  const own = request ? part(heard, 0, from ?? 0) : heard;
  const fills = request && !from ? { values: {} } : fillsFor(run, frame, CONFIRM, own);
  const changed = fill(run, frame, fills);
  if (fills.invalid !== undefined) return refuse(run, frame, step, fills.invalid);
  if (changed.length > 0) {
    leave(run, frame, 'changed');
    frame.changing = false;
    frame.tries = 0;
    return advance(run);
  }
  if (request && yesNo !== 'yes') return digress(run, request, heard);
  if (yesNo === 'yes' && !frame.changing) {
    if (request) queue(run, request, part(heard, from ?? 0, heard.clauses.length));
    return affirm(run, frame, step);
  }
  if (yesNo === 'no') return decline(run, frame, step);
  if (other?.script.small_talk) return digress(run, other, heard);
  if (yesNo === 'yes' || meant?.script.script === frame.script) {
    frame.changing = false;
    return advance(run);
  }
  missed(run, frame, step, heard.text);
}

/** Where in a message of several sentences the other request begins; the first sentence answers the question. */
function firstClauseOf(heard: Heard, request: Meant | undefined): number | undefined {
  if (!request || heard.clauses.length < 2) return undefined;
  const at = heard.clauses.findIndex((clause) => request.script.when.intents.includes(clause.intent));
  return at > 0 ? at : undefined;
}

function queue(run: Run, request: Meant, heard: Heard) {
  const { values } = fillsOf(emptyForm(run, request.script.slots), heard);
  run.state.later.push({ script: request.script.script, slots: { ...values } });
}

export function affirm(run: Run, frame: Frame, step: Step<'ask'>) {
  leave(run, frame, 'confirmed');
  run.state.misses = [];
  goTo(run, frame, step.yes ?? step.go ?? nextOf(run, frame, step.id));
  advance(run);
}

/** A plain no: the script's own way on, or the question what to change; a second no gives up. */
export function decline(run: Run, frame: Frame, step: Step<'ask'>) {
  run.state.misses = [];
  if (step.no !== undefined) {
    leave(run, frame, 'declined');
    goTo(run, frame, step.no);
    return advance(run);
  }
  const script = scriptOf(run, frame);
  if (frame.changing || !script) {
    const cancel = [...run.set.scripts.values()].find((it) => it.closes && !it.small_talk && !it.at_once);
    if (cancel) return close(run, { script: cancel, confidence: 1 });
    finish(run, frame, 'cancelled');
    return advance(run);
  }
  frame.changing = true;
  run.state.question += 1;
  const asked = script.steps.flatMap((it) => (it.kind === 'ask' && it.ask !== CONFIRM ? [it.ask] : []));
  const choices = asked.flatMap((name) => {
    const slot = script.slots[name];
    return slot && frame.slots[name] !== undefined
      ? [{ id: answerId(run, `change.${name}`), text: plain(run, slot.title) }]
      : [];
  });
  const cancel = [...run.set.scripts.values()].find((it) => it.closes && !it.small_talk && !it.at_once);
  put(run, sayCommon(run, 'change', frame), [...choices, ...(cancel ? [goChoice(run, cancel.script)] : [])]);
}

/** «сумму», "the amount": asks for that slot anew. Returns false where the text names none. */
function changeNamed(run: Run, frame: Frame, text: string): boolean {
  const script = scriptOf(run, frame);
  const named = Object.entries(script?.slots ?? {}).find(
    ([name, slot]) => frame.slots[name] !== undefined && namesTitle(plain(run, slot.title), text),
  );
  return named !== undefined &&
    Object.keys(fillsFor(run, frame, CONFIRM, { text, unreadable: false, clauses: [] }).values).length === 0
    ? reopen(run, frame, named[0])
    : false;
}

/** Empties a slot and goes back to its question. */
export function reopen(run: Run, frame: Frame, slot: string): boolean {
  const step = scriptOf(run, frame)?.steps.find((it) => it.kind === 'ask' && it.ask === slot);
  if (!step) return false;
  delete frame.slots[slot];
  frame.changing = false;
  goTo(run, frame, step.id);
  return true;
}

function fillsFor(run: Run, frame: Frame, asked: string, heard: Heard): Fills {
  const slots = scriptOf(run, frame)?.slots ?? {};
  return fillsOf(
    {
      slots,
      filled: frame.slots,
      said: frame.said,
      asked,
      currency: run.currency,
      carried: run.state.carried,
    },
    heard,
  );
}

/** Takes the values over; returns the slots that changed. A correction of what was said before is acknowledged. */
export function fill(run: Run, frame: Frame, fills: Fills): string[] {
  const definitions = scriptOf(run, frame)?.slots ?? {};
  const changed = Object.entries(fills.values).filter(([name, value]) => frame.slots[name] !== value);
  const corrected: string[] = [];
  for (const [name, value] of changed) {
    const definition = definitions[name];
    if (frame.slots[name] !== undefined && definition) corrected.push(showSlot(definition, value, run));
    frame.slots[name] = value;
    if (!frame.said.includes(name)) frame.said.push(name);
  }
  if (corrected.length > 0) {
    run.noted = sayCommon(run, 'amended', frame, { values: corrected.join(', ') });
  }
  return changed.map(([name]) => name);
}

/** A value that is not possible: says why, and asks again. */
function refuse(run: Run, frame: Frame, step: Step<'ask'>, slot: string) {
  const definition = scriptOf(run, frame)?.slots[slot];
  frame.tries += 1;
  leave(run, frame, 'invalid');
  if (frame.tries >= TRIES_BEFORE_PEOPLE) return givePeople(run, frame);
  run.lead = definition?.invalid ? [say(run, frame, definition.invalid)] : [];
  if (slot !== step.ask) frame.tries = 0;
  advance(run);
}

/** Not understood: asks again with an example, then with choices, then calls people. */
function missed(run: Run, frame: Frame, step: Step<'ask'>, text: string) {
  frame.tries += 1;
  run.state.misses.push(text);
  leave(run, frame, 'missed');
  if (frame.tries >= TRIES_BEFORE_PEOPLE) return givePeople(run, frame);
  if (frame.tries >= TRIES_BEFORE_CHOICES) return askWithChoices(step, run, frame);
  advance(run);
}

function givePeople(run: Run, frame: Frame) {
  tell(run, sayCommon(run, 'people', frame));
  run.lead = [];
  run.handoff = { reason: 'not-understood', frame };
  frame.tries = 0;
}

/** Asked for something else in between: it is answered, and the open question comes again after it. */
function digress(run: Run, meant: Meant, heard: Heard) {
  run.state.misses = [];
  const asking = topOf(run);
  if (asking) asking.tries = 0;
  const { script } = meant;
  if (script.closes) return close(run, meant);
  const open = run.state.frames.findIndex((frame) => frame.script === script.script);
  if (open >= 0) {
    // It is already under way below: what lies over it is given up.
    for (const frame of run.state.frames.slice(open + 1).reverse()) finish(run, frame, 'left');
    run.lead = [];
    const [below] = run.state.frames.slice(open);
    if (below && fill(run, below, fillsFor(run, below, '', heard)).length > 0) unconfirm(run, below);
    return advance(run);
  }
  start(run, script, fillsOf(emptyForm(run, script.slots), heard).values);
  advance(run);
}

/** What was confirmed is another thing now: it is asked for again before it is done. */
function unconfirm(run: Run, frame: Frame) {
  const steps = scriptOf(run, frame)?.steps ?? [];
  const before = steps.slice(
    0,
    steps.findIndex(({ id }) => id === frame.step),
  );
  const asked = before.findLast((it) => it.kind === 'ask' && it.ask === CONFIRM && frame.visits[it.id]);
  if (asked) goTo(run, frame, asked.id);
}

/** A request besides an answer needs to be clear without the answer's own words. */
function isClearly(run: Run, other: Meant, heard: Heard): boolean {
  if (other.script.small_talk || !heard.rest) return false;
  return (
    scriptByIntent(run.set, heard.rest.intent) === other.script && heard.rest.confidence >= SURE_DIGRESSION
  );
}

function close(run: Run, meant: Meant) {
  closeAll(run, 'cancelled');
  start(run, meant.script);
  advance(run);
}
