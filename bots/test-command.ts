import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkScripts } from './check.ts';
import { type CommandIo, readArguments } from './command.ts';
import { type Dialogue, differencesOf, playDialogue, readDialogues } from './dialogue.ts';
import type { Understand } from './heard.ts';
import type { ScriptSet } from './load.ts';
import type { MemoryConversation } from './memory.ts';
import { describeProblem, type Problem } from './problem.ts';

/** What the test is wired with; bots knows neither handoff nor the demo bank. */
interface TestWiring {
  /** The folder of the shipped scripts. */
  readonly scripts: string;
  /** Loads a model file; the shipped one without a path. Rejects with a text for people. */
  readonly understanding: (model: string | undefined) => Promise<Understand>;
  /** A conversation of another client with the demo bank. */
  readonly begin: (dialogue: Dialogue, set: ScriptSet, understand: Understand) => MemoryConversation;
}

const TEST_USAGE = `okno script test [FILE…] [--scripts DIR] [--model MODEL] [--json]

Plays dialogues with the bot and the demo bank in this process, and says of each whether all came as it says: calls,
handoff and words. Without files: those in the folder \`dialogues\` of the scripts. docs/writing-scripts.md has their form.
  --scripts DIR   scripts of your own (default: the shipped ones)
  --model MODEL   a model made by "okno nlu train" (default: the shipped one)
  --json          one JSON a line: {"file","id","ok","differences":[…],"transcript":[…]}, then {"ok","passed","failed"}
`;

/** Runs `okno script test`: 0 where all came so, 1 where not or where a file is wrong, 2 for bad usage. */
export async function testCommand(
  argv: readonly string[],
  io: CommandIo,
  wiring: TestWiring,
): Promise<number> {
  const parsed = readArguments(() => parse(argv), io, TEST_USAGE);
  if (typeof parsed === 'number') return parsed;
  const { json, model, scripts = wiring.scripts } = parsed.values;
  const { set, problems } = await checkScripts(scripts);
  if (!set) return refuse(io, problems);
  const files =
    parsed.positionals.length > 0 ? parsed.positionals : await filesIn(join(scripts, 'dialogues'));
  if (files.length === 0) {
    io.stderr.write(`there are no dialogues in ${join(scripts, 'dialogues')}; write one, or name a file\n`);
    return 1;
  }
  const read = await Promise.all(files.map(async (file) => ({ file, ...(await readDialogues(file)) })));
  const wrong = read.flatMap((it) => it.problems);
  if (wrong.length > 0) return refuse(io, wrong);
  const understand = await wiring.understanding(model);
  let failed = 0;
  const all = read.flatMap(({ file, dialogues }) => dialogues.map((dialogue) => ({ file, dialogue })));
  for (const { file, dialogue } of all) {
    const chat = wiring.begin(dialogue, set, understand);
    const outcome = await playDialogue(dialogue, async (text) => chat.say([{ kind: 'text', text }]));
    const differences = differencesOf(dialogue, outcome);
    if (differences.length > 0) failed++;
    io.stdout.write(
      json
        ? inJson(file, dialogue, differences, outcome.transcript)
        : inWords(dialogue, differences, outcome.transcript),
    );
  }
  const passed = all.length - failed;
  io.stdout.write(
    json
      ? `${JSON.stringify({ ok: failed === 0, passed, failed })}\n`
      : `${passed} of ${all.length} dialogues came as they should\n`,
  );
  return failed === 0 ? 0 : 1;
}

function inJson(
  file: string,
  { id }: Dialogue,
  differences: readonly string[],
  transcript: readonly string[],
): string {
  return `${JSON.stringify({ file, id, ok: differences.length === 0, differences, transcript })}\n`;
}

function inWords({ id }: Dialogue, differences: readonly string[], transcript: readonly string[]): string {
  if (differences.length === 0) return `pass  ${id}\n`;
  const indented = transcript.map((line) => `    ${line.replaceAll('\n', '\n      ')}\n`);
  return `FAIL  ${id}\n${differences.map((line) => `  ${line}\n`).join('')}${indented.join('')}`;
}

function refuse(io: CommandIo, problems: readonly Problem[]): number {
  for (const problem of problems) io.stderr.write(`${describeProblem(problem)}\n`);
  return 1;
}

/** The `.yaml` files of a folder, in the order of their names; none where it is not there. */
async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function parse(argv: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { scripts: { type: 'string' }, model: { type: 'string' }, json: flag, help: flag },
  });
}
