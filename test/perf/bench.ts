import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../config/version.ts';
import { type Figure, holds, table } from './driver/figures.ts';
import { growth } from './parts/growth.ts';
import { latency } from './parts/latency.ts';
import { overload } from './parts/overload.ts';
import type { Part } from './parts/part.ts';
import { soak } from './parts/soak.ts';
import { sockets } from './parts/sockets.ts';
import { start } from './parts/start.ts';
import { stuck } from './parts/stuck.ts';
import { turns } from './parts/turns.ts';
import { arePeersInstalled, installPeers } from './subjects/peers.ts';

/** In the order in which they run; the soak takes ten minutes and runs only where it is asked for. */
const PARTS: Readonly<Record<string, Part>> = {
  turns,
  latency,
  sockets,
  start,
  growth,
  stuck,
  overload,
  soak,
};

const USAGE = `npm run bench -- [PART …] [--peers] [--passes 5] [--seconds N] [--long] [--json FILE]
PART: ${Object.keys(PARTS).join(', ')}; all but soak unless told.
--peers    measure Botkit, RedBot and nlp.js beside the hub; installs them under test/perf/peers
--passes   interleaved passes; a figure is their median
--seconds  length of a pass, or of the soak
--long     also ten million stored messages
--json     write the figures there`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'boolean', default: false },
    passes: { type: 'string', default: '5' },
    seconds: { type: 'string' },
    long: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const chosen = positionals.length > 0 ? positionals : Object.keys(PARTS).filter((name) => name !== 'soak');
const unknown = chosen.filter((name) => !PARTS[name]);
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no part ${unknown.join(', ')}.\n${USAGE}` : USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}

// Before anything is timed.
if (spawnSync(process.execPath, [join(ROOT, 'config/build.mjs')], { stdio: 'inherit' }).status !== 0)
  process.exit(1);
if (values.peers && !arePeersInstalled()) installPeers();
const figures: Figure[] = [];
for (const name of chosen) {
  console.error(`${name} …`);
  const measured = await PARTS[name]?.({
    peers: values.peers,
    passes: Number(values.passes),
    seconds: values.seconds === undefined ? undefined : Number(values.seconds),
    long: values.long,
    say: (line) => console.log(`${line}\n`),
  });
  figures.push(...(measured ?? []));
}
console.log(table(figures));
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
if (!figures.every(holds)) process.exitCode = 1;
