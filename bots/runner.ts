import type { Evidence, Locale } from '../gateway/model/contact.ts';
import type { Content } from '../gateway/model/content.ts';
import type { ActionState } from '../gateway/model/conversation.ts';
import type { Decision, HandoffDecision } from '../gateway/model/turn.ts';
import type { EntityKind } from '../nlu/types.ts';
import { dayAt } from './days.ts';
import type { Awaited, Heard } from './heard.ts';
import { recordOf } from './heard.ts';
import type { ScriptSet } from './load.ts';
import { forget, repeat, takeMessage } from './message.ts';
import { advance, goTo, nextOf, start, stepOf } from './progress.ts';
import { showSlot } from './render.ts';
import { takeResults } from './results.ts';
import {
  CONFIRM,
  peopleChoice,
  plain,
  type Run,
  type Said,
  sayCommon,
  scriptOf,
  tell,
  topOf,
} from './run.ts';
import type { Script, ScriptEvent, SlotKind } from './script.ts';
import { type Frame, fitState, type Request, type State } from './state.ts';

/** What happened, as the runner takes it. */
export type Happening =
  /** `isBeside`: it was said in another conversation, so it answers nothing that is open here, and confirms nothing. */
  | { readonly what: 'message'; readonly heard: Heard; readonly isBeside?: boolean }
  | { readonly what: 'opened' }
  | { readonly what: 'returned' }
  | { readonly what: 'moved' }
  | { readonly what: 'opted-out' | 'opted-in' }
  | { readonly what: 'timer'; readonly timer: string }
  | { readonly what: 'result' };

/** All that a turn depends on, besides the scripts. */
export interface RunnerTurn {
  readonly happening: Happening;
  /** The bot's private state, as `parseState` made it of what was stored; the runner changes it. */
  readonly state: State;
  /** Calls whose result the bot has not used. */
  readonly actions: readonly ActionState[];
  /** The language that the client's channel speaks. */
  readonly home?: Locale | undefined;
  readonly evidence: Evidence;
  readonly now: Date;
  readonly seed: number;
  readonly seq: number;
}

/** What the runner decides, and what is open after it. */
export interface Answer {
  readonly decisions: readonly Decision[];
  /** For each message of the decisions, in order: the slot that it asks for. */
  readonly asks: readonly (string | undefined)[];
  /** A script came to its end, and nothing is open. */
  readonly ended: boolean;
  /** What it was answered in. */
  readonly language: Locale;
}

/** Kinds of slots that come from the text's entities; the others are read by the runner itself. */
const ENTITY_KINDS: Partial<Record<SlotKind, EntityKind>> = {
  custom: 'custom',
  city: 'city',
  product: 'product',
  phone: 'phone',
  email: 'email',
  contract_number: 'contract_number',
  order_number: 'order_number',
  money: 'money',
  number: 'number',
  card: 'card',
  date: 'date',
  account_type: 'account_type',
  person: 'person',
  yes_no: 'yes_no',
};

/** What to listen for in the next message: the kinds of all scripts, since any can begin, and the one asked for. */
export function awaitedOf(set: ScriptSet, state: State, home: Locale | undefined, now: Date): Awaited {
  const open = openSlot(set, state.frames.at(-1));
  const awaited = open && ENTITY_KINDS[open];
  const locale = state.language ?? home;
  const kinds = kindsOf(set);
  return {
    kinds,
    ...(kinds.includes('date') ? { today: dayAt(now, set.common.time_zone) } : {}),
    custom: set.custom,
    ...(awaited ? { awaited } : {}),
    ...(open === 'location' ? { place: true } : {}),
    ...(locale ? { locale } : {}),
  };
}

const kindsBySet = new WeakMap<ScriptSet, readonly EntityKind[]>();

/** The kinds that any slot of the scripts can take: the same for every turn. */
function kindsOf(set: ScriptSet): readonly EntityKind[] {
  const known = kindsBySet.get(set);
  if (known) return known;
  const kinds = new Set<EntityKind>(['yes_no']);
  for (const script of set.scripts.values()) {
    for (const { kind } of Object.values(script.slots)) {
      const entity = ENTITY_KINDS[kind];
      if (entity) kinds.add(entity);
      // "Make it 300": a sum is also told by a bare number.
      if (entity === 'money') kinds.add('number');
    }
  }
  const all = [...kinds];
  kindsBySet.set(set, all);
  return all;
}

/** Of which kind the answer to the open question is. */
function openSlot(set: ScriptSet, frame: Frame | undefined): SlotKind | undefined {
  const script = frame && set.scripts.get(frame.script);
  const step = script?.steps.find((it) => it.id === frame?.step);
  if (step?.kind !== 'ask') return undefined;
  const filled = Object.keys(script?.slots ?? {}).filter((name) => frame?.slots[name] !== undefined);
  // "What should I change?" with one thing to change asks for that.
  const [only] = frame?.changing && filled.length === 1 ? filled : [];
  if (only !== undefined) return script?.slots[only]?.kind;
  return step.ask === CONFIRM ? 'yes_no' : script?.slots[step.ask]?.kind;
}

