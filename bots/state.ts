import { z } from 'zod';

/** The bot's private state: one small JSON that only the runner reads. */

const MAX_VALUE = 200;
const MAX_RESULT = 1_500;
const MAX_FRAMES = 4;
const MAX_STEPS_DONE = 20;
const MAX_MISSES = 5;
/** Requests that wait until what is under way has come to its end. */
export const MAX_LATER = 5;
/** Characters of JSON; the rest of the 8 kB is for what UTF-8 adds. */
const MAX_STATE = 6_000;

const value = z.string().max(MAX_VALUE);

/** A script under way. The last frame is the one that speaks. */
const frame = z.object({
  script: z.string(),
  step: z.string(),
  slots: z.record(z.string(), value).default({}),
  /** Slots that the client has said in this script; the others were carried. */
  said: z.array(z.string()).default([]),
  results: z.record(z.string(), z.unknown()).default({}),
  /** How often each step was entered. */
  visits: z.record(z.string(), z.number()).default({}),
  /** Answers to the open question that we could not use. */
  tries: z.number().default(0),
  /** True once the open question was put. */
  asked: z.boolean().default(false),
  /** The client is being asked what to change before they confirm. */
  changing: z.boolean().default(false),
  /** The call that is under way. */
  call: z.string().optional(),
  /** The timer that is awaited. */
  timer: z.string().optional(),
  /** Started by another script's step, so it comes and goes without a word about it. */
  inner: z.boolean().default(false),
});
export type Frame = z.infer<typeof frame>;

const request = z.object({ script: z.string(), slots: z.record(z.string(), value) });
export type Request = z.infer<typeof request>;

const state = z.object({
  v: z.literal(1),
  language: z.enum(['ru', 'en']).optional(),
  /** In which currency the client's accounts are, as far as we know. */
  currency: z.string().optional(),
  frames: z.array(frame).max(MAX_FRAMES),
  carried: z.record(z.string(), value),
  /** Number of the last question; a button of an older one is recognised by it. */
  question: z.number().int(),
  /** Texts that we did not understand, one after another. */
  misses: z.array(z.string()),
  /** What was asked for meanwhile and waits for the end of what is open, oldest first; once it was one at most. */
  later: z.union([z.array(request), request.transform((one) => [one])]).default([]),
  /** Scripts that the last message offered. */
  offered: z.array(z.string()),
  /** The last script that came to its end, with its slots, and how often it did so in a row. */
  last: request.extend({ times: z.number().int(), outcome: z.string() }).optional(),
  done: z.array(z.object({ script: z.string(), step: z.string(), outcome: z.string().optional() })),
  /** How it was has been asked; once is enough. */
  asked_rating: z.boolean().default(false),
  /** How many of the client's messages were angry since a person was last offered for it. */
  angry: z.number().default(0),
  /** Values of the message that was not sure, for the scripts that were offered for it. */
  unsure: z.record(z.string(), z.record(z.string(), value)).default({}),
  /** When the bot last spoke, ISO 8601. */
  at: z.string().optional(),
});
export type State = z.infer<typeof state>;

function freshState(): State {
  return {
    v: 1,
    frames: [],
    carried: {},
    question: 0,
    misses: [],
    later: [],
    offered: [],
    done: [],
    asked_rating: false,
    angry: 0,
    unsure: {},
  };
}

/** The state of a stored JSON; anything of another shape is a fresh start. Never throws. What it returns may be
 * changed: the checker makes new objects, and results are never changed within. */
export function parseState(stored: unknown): State {
  const parsed = state.safeParse(stored);
  return parsed.success ? parsed.data : freshState();
}

/**
 * The state with what conversations knew that go on in this one. What is open there goes on where nothing is open here;
 * what was said here is newer. `ends`: scripts that do not go along.
 */
export function withCarried(
  state: State,
  carried: readonly unknown[],
  ends: (script: string) => boolean = () => false,
): State {
  let here = state;
  for (const stored of carried) {
    const there = parseState(stored);
    here = {
      ...here,
      language: here.language ?? there.language,
      currency: here.currency ?? there.currency,
      frames: here.frames.length > 0 ? here.frames : there.frames.filter(({ script }) => !ends(script)),
      carried: { ...there.carried, ...here.carried },
      question: Math.max(here.question, there.question),
      asked_rating: here.asked_rating || there.asked_rating,
      last: here.last ?? there.last,
      later: [...there.later, ...here.later],
      done: [...there.done, ...here.done],
    };
  }
  return here;
}

/** The state as it is stored: under 8 kB whatever was said. What is least needed goes first. */
export function fitState(full: State): State {
  const fitted: State = {
    ...full,
    frames: full.frames.slice(-MAX_FRAMES),
    later: full.later.slice(0, MAX_LATER),
    misses: full.misses.slice(-MAX_MISSES).map((miss) => shorten(miss, MAX_VALUE)),
    done: full.done.slice(-MAX_STEPS_DONE),
  };
  if (sizeOf(fitted) <= MAX_STATE) return fitted;
  fitted.done = fitted.done.slice(-5);
  if (sizeOf(fitted) > MAX_STATE) {
    fitted.frames = fitted.frames.map((it) => (it.call ? it : { ...it, results: {} }));
  }
  while (sizeOf(fitted) > MAX_STATE && fitted.frames.length > 1) fitted.frames = fitted.frames.slice(1);
  return sizeOf(fitted) > MAX_STATE
    ? { ...freshState(), language: full.language, currency: full.currency }
    : fitted;
}

/** A value as a slot keeps it: one line, at most 200 characters, none of them broken or for control. */
export function slotText(said: string): string {
  return shorten(said.replace(/\s+/g, ' ').trim(), MAX_VALUE);
}

/** A result as the state keeps it; one too large is left out. */
export function fitResult(result: unknown): unknown {
  const json = JSON.stringify(result) ?? 'null';
  return json.length <= MAX_RESULT ? JSON.parse(json) : null;
}

function shorten(said: string, length: number): string {
  return said.slice(0, length).replace(/\p{Cc}|\p{Cs}/gu, ' ');
}

function sizeOf(it: State): number {
  return JSON.stringify(it).length;
}
