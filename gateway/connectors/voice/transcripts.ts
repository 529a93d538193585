import { z } from 'zod';

/** One utterance of a finished call. */
export interface Utterance {
  /** From the call's beginning. */
  readonly startMs: number;
  readonly speaker?: string | undefined;
  readonly text: string;
}

export interface Transcript {
  readonly call: string;
  readonly from?: string | undefined;
  readonly startedAt?: Date | undefined;
  /** Where the source states how it made sure who called. */
  readonly authenticated?: { readonly customer: string; readonly how: string } | undefined;
  readonly utterances: readonly Utterance[];
}

/** A transcript, or what is wrong with it: value, place and fix. */
export type ReadTranscript = { readonly ok: Transcript } | { readonly problem: string };

const MAX_UTTERANCES = 5_000;
const callId = z.string().regex(/^[\w.:@-]{1,128}$/);

const json = z.object({
  call: callId,
  from: z.string().max(64).optional(),
  startedAt: z.iso.datetime({ offset: true }).optional(),
  authenticated: z
    .object({ customer: z.string().min(1).max(128), how: z.string().min(1).max(64) })
    .optional(),
  segments: z
    .array(
      z.object({
        start: z.number().nonnegative().default(0),
        speaker: z.string().max(64).optional(),
        text: z.string().max(20_000),
      }),
    )
    .min(1)
    .max(MAX_UTTERANCES),
});

/** Reads JSON; `start` in seconds. */
export function readJson(body: string): ReadTranscript {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { problem: 'the body is not JSON; send {"call","segments":[{"start","speaker","text"}]}' };
  }
  const parsed = json.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: `${issue?.path.join('.') || 'the body'}: ${issue?.message}` };
  }
  const { segments, startedAt, ...rest } = parsed.data;
  return {
    ok: {
      ...rest,
      startedAt: startedAt === undefined ? undefined : new Date(startedAt),
      utterances: inOrder(
        segments.map(({ start, speaker, text }) => ({ startMs: start * 1_000, speaker, text })),
      ),
    },
  };
}

const CUE = /^(?:(\d+):)?(\d{2}):(\d{2})[.,](\d{3})\s+-->\s+/;

/**
 * Reads WebVTT (https://www.w3.org/TR/webvtt1/) or SubRip: blocks with a line of times, then the words. A voice span
 * `<v Name>`, or `Name:` before the words, says who speaks.
 */
export function readCues(body: string, query: URLSearchParams): ReadTranscript {
  const call = callId.safeParse(query.get('call'));
  if (!call.success)
    return { problem: '?call= is missing or no id; name the call by letters, digits, _ . : @ -' };
  const utterances = body
    .replace(/^\ufeff/, '')
    .split(/\r?\n(?:[ \t]*\r?\n)+/)
    .flatMap((block) => utteranceOf(block.split(/\r?\n/)) ?? []);
  if (utterances.length === 0)
    return { problem: 'no cue was found; a cue is a line "00:00:01.000 --> 00:00:02.000" and its words' };
  if (utterances.length > MAX_UTTERANCES)
    return { problem: `${utterances.length} cues; at most ${MAX_UTTERANCES} are taken` };
  const [customer, how] = [query.get('customer'), query.get('how')];
  return {
    ok: {
      call: call.data,
      from: query.get('from') ?? undefined,
      authenticated: customer && how ? { customer, how } : undefined,
      utterances: inOrder(utterances),
    },
  };
}

function utteranceOf(lines: readonly string[]): Utterance | undefined {
  const at = lines.findIndex((line) => CUE.test(line));
  const times = CUE.exec(lines[at] ?? '');
  if (!times) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0', milliseconds = '0'] = times;
  const startMs =
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(milliseconds);
  const words = lines.slice(at + 1).join(' ');
  const voice = /<v(?:\.[^\s>]*)?\s+([^>]+)>/.exec(words)?.[1];
  const plain = words.replace(/<[^>]*>/g, '').trim();
  const named = voice === undefined ? /^([\p{L} ]{2,32}):\s+(.+)$/su.exec(plain) : null;
  return { startMs, speaker: voice?.trim() ?? named?.[1], text: named?.[2] ?? plain };
}

/** Equal utterances at one time are one, in whatever order they came. */
function inOrder(utterances: readonly Utterance[]): readonly Utterance[] {
  const unique = new Map(
    utterances.map((one) => [JSON.stringify([one.startMs, one.speaker, one.text]), one]),
  );
  return [...unique.values()].sort((one, other) => one.startMs - other.startMs);
}

/** The transcript as people read it, a line an utterance. */
export function transcriptText(utterances: readonly Utterance[]): string {
  return utterances
    .filter(({ text }) => text.trim() !== '')
    .map(({ startMs, speaker, text }) => `${clock(startMs)} ${speaker ? `${speaker}: ` : ''}${text.trim()}`)
    .join('\n');
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