/** Decides a turn. Pure: the same scripts and turn give the same answer. Never throws for any stored state. */
export function decide(set: ScriptSet, turn: RunnerTurn): Answer {
  const run = beginRun(set, turn);
  const { happening } = turn;
  if (happening.what === 'message') message(run, turn, happening);
  else if (happening.what === 'result') results(run, turn);
  else if (happening.what === 'timer') timer(run, happening.timer);
  else if (happening.what === 'opted-out' || happening.what === 'opted-in') {
    results(run, turn);
    sayOf(run, happening.what);
  } else opening(run, turn, happening.what);
  return conclude(run, happening);
}

function beginRun(set: ScriptSet, turn: RunnerTurn): Run {
  const { state } = turn;
  const heard = turn.happening.what === 'message' ? turn.happening.heard : undefined;
  const locale = languageOf(heard, state.language ?? turn.home);
  state.language = locale;
  const { currency } = set.common;
  state.currency ??= typeof currency === 'string' ? currency : currency[turn.home ?? locale];
  return {
    set,
    now: turn.now,
    seed: turn.seed,
    seq: turn.seq,
    evidence: turn.evidence,
    currency: state.currency,
    locale,
    likely: likelyOf(heard),
    near: nearOf(heard),
    heard,
    state,
    said: [],
    trail: [],
    calls: [],
    timers: [],
    lead: [],
    noted: '',
    ended: false,
  };
}

/**
 * The client's own language, once they say enough to tell: a name or a sum in an answer changes nothing, a request
 * or several words do.
 */
function languageOf(heard: Heard | undefined, before: Locale | undefined): Locale {
  const whole = heard?.whole;
  if (!heard || !whole) return before ?? 'ru';
  if (!before || whole.language === before) return whole.language;
  const rest = whole.entities.reduce(
    (text, { start, end }) => text.slice(0, start) + ' '.repeat(end - start) + text.slice(end),
    heard.text.slice(0, 2_000),
  );
  const words = rest.match(/\p{L}{2,}/gu) ?? [];
  const said = whole.intent !== 'none' && /\p{L}{2,}/u.test(heard.text);
  return words.length >= 2 || (said && words.length === 1) ? whole.language : before;
}

/** What was not sure is offered from this probability on. */
const NEAR = 0.15;

function nearOf(heard: Heard | undefined): string[] {
  const alternatives = heard?.whole?.alternatives ?? [];
  return alternatives.filter(({ confidence }) => confidence >= NEAR).map(({ intent }) => intent);
}

function likelyOf(heard: Heard | undefined): string[] {
  return (heard?.whole?.alternatives ?? []).map(({ intent }) => intent);
}

function message(run: Run, turn: RunnerTurn, { heard, isBeside }: Extract<Happening, { what: 'message' }>) {
  // A result that came together with the message is said first; the question that follows it is put only once.
  if (takeResults(run, turn.actions) > 0) advance(run);
  const before = run.said.length;
  if (!run.handoff && isBeside) takeBeside(run, heard);
  else if (!run.handoff) takeMessage(run, heard);
  if (!run.handoff) offerPerson(run, heard);
  const isAskedAnew = run.said.slice(before).some((it) => it.question);
  if (isAskedAnew) {
    const kept = run.said.filter((it, at) => at >= before || !it.question);
    run.said.splice(0, run.said.length, ...kept);
  }
}

/** A request begins on top of what is open here; an answer finds no question. */
function takeBeside(run: Run, heard: Heard) {
  forget(run);
  run.state.offered = [];
  besideOpen(run, () => takeMessage(run, heard));
}

/** As if nothing were open. */
function besideOpen(run: Run, does: () => void) {
  const { frames } = run.state;
  const open = frames.splice(0, frames.length);
  does();
  frames.unshift(...open);
}

const ANGRY_BEFORE_OFFER = 2;

/** Angry a second time: before anything else is said, a person is offered. */
function offerPerson(run: Run, heard: Heard) {
  if (!heard.signals?.some(({ signal }) => signal === 'angry')) return;
  run.state.angry += 1;
  if (run.state.angry < ANGRY_BEFORE_OFFER) return;
  run.state.angry = 0;
  run.said.unshift({ text: sayCommon(run, 'upset'), choices: [peopleChoice(run)], question: false });
}

function results(run: Run, turn: RunnerTurn) {
  if (takeResults(run, turn.actions) > 0) advance(run);
}

function timer(run: Run, name: string) {
  const frame = run.state.frames.find((it) => it.timer === name);
  const step = frame && stepOf(run, frame);
  if (!frame || step?.kind !== 'wait') return;
  delete frame.timer;
  goTo(run, frame, step.go ?? nextOf(run, frame, step.id));
  if (frame === topOf(run)) advance(run);
}

