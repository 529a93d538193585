// Plain JavaScript: this builds everything else.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = join(ROOT, 'dist');
const CACHE = join(ROOT, '.cache');
const TOOLS = join(ROOT, 'node_modules');
const SOURCES = [
  'gateway',
  'bots',
  'nlu',
  'handoff',
  'config',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.web.json',
];
/** What is not TypeScript and is read from beside the code. */
const DATA = ['bots/scripts', 'nlu/data', 'config/demo/page', 'gateway/connectors/slack/emoji-names.txt'];
/** Ends a tool whose build was killed. */
const WITH_PARENT = new URL('./with-parent.mjs', import.meta.url).href;
const PAGES = {
  widget: 'gateway/connectors/webchat/widget/vite.config.ts',
  window: 'config/console/vite.config.ts',
};

/**
 * Builds into dist/ what is out of date; nothing where everything is fresh. Progress goes to standard error. The new
 * dist/ takes the place of the old one only when it is whole.
 */
export async function ensureBuilt() {
  if (isFresh()) return;
  await withLock(join(CACHE, 'build.lock'), async () => {
    // Another command may have built it while this one waited.
    if (!isFresh()) await build();
  });
}

function isFresh() {
  const stamp = join(DIST, '.built');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
}

async function build() {
  const wanted = fingerprint();
  const steps = ['code', ...Object.keys(PAGES)];
  console.error(`Building the code and the pages (${steps.join(', ')})…`);
  for (const name of readdirSync(CACHE)) {
    if (name.startsWith('dist-')) rmSync(join(CACHE, name), { recursive: true, force: true });
  }
  const next = join(CACHE, `dist-${process.pid}`);
  // The compiler goes on from what it made last.
  if (existsSync(join(DIST, '.tsbuildinfo'))) cpSync(DIST, next, { recursive: true });
  rmSync(join(next, '.built'), { force: true });
  // All of them to their end: what still writes must not outlive the lock.
  const results = await Promise.allSettled([
    tell(
      'code',
      run(join(TOOLS, 'typescript/bin/tsc'), [
        '-p',
        'tsconfig.json',
        '--outDir',
        next,
        '--tsBuildInfoFile',
        join(next, '.tsbuildinfo'),
      ]),
    ),
    ...Object.entries(PAGES).map(([name, file]) =>
      tell(
        name,
        run(join(TOOLS, 'vite/bin/vite.js'), [
          'build',
          '-c',
          file,
          '--outDir',
          join(next, 'web', name),
          '--emptyOutDir',
          '--logLevel',
          'warn',
        ]),
      ),
    ),
  ]);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  for (const folder of DATA) {
    rmSync(join(next, folder), { recursive: true, force: true });
    cpSync(join(ROOT, folder), join(next, folder), { recursive: true });
  }
  console.error('Training the models that ship…');
  await run(join(next, 'nlu/build-models.js'), []);
  writeFileSync(join(next, '.built'), wanted);
  const old = join(CACHE, `dist-${process.pid}-old`);
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(next, DIST);
  rmSync(old, { recursive: true, force: true });
}

/**
 * Says when a step is done.
 * @param {string} name
 * @param {Promise<void>} step
 */
function tell(name, step) {
  return step.then(() => console.error(`  ${name}: done`));
}

/** Changes when any source changes: names, sizes and times. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(ROOT, path));
    if (stat.isDirectory()) for (const name of readdirSync(join(ROOT, path)).sort()) visit(join(path, name));
    else hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const source of SOURCES) visit(source);
  return hash.digest('hex');
}

/**
 * Runs a tool quietly; what it has said is part of the error when it fails.
 * @param {string} tool its script
 * @param {string[]} parameters
 * @returns {Promise<void>}
 */
function run(tool, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', WITH_PARENT, tool, ...parameters], {
      cwd: ROOT,
      env: { ...process.env, OKNO_PARENT: String(process.pid) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new Error(`${output.trim()}\nThe build failed: ${relative(ROOT, tool)} ${parameters.join(' ')}`),
          ),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureBuilt().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
