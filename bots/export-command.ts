import { cp, mkdir, readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkScripts } from './check.ts';
import { type CommandIo, counted, readArguments, refuseUsage } from './command.ts';
import { describeProblem } from './problem.ts';

const EXPORT_USAGE = `okno script export DIR [--json]

Writes the scripts that the hub runs into a folder that is empty or does not exist yet, with their dialogues, to go on from
there: change them, check them with "okno script lint", "test" and "replay", and start the hub with OKNO_SCRIPTS=DIR.
  --json   one JSON line: {"folder","scripts"}
`;

/** Runs `okno script export`: 0 where they were written, 1 where not, 2 for bad usage. `scripts`: the folder of those that run. */
export async function exportCommand(
  argv: readonly string[],
  io: CommandIo,
  scripts: string,
): Promise<number> {
  const parsed = readArguments(() => parse(argv), io, EXPORT_USAGE);
  if (typeof parsed === 'number') return parsed;
  const { values, positionals } = parsed;
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) return refuseUsage('name one folder', io, EXPORT_USAGE);
  const { set, problems } = await checkScripts(scripts);
  if (!set) {
    for (const problem of problems) io.stderr.write(`${describeProblem(problem)}\n`);
    return 1;
  }
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    io.stderr.write(`${folder} is not empty; name another folder, so that nothing is written over\n`);
    return 1;
  }
  await cp(scripts, folder, { recursive: true });
  const count = set.scripts.size;
  io.stdout.write(
    values.json
      ? `${JSON.stringify({ folder, scripts: count })}\n`
      : `${counted(count, 'script')} in ${folder}\n`,
  );
  return 0;
}

function parse(argv: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  return parseArgs({ args: [...argv], allowPositionals: true, options: { json: flag, help: flag } });
}
