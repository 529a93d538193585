import { parseArgs } from 'node:util';
import { checkScripts } from './check.ts';
import { type CommandIo, counted, readArguments, refuseUsage } from './command.ts';
import { describeProblem } from './problem.ts';

interface LintWiring {
  /** The folder of the shipped scripts. */
  readonly scripts: string;
  /** The intents that the shipped model knows. */
  readonly intents: () => readonly string[];
}

const LINT_USAGE = `okno script lint [DIR] [--json]

Checks the scripts of a folder (default: the shipped ones): their shape, names that lead nowhere, missing texts,
steps that nothing reaches, loops without input, and calls that need a confirmation.
  --json   one JSON line: {"ok","errors":[{"file","line","path","message"}],"warnings":[…]}
`;

/** Runs `okno script lint`: 0 without errors, 1 with them, 2 for bad usage. Warnings do not count. */
export async function lintCommand(
  argv: readonly string[],
  io: CommandIo,
  wiring: LintWiring,
): Promise<number> {
  const parsed = readArguments(() => parse(argv), io, LINT_USAGE);
  if (typeof parsed === 'number') return parsed;
  if (parsed.positionals.length > 1) return refuseUsage('one folder at a time', io, LINT_USAGE);
  const { set, problems } = await checkScripts(parsed.positionals[0] ?? wiring.scripts, wiring.intents());
  const of = (severity: string) => problems.filter((problem) => problem.severity === severity);
  const ok = set !== undefined;
  if (parsed.values.json) {
    const bare = (list: typeof problems) => list.map(({ severity: _, ...problem }) => problem);
    io.stdout.write(`${JSON.stringify({ ok, errors: bare(of('error')), warnings: bare(of('warning')) })}\n`);
  } else {
    for (const problem of problems) {
      io.stdout.write(`${problem.severity === 'warning' ? 'warning: ' : ''}${describeProblem(problem)}\n`);
    }
    const count = set ? `${counted(set.scripts.size, 'script')}, ` : '';
    io.stdout.write(
      `${count}${counted(of('error').length, 'error')}, ${counted(of('warning').length, 'warning')}\n`,
    );
  }
  return ok ? 0 : 1;
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
}
