import { parseArgs } from 'node:util';
import { describe } from './report.ts';
import { storm } from './storm.ts';

const USAGE = `npm run chaos -- [--nodes 1,2,4] [--messages 20000] [--kills 20] [--seed 1] [--json]`;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1,2,4' },
    messages: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
for (const nodes of values.nodes.split(',').map(Number)) {
  const made = await storm({
    nodes,
    messages: Number(values.messages),
    kills: Number(values.kills),
    seed: Number(values.seed),
  });
  console.log(values.json ? JSON.stringify(made) : describe(made));
  if (made.faults.length > 0) process.exitCode = 1;
}
