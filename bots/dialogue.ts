import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Locale } from '../gateway/model/contact.ts';
import { readText } from '../nlu/read-file.ts';
import { faultsOf } from './faults.ts';
import type { Shown } from './memory.ts';
import { type Problem, pathText } from './problem.ts';

const line = z.coerce.string().min(1);

/** What a client wants, how they say it, and what should come of it; docs/writing-scripts.md explains each key. */
const dialogue = z.strictObject({
  id: z.string().min(1),
  locale: z.enum(['ru', 'en']).default('ru'),
  evidence: z.enum(['claimed', 'code-confirmed', 'bank-authenticated']).default('bank-authenticated'),
  /** The first wish, and another one each time that the bot asks nothing. */
  says: z.array(line).min(1),
  /** By the slot that the bot asks for: the first time, the second time…; the last one again after that. */
  answers: z.record(z.string(), z.array(line).min(1)).default({}),
  /** All that the bank is asked to do, in any order: `transfer_money amount=50.00 recipient_name=Ann`. */
  calls: z.array(z.string()).default([]),
  /** Why people take over; without it, they should not. */
  handoff: z.string().optional(),
  /** What stands in the bot's words, in this order. */
  hears: z.array(line).default([]),
});
export type Dialogue = z.infer<typeof dialogue>;

/** What came of it: the calls as lines, the bot's words, and why people took over. */
export interface Outcome {
  readonly calls: readonly string[];
  readonly said: readonly string[];
  readonly handoff?: string;
  /** Line by line, for whoever looks for a mistake. */
  readonly transcript: readonly string[];
}

/** A client who would go on for ever is stopped. */
const MAX_LINES = 30;
const YES: Readonly<Record<Locale, string>> = { ru: 'да', en: 'yes' };

/** The dialogues of a file. Rejects where it cannot be read; what is wrong in it is told with its place. */
export async function readDialogues(
  path: string,
): Promise<{ readonly dialogues: readonly Dialogue[]; readonly problems: readonly Problem[] }> {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const problem = (at: number, where: readonly PropertyKey[], message: string): Problem => ({
    file: basename(path),
    line: lines.linePos(at).line,
    path: pathText(where),
    message,
    severity: 'error',
  });
  if (document.errors.length > 0)
    return {
      dialogues: [],
      problems: document.errors.map((it) => problem(it.pos[0], [], `not YAML: ${it.message}`)),
    };
  const parsed = z
    .array(dialogue)
    .min(1)
    .safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return { dialogues: parsed.data, problems: [] };
  const placeOf = ([index]: readonly PropertyKey[]) => {
    const node = index === undefined ? document.contents : document.getIn([index], true);
    return z.looseObject({ range: z.tuple([z.number()], z.number()) }).safeParse(node).data?.range[0] ?? 0;
  };
  const problems = faultsOf(parsed.error).map(({ path: at, message }) => problem(placeOf(at), at, message));
  return { dialogues: [], problems };
}

/** Plays a dialogue: opens, answers what is asked, and says the next wish when nothing is asked. */
export async function playDialogue(
  { says, answers, locale }: Dialogue,
  say: (text: string) => Promise<readonly Shown[]>,
): Promise<Outcome> {
  const wishes = [...says];
  const given = new Map<string, number>();
  const calls: string[] = [];
  const said: string[] = [];
  const transcript: string[] = [];
  let next = wishes.shift();
  for (let turn = 0; next !== undefined && turn < MAX_LINES; turn++) {
    const shown = await say(next);
    const texts = shown.flatMap((it) => (it.type === 'message' ? [it.text] : []));
    const made = shown.flatMap((it) => (it.type === 'action' ? [callText(it.name, it.parameters)] : []));
    transcript.push(`> ${next}`, ...made.map((call) => `· ${call}`), ...texts.map((text) => `< ${text}`));
    said.push(...texts);
    calls.push(...made);
    const handoff = shown.find((it) => it.type === 'handoff')?.reason;
    if (handoff !== undefined) return { calls, said, transcript, handoff };
    const asked = shown.findLast((it) => it.type === 'message')?.asks;
    if (asked === undefined) next = wishes.shift();
    else {
      const lines = answers[asked] ?? (asked === 'confirm' ? [YES[locale]] : []);
      const times = given.get(asked) ?? 0;
      given.set(asked, times + 1);
      next = lines[Math.min(times, lines.length - 1)];
    }
  }
  return { calls, said, transcript };
}

/** What came otherwise than the dialogue says, a line each; none where all is as it should be. */
export function differencesOf(wanted: Dialogue, { calls, said, handoff }: Outcome): readonly string[] {
  const sorted = (lines: readonly string[]) => lines.map(sameCall).sort().join('\n');
  const differences: string[] = [];
  if (sorted(calls) !== sorted(wanted.calls))
    differences.push(`calls ${listed(calls)} instead of ${listed(wanted.calls)}`);
  if (handoff !== wanted.handoff)
    differences.push(`handoff ${handoff ?? 'none'} instead of ${wanted.handoff ?? 'none'}`);
  let from = 0;
  for (const words of wanted.hears) {
    const at = said.findIndex((text, index) => index >= from && plain(text).includes(plain(words)));
    if (at < 0)
      differences.push(`the bot does not say “${words}”${from > 0 ? ' after what was heard before' : ''}`);
    else from = at;
  }
  return differences;
}

function callText(name: string, parameters: Readonly<Record<string, unknown>>): string {
  return [name, ...Object.entries(parameters).map(([key, value]) => `${key}=${String(value)}`)].join(' ');
}

/** A call whatever the order of its parameters, the case of its values, and the zeros behind a sum. */
function sameCall(call: string): string {
  const [name = '', ...parameters] = call.split(/ (?=[a-z_]+=)/);
  const values = parameters.map((one) => one.toLowerCase().replace(/(=\d+)(?:\.0+)?$/, '$1'));
  return [name, ...values.sort()].join(' ');
}

/** Numbers are set with spaces that do not break; nobody writes those into a file. */
function plain(text: string): string {
  return text.replace(/\s/gu, ' ').toLowerCase();
}

function listed(calls: readonly string[]): string {
  return calls.length === 0 ? 'none' : calls.map((call) => `“${call}”`).join(', ');
}