/** The contact opened the dialogue or came with it from another channel, or people gave it back: a word, then what came meanwhile, then the open question. */
function opening(run: Run, turn: RunnerTurn, what: Extract<ScriptEvent, 'opened' | 'returned' | 'moved'>) {
  run.state.misses = [];
  if (what === 'returned') forget(run);
  sayOf(run, what);
  const taken = takeResults(run, turn.actions);
  const waiting = topOf(run);
  if (taken > 0 || (waiting && waiting.call === undefined && waiting.timer === undefined)) advance(run);
  else if (waiting?.call !== undefined) tell(run, sayCommon(run, 'pending', waiting));
  else repeat(run);
}

/** What the script of an event says, beside what is open. */
function sayOf(run: Run, what: ScriptEvent) {
  const script = [...run.set.scripts.values()].find((it) => it.when.events.includes(what));
  besideOpen(run, () => {
    if (!script) return;
    start(run, script);
    advance(run);
  });
  run.lead = [];
}

function conclude(run: Run, happening: Happening): Answer {
  const { state, said } = run;
  if (said.length > 0) state.at = run.now.toISOString();
  const understood = happening.what === 'message' ? happening.heard.whole : undefined;
  const handoff = run.handoff && handoffOf(run, run.handoff, understood?.intent);
  if (handoff) state.misses = [];
  const decisions: Decision[] = [
    ...said.map((one) => messageOf(one, run.locale)),
    {
      type: 'turn.completed',
      state: fitState(state),
      trail: run.trail,
      ...(understood
        ? {
            understanding: happening.what === 'message' ? recordOf(happening.heard) : undefined,
            model: understood.model,
            intent: understood.intent,
            confidence: understood.confidence,
          }
        : {}),
    },
    ...run.calls,
    ...run.timers.map((it) => ({ type: 'timer.set' as const, ...it })),
    ...(handoff ? [handoff] : []),
  ];
  return {
    decisions,
    asks: said.map((it) => it.asks),
    ended: run.ended && state.frames.length === 0 && !handoff,
    language: run.locale,
  };
}

function messageOf(said: Said, locale: Locale): Decision {
  if (said.is === 'move') return { type: 'move.offered', text: said.text, locale };
  if (said.is === 'rating') return { type: 'rating.asked', text: said.text, locale };
  const { text, template } = said;
  const content: Content[] = [{ kind: 'text', text, ...(template && { template }) }];
  if (said.choices.length > 0) content.push({ kind: 'choices', choices: said.choices });
  return { type: 'message.sent', content, ...(said.digits !== undefined && { digits: said.digits }) };
}

function handoffOf(
  run: Run,
  { reason, frame }: { reason: string; frame?: Frame },
  heard: string | undefined,
): HandoffDecision {
  const about = requestOf(run, frame);
  const script = run.set.scripts.get(about?.script ?? '');
  const intent = script?.when.intents[0] ?? (heard === 'none' ? undefined : heard);
  return {
    type: 'handoff.requested',
    reason,
    locale: run.locale,
    ...(intent ? { intent } : {}),
    slots: about && script ? slotsOf(run, script, about.slots) : [],
    steps: run.state.done.slice(-20),
    misses: fitState(run.state).misses,
  };
}

/** What is told of the bot's part where an operator takes the conversation before the bot gave it away. Pure. */
export function storyOf(
  set: ScriptSet,
  known: Pick<RunnerTurn, 'state' | 'home' | 'evidence' | 'now'>,
): Omit<HandoffDecision, 'type' | 'reason'> {
  const run = beginRun(set, { ...known, happening: { what: 'result' }, actions: [], seed: 0, seq: 0 });
  const { type: _type, reason: _reason, ...story } = handoffOf(run, { reason: 'taken-over' }, undefined);
  return story;
}

/** What the handoff is about: the script that asked for it, unless that only calls people; else what is or was open. */
function requestOf(run: Run, frame: Frame | undefined): Request | undefined {
  const own = frame && !frame.inner && scriptOf(run, frame)?.at_once === false ? frame : undefined;
  const open = own ?? [...run.state.frames].reverse().find((it) => !it.inner);
  const { last, later } = run.state;
  // What is done is told by the steps; as a wish it would be carried out twice.
  return open ?? later[0] ?? (last && last.outcome !== 'done' ? last : undefined);
}

function slotsOf(
  run: Run,
  script: Script,
  filled: Readonly<Record<string, string>>,
): HandoffDecision['slots'] {
  return Object.entries(script.slots).flatMap(([name, slot]) => {
    const value = filled[name];
    if (value === undefined || slot.secret) return [];
    return [{ name, title: plain(run, slot.title), value: showSlot(slot, value, run) }];
  });
}
