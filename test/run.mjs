// `npm test`: installs what is missing, builds, checks, tests. Plain JavaScript: it runs before anything is installed.
// The last line is `N passed, N failed`; a linter, the type check and the build count as one each.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, ensureInstalled } from '../config/install.mjs';
import { installSystemPackages } from './system-packages.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const HOUSE = ['gateway', 'bots', 'nlu', 'handoff', 'config'];
/** Each is a script of a package, run by this very Node. */
const CHECKS = [
  { name: 'biome', script: '@biomejs/biome/bin/biome', parameters: ['check', '--error-on-warnings', '.'] },
  {
    name: 'dependency-cruiser',
    script: 'dependency-cruiser/bin/dependency-cruise.mjs',
    parameters: ['--config', '.dependency-cruiser.cjs', ...HOUSE],
  },
  { name: 'knip', script: 'knip/bin/knip.js', parameters: [] },
  // Those of the house itself are checked by the build.
  ...['tsconfig.web.json', 'tsconfig.test.json'].map((project) => ({
    name: `types of ${project}`,
    script: 'typescript/bin/tsc',
    parameters: ['-p', project, '--noEmit', '--incremental', 'false'],
  })),
];

checkNode();
await ensureInstalled(ROOT);
installSystemPackages();

const tally = { passed: 0, failed: 0, skipped: 0 };
await build();
// The linters fill what the tests leave of the machine while they wait.
await Promise.all([runChecks(), runTests(process.argv.slice(2))]);
const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
// Tests that did not run prove nothing.
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
console.log(`\n${tally.passed} passed, ${tally.failed} failed${skipped}`);

async function build() {
  // The build needs what has just been installed.
  const { ensureBuilt } = await import('../config/build.mjs');
  try {
    await ensureBuilt();
    count('build', true);
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    count('build', false);
  }
}

/** One after another. */
async function runChecks() {
  for (const check of CHECKS) await runCheck(check);
}

/** @param {{ name: string, script: string, parameters: string[] }} check */
async function runCheck({ name, script, parameters }) {
  const { code, output } = await run(script, parameters, 'pipe');
  if (code !== 0) console.log(output);
  count(name, code === 0);
}

/**
 * All tests, or those whose path holds one of the words.
 * @param {string[]} words
 */
async function runTests(words) {
  const folder = mkdtempSync(join(tmpdir(), 'okno-report-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { code } = await run('vitest/vitest.mjs', ['run', ...reporters, ...words], 'inherit');
    const before = tally.failed;
    if (existsSync(report)) countTests(JSON.parse(readFileSync(report, 'utf8')));
    // It failed outside any test: a file that could not be read, an error that nobody caught.
    if (code !== 0 && tally.failed === before) count('the test run', false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] }} report */
function countTests(report) {
  tally.passed += report.numPassedTests;
  tally.failed += report.numFailedTests;
  tally.skipped += report.numPendingTests + report.numTodoTests;
  // A file can fail without any of its tests: it could not be read, or a hook failed and its tests were passed over.
  tally.failed += report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  if (report.numPassedTests + report.numFailedTests === 0) count('no test ran', false);
}

/** @param {string} name @param {boolean} passed */
function count(name, passed) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name}`);
  if (passed) tally.passed += 1;
  else tally.failed += 1;
}

/**
 * @param {string} script under node_modules
 * @param {string[]} parameters
 * @param {'pipe' | 'inherit'} stdio
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(script, parameters, stdio) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...parameters], {
      cwd: ROOT,
      stdio: ['ignore', stdio, stdio],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
