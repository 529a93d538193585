import type { Evidence, Locale } from '../gateway/model/contact.ts';
import type { Choice, TemplateUse } from '../gateway/model/content.ts';
import type { TrailEntry } from '../gateway/model/events.ts';
import type { ActionDecision } from '../gateway/model/turn.ts';
import { type Form, fillsOf } from './fill.ts';
import type { Heard } from './heard.ts';
import type { ScriptSet } from './load.ts';
import { render } from './render.ts';
import type { Choices, CommonTexts, Script, ScriptChoice, Text } from './script.ts';
import type { Frame, State } from './state.ts';

/** The slot name of a question that is answered by yes or no before something is done. */
export const CONFIRM = 'confirm';

/** Something to say: one message. */
export interface Said {
  text: string;
  readonly choices: Choice[];
  /** The slot that it asks for, or `confirm`. */
  readonly asks?: string;
  /** An open question, which a later one of the same turn replaces. */
  readonly question: boolean;
  /** It asks for a code of so many digits. */
  readonly digits?: number | undefined;
  /** `move`: it tells the code that the hub makes for it; `rating`: the hub adds the choices from 1 to 5. */
  readonly is?: 'move' | 'rating';
  readonly template?: TemplateUse;
}

/** One turn being decided. The steps write into it; nothing of it outlives the turn but `state`. */
export interface Run {
  readonly set: ScriptSet;
  readonly now: Date;
  readonly seed: number;
  /** Number of the turn's event: makes the words of calls and timers unique. */
  readonly seq: number;
  readonly evidence: Evidence;
  readonly currency: string;
  locale: Locale;
  /** Intents that the message may have had, best first. */
  likely: readonly string[];
  /** Of these, the ones that were nearly believed. */
  readonly near: readonly string[];
  /** The message, where the turn is one. */
  readonly heard: Heard | undefined;
  readonly state: State;
  readonly said: Said[];
  readonly trail: TrailEntry[];
  readonly calls: ActionDecision[];
  readonly timers: { readonly timer: string; readonly afterMs: number }[];
  handoff?: { readonly reason: string; readonly frame?: Frame };
  /** Put before the next question. */
  lead: string[];
  /** A word on what was corrected or noted; a confirmation lists everything as it is now and goes without it. */
  noted: string;
  /** Title of the script that was closed in this turn. */
  closed?: string;
  /** A script came to its end in this turn. */
  ended: boolean;
}

/** Where a step leads. */
export type Move =
  | { readonly to: 'next' }
  | { readonly to: 'step'; readonly id: string }
  /** Waits for the client, a result or a timer. */
  | { readonly to: 'park' }
  /** Another script was put on top; this step is run again after it. */
  | { readonly to: 'inner' }
  | { readonly to: 'end'; readonly outcome: string };

/** After a step: where it says, else the next one. */
export function onward(go: string | undefined): Move {
  return go === undefined ? { to: 'next' } : { to: 'step', id: go };
}

/** What a message is read for, where nothing of the script is filled yet. */
export function emptyForm(run: Run, slots: Script['slots']): Form {
  return { slots, filled: {}, said: [], currency: run.currency, carried: run.state.carried };
}

export function scriptOf(run: Run, frame: Frame): Script | undefined {
  return run.set.scripts.get(frame.script);
}

export function topOf(run: Run): Frame | undefined {
  return run.state.frames.at(-1);
}

/** A text of a script, filled with what this frame knows. */
export function say(
  run: Run,
  frame: Frame | undefined,
  text: Text,
  more: Readonly<Record<string, string>> = {},
): string {
  const script = frame && scriptOf(run, frame);
  return render(text, {
    locale: run.locale,
    seed: run.seed,
    currency: run.currency,
    slots: frame?.slots ?? {},
    definitions: script?.slots ?? {},
    others: { ...frame?.results, closed: run.closed, title: script ? plain(run, script.title) : '', ...more },
  });
}

/** One of the runner's own texts. */
export function sayCommon(
  run: Run,
  name: keyof CommonTexts,
  frame?: Frame,
  more: Readonly<Record<string, string>> = {},
): string {
  return say(run, frame, run.set.common.texts[name], more);
}

