import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../config/version.ts';
import { handoffs } from './handoffs.ts';
import { pause } from './pause.ts';
import type { Report } from './report.ts';
import { storm } from './storm.ts';

/** Text of the build that is replaced; it must stand there exactly once. */
interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A hub that lacks one of the guards, and the trouble in which that shows. */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The fault by which it must be noticed. */
  readonly shows: RegExp;
  run(program: string, seed: number): Promise<Report>;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'dedupe dropped',
    shows: /doubledMessages/,
    edits: [
      {
        file: 'gateway/store/plan.js',
        from: 'const original = change.dedupe && this.#seen.get(dedupeKey(change.dedupe));',
        to: 'const original = undefined;',
      },
      {
        file: 'gateway/store/statement.js',
        from: 'insert into dedupe ($names) select * from $rows order by scope, key',
        to: 'insert into dedupe ($names) select * from $rows order by scope, key on conflict do nothing',
      },
    ],
    run: (program, seed) =>
      storm({ nodes: 1, webhook: true, messages: 300, chats: 20, kills: 0, seed, program }),
  },
  {
    name: 'attempt marked after sending',
    shows: /doubledAnswers/,
    edits: [
      // None is marked with its commit …
      {
        file: 'gateway/store/plan.js',
        from: `delivery.state = 'attempting';`,
        to: 'return;',
      },
      // … and each goes out before its mark.
      {
        file: 'gateway/attempts.js',
        from: 'const marked = await mark({ id: delivery.id, term })',
        to: `(globalThis.sent ??= new Map()).set(delivery.id, await ask(target, delivery));
            const marked = await mark({ id: delivery.id, term })`,
      },
      {
        file: 'gateway/attempts.js',
        from: 'return ask(target, marked)',
        to: 'return globalThis.sent.get(marked.id)',
      },
    ],
    run: (program, seed) =>
      storm({ nodes: 1, webhook: true, messages: 800, chats: 60, kills: 6, victims: ['hub'], seed, program }),
  },
  {
    name: 'epoch unchecked',
    shows: /after the handoff|behindTheFence/,
    edits: [
      {
        file: 'gateway/store/deliveries.js',
        from: `and (d.author_kind <> 'bot' or d.epoch >= held.fence)`,
        to: '',
      },
      {
        file: 'gateway/store/plan.js',
        from: '(epoch !== undefined && epoch !== conversation.epoch)',
        to: 'false',
      },
    ],
    run: (program, seed) => handoffs({ nodes: 1, chats: 12, seed, program }),
  },
  {
    name: 'term unchecked',
    shows: /under a term that was over/,
    edits: [
      {
        file: 'gateway/store/statement.js',
        from: 'and s.term = r.term for share of s',
        to: 'for share of s',
      },
      {
        file: 'gateway/store/plan.js',
        from: 'if (term !== undefined && term !== this.#found.terms.get(row.shard))',
        to: 'if (false)',
      },
      {
        file: 'gateway/store/plan.js',
        from: 'return term !== undefined && term === this.#found.terms.get(shard) ? term : undefined;',
        to: 'return term;',
      },
      // Nor by its own clock, nor by what it sees when it looks again.
      {
        file: 'gateway/shards.js',
        from: 'return performance.now() < this.#aliveUntilMs;',
        to: 'return true;',
      },
      { file: 'gateway/shards.js', from: 'void this.#drop([...this.#terms.keys()]);', to: '' },
      { file: 'gateway/shards.js', from: 'this.#compare(view);', to: '' },
    ],
    run: (program, seed) => pause({ messages: 600, seed, program }),
  },
];

/** Makes a copy of the build with the mutant's edits. Returns the program; throws where one cannot be made. */
export function makeMutant({ name, edits }: Mutant): string {
  const folder = join(ROOT, '.cache', `mutant ${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['gateway', 'bots', 'nlu', 'handoff', 'config'])
    cpSync(join(ROOT, 'dist', part), join(folder, part), { recursive: true });
  for (const edit of edits) {
    const path = join(folder, edit.file);
    writeFileSync(path, edited(readFileSync(path, 'utf8'), edit));
  }
  const program = join(folder, 'okno.mjs');
  writeFileSync(
    program,
    `import { main } from './config/cli.js';\nprocess.exitCode = await main(process.argv.slice(2));\n`,
  );
  return program;
}

export function removeMutant(program: string): void {
  rmSync(join(program, '..'), { recursive: true, force: true });
}

export function edited(text: string, { file, from, to }: Edit): string {
  const parts = text.split(from);
  if (parts.length !== 2) {
    throw new Error(
      `${file} of the build holds ${parts.length - 1} times what a mutant replaces: ${from.slice(0, 80)}`,
    );
  }
  return parts.join(to);
}
