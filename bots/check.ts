import { whyUnreadable } from '../nlu/read-file.ts';
import { lintScripts } from './lint.ts';
import { type Parsed, parseScripts, readScriptFiles } from './load.ts';
import { describeProblem } from './problem.ts';

/** Reads and checks a scripts folder; a set comes only without errors, warnings may come beside it. */
export async function checkScripts(folder: string, intents?: readonly string[]): Promise<Parsed> {
  let files: Awaited<ReturnType<typeof readScriptFiles>>;
  try {
    files = await readScriptFiles(folder);
  } catch (error) {
    const message = `${whyUnreadable(error)}; name an existing folder`;
    return { problems: [{ file: folder, line: 1, path: '', message, severity: 'error' }] };
  }
  if (files.length === 0) {
    return {
      problems: [
        { file: folder, line: 1, path: '', message: 'no .yaml file is in this folder', severity: 'error' },
      ],
    };
  }
  const parsed = parseScripts(files);
  if (!parsed.set) return parsed;
  const problems = lintScripts(parsed.set, intents);
  return problems.some((it) => it.severity === 'error') ? { problems } : { set: parsed.set, problems };
}

/** The scripts of a folder. Rejects with every error, one a line, where there are any. */
export async function loadScripts(folder: string): Promise<NonNullable<Parsed['set']>> {
  const { set, problems } = await checkScripts(folder);
  if (set) return set;
  throw new Error(`the scripts in ${folder} have errors:\n${problems.map(describeProblem).join('\n')}`);
}
