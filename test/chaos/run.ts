import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../config/version.ts';
import { handoffs } from './handoffs.ts';
import { MUTANTS, makeMutant, removeMutant } from './mutants.ts';
import { pause } from './pause.ts';
import { describe, type Report } from './report.ts';
import { storm } from './storm.ts';

const PARTS = ['storm', 'handoffs', 'pause', 'mutants'] as const;
const USAGE = `npm run chaos -- [${PARTS.join(' ')}] [--nodes 1,2,4] [--messages 20000] [--kills 20] [--seed 1] [--mutant NAME] [--json]
All parts unless told. Exits with 1 where something was lost, doubled or reordered, or where a mutant was not noticed.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '1,2,4' },
    messages: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    mutant: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const chosen: readonly string[] = positionals.length > 0 ? positionals : PARTS;
const unknown = chosen.filter((part) => !PARTS.some((known) => known === part));
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no part ${unknown.join(', ')}.\n${USAGE}` : USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const seed = Number(values.seed);
const messages = Number(values.messages);
const nodes = values.nodes.split(',').map(Number);
const several = nodes.filter((count) => count > 1);
if (spawnSync(process.execPath, [join(ROOT, 'config/build.mjs')], { stdio: 'inherit' }).status !== 0)
  process.exit(1);

if (chosen.includes('storm'))
  for (const count of nodes) tell(await storm({ nodes: count, messages, kills: Number(values.kills), seed }));
if (chosen.includes('handoffs'))
  for (const count of nodes) tell(await handoffs({ nodes: count, chats: 24, seed }));
if (chosen.includes('pause') && several.length > 0)
  tell(await pause({ messages: Math.min(messages, 4_000), seed }));
if (chosen.includes('mutants')) {
  for (const mutant of MUTANTS.filter(({ name }) => name.includes(values.mutant))) {
    const program = makeMutant(mutant);
    const { faults } = await mutant.run(program, seed);
    removeMutant(program);
    const shown = faults.find((fault) => mutant.shows.test(fault));
    const isNoticed = shown !== undefined;
    const others = faults.length > 0 ? `, only: ${faults.slice(0, 3).join('; ')}` : '';
    console.log(`mutant "${mutant.name}": ${isNoticed ? `noticed (${shown})` : `NOT NOTICED${others}`}`);
    if (!isNoticed) process.exitCode = 1;
  }
}

function tell(made: Report): void {
  console.log(values.json ? JSON.stringify(made) : describe(made));
  if (made.faults.length > 0) process.exitCode = 1;
}
