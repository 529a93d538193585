import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Client } from '../bots/talk.ts';
import type { Call } from './sgd.ts';

/** A dialogue of our own: what a client wants, how they say it, and what the bank should be asked to do. */
const dialogue = z.strictObject({
  id: z.string(),
  says: z.array(z.string()).min(1),
  answers: z.record(z.string(), z.array(z.coerce.string()).min(1)).default({}),
  calls: z.array(z.string()),
  handoff: z.string().optional(),
});
export type OwnDialogue = z.infer<typeof dialogue>;

const MAX_ANSWERS = 30;

export function readDialogues(url: URL): OwnDialogue[] {
  return z.array(dialogue).parse(parse(readFileSync(url, 'utf8')));
}

/** «transfer_money account_type=checking recipient_name=Анна Петрова» as a call. */
export function callOf(line: string): Call {
  const [name = '', ...parts] = line.split(/ (?=[a-z_]+=)/);
  return { name, parameters: Object.fromEntries(parts.map((part) => part.split('=', 2))) };
}

/** What came of it: the calls that were made, and why people took over. */
export interface Outcome {
  readonly calls: readonly Call[];
  readonly handoff?: string;
  /** The dialogue, line by line, for whoever looks for a mistake. */
  readonly transcript: readonly string[];
}

/** Opens, answers what is asked, and says the next wish when nothing is asked. */
export async function simulate({ says, answers }: OwnDialogue, person: Client): Promise<Outcome> {
  const wishes = [...says];
  const given = new Map<string, number>();
  const transcript: string[] = [];
  let line = wishes.shift();
  for (let said = 0; line !== undefined && said < MAX_ANSWERS; said++) {
    await person.says(line);
    transcript.push(`> ${line}`, `< ${person.said}`);
    if (person.handoff) break;
    const { asks } = person;
    if (asks === undefined) line = wishes.shift();
    else {
      const lines = answers[asks] ?? (asks === 'confirm' ? ['да'] : []);
      const times = given.get(asks) ?? 0;
      given.set(asks, times + 1);
      line = lines[Math.min(times, lines.length - 1)];
    }
  }
  const reason = person.handoff?.reason;
  return { calls: person.calls, transcript, ...(reason === undefined ? {} : { handoff: reason }) };
}