export function plain(run: Run, text: Text): string {
  return say(run, undefined, text);
}

export function tell(run: Run, text: string, choices: Choice[] = [], template?: TemplateUse): void {
  if (text) run.said.push({ text, choices, question: false, ...(template && { template }) });
}

/** Puts a question; what was to be said before it goes into the same message. */
export function put(run: Run, text: string, choices: Choice[], asks?: string, digits?: number): void {
  const whole = [...run.lead, asks === CONFIRM ? '' : run.noted, text].filter(Boolean).join(' ');
  run.lead = [];
  run.noted = '';
  run.said.push({ text: whole, choices, question: true, digits, ...(asks === undefined ? {} : { asks }) });
}

export function enter(run: Run, frame: Frame): void {
  run.trail.push({ script: frame.script, step: frame.step, what: 'entered' });
}

export function leave(run: Run, frame: Frame, outcome?: string): void {
  run.trail.push({ script: frame.script, step: frame.step, what: 'left', ...(outcome ? { outcome } : {}) });
}

const MAX_LIKELY = 3;

/** The quick replies that a step names; those of a question carry its number, so that an old button is known. */
export function choicesOf(
  run: Run,
  frame: Frame | undefined,
  choices: Choices | undefined,
  asked?: string,
): Choice[] {
  if (!choices) return [];
  if (choices === 'likely') return [...requestChoices(run, run.likely), peopleChoice(run)];
  if (choices === 'near') return requestChoices(run, run.near);
  if (choices === 'values') {
    const values = (frame && asked && scriptOf(run, frame)?.slots[asked]?.values) || {};
    return Object.entries(values).map(([value, { title }]) => ({
      id: answerId(run, value),
      text: label(plain(run, title)),
    }));
  }
  return choices.map((choice, at) => scriptChoice(run, choice, at));
}

function scriptChoice(run: Run, { go, link, share, text }: ScriptChoice, at: number): Choice {
  if (go !== undefined) return goChoice(run, go, text);
  const shown = text ? label(plain(run, text)) : '';
  if (link !== undefined) return { kind: 'link', id: `link.${at}`, text: shown, url: link };
  if (share === undefined) throw new Error('a choice that does nothing passed the check');
  return { kind: share, id: `share.${at}`, text: shown };
}

/** A quick reply that starts a script, at any time. */
export function goChoice(run: Run, name: string, text?: Text): Choice {
  const title = text ?? run.set.scripts.get(name)?.title;
  return { id: `go.${name}`, text: title ? label(plain(run, title)) : name };
}

export function answerId(run: Run, value: string): string {
  return `q${run.state.question}.${value}`;
}

export function yesNoChoices(run: Run): Choice[] {
  return [
    { id: answerId(run, 'yes'), text: sayCommon(run, 'yes') },
    { id: answerId(run, 'no'), text: sayCommon(run, 'no') },
  ];
}

/** The requests that a message may have meant, at most three. */
export function requestsOf(run: Run, intents: readonly string[]): Script[] {
  const scripts = intents.flatMap((intent) => {
    const script = scriptByIntent(run.set, intent);
    return script && !script.small_talk && !script.at_once && !script.closes ? [script] : [];
  });
  return [...new Set(scripts)].slice(0, MAX_LIKELY);
}

/** Their quick replies. What the message said for each is kept, so that a click goes on with it. */
function requestChoices(run: Run, intents: readonly string[]): Choice[] {
  const { heard } = run;
  return requestsOf(run, intents).map(({ script, slots }) => {
    const values = heard ? fillsOf(emptyForm(run, slots), heard).values : {};
    if (Object.keys(values).length > 0) run.state.unsure[script] = { ...values };
    return goChoice(run, script);
  });
}

/** The quick reply that calls a person. */
export function peopleChoice(run: Run): Choice {
  return { ...goChoice(run, run.set.common.people), text: sayCommon(run, 'operator') };
}

export function scriptByIntent(set: ScriptSet, intent: string): Script | undefined {
  return [...set.scripts.values()].find((script) => script.when.intents.includes(intent));
}

/** Labels begin with a capital, wherever the title came from. */
function label(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
