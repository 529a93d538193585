// Plain JavaScript: this runs before anything is installed or built.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';

const NEEDED = [20, 19];

/**
 * Ends with a clear message where Node is too old.
 * @param {string} version such as `20.19.0`
 */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  console.error(
    `Okno needs Node.js ${NEEDED.join('.')} or newer; this is ${version}. Install a newer one from nodejs.org.`,
  );
  process.exit(1);
}

/**
 * Installs the packages of package-lock.json where they are not what is installed. Progress goes to standard error.
 * Rejects with a message for people.
 * @param {string} root the checkout
 */
export async function ensureInstalled(root) {
  if (!isInstalled(root)) {
    await withLock(join(root, '.cache', 'install.lock'), async () => {
      // Another command may have installed them while this one waited.
      if (isInstalled(root)) return;
      console.error('Installing packages…');
      await npmCi(root);
    });
  }
  linkCommand(root);
}

/**
 * Whether each package of package-lock.json is there in its version, as npm notes in node_modules. Optional packages may
 * be of another system.
 * @param {string} root
 */
function isInstalled(root) {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  );
}

/** @param {string} root @returns {Promise<void>} */
function npmCi(root) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    const fail = (why) =>
      reject(
        new Error(`npm ci failed (${why}). Check the network and the registry, then run the command again.`),
      );
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code, signal) => (code === 0 ? resolve() : fail(signal ?? `exit code ${code}`)));
  });
}

/**
 * Lets `npx okno` find the command among the installed ones; without it npx would first link the checkout elsewhere.
 * @param {string} root
 */
function linkCommand(root) {
  const link = join(root, 'node_modules', '.bin', 'okno');
  if (process.platform === 'win32' || lstatSync(link, { throwIfNoEntry: false })) return;
  try {
    symlinkSync('../../config/bin.mjs', link);
  } catch {
    // A folder that we may not write, or another command was faster: npx finds its own way.
  }
}
