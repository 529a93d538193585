// What the tests need of the system. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Chromium without the windows that nobody sees: a page costs a third (decision 0041). */
const SHELL = '/usr/lib/chromium/chromium-headless-shell';
/** Known places of the browser, besides OKNO_CHROMIUM. */
const CHROMIUM = [SHELL, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PACKAGES = [
  {
    name: 'chromium-headless-shell',
    isThere: () => Boolean(process.env.OKNO_CHROMIUM) || existsSync(SHELL),
  },
  { name: 'redis-server', isThere: () => existsSync('/usr/bin/redis-server') },
  // Letters of both languages and emoji, for what the screenshots show.
  { name: 'fonts-dejavu-core', isThere: () => hasFont(':lang=ru') },
  { name: 'fonts-noto-color-emoji', isThere: () => hasFont(':lang=und-zsye') },
  // A real SMS gateway, as the peer over SMPP and over HTTP.
  { name: 'kannel', isThere: () => existsSync('/usr/sbin/bearerbox') && existsSync('/usr/sbin/smsbox') },
  // A real mailbox over IMAP.
  {
    name: 'dovecot-imapd',
    isThere: () => existsSync('/usr/sbin/dovecot') && existsSync('/usr/lib/dovecot/imap'),
  },
];

/**
 * Installs the Debian packages that the tests use, where we are root and apt is there; elsewhere tells what is missing.
 * Tests without what they need skip. Hands the browser's place to them as OKNO_CHROMIUM.
 */
export function installSystemPackages() {
  const missing = PACKAGES.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (missing.length > 0) {
    if (canInstall) install(missing);
    else console.error(`Not installed: ${missing.join(', ')}. As root "npm test" installs them.`);
  }
  // A system that has no shell of it has it whole.
  if (canInstall && findChromium() === undefined) install(['chromium']);
  const chromium = findChromium();
  if (chromium) process.env.OKNO_CHROMIUM = chromium;
  else console.error('Without Chromium the browser tests are skipped.');
}

/** @param {string[]} names */
function install(names) {
  console.error(`Installing ${names.join(', ')}…`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: /** @type {const} */ ('utf8'),
  };
  const get = (/** @type {string[]} */ packages) =>
    spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...packages], options);
  spawnSync('apt-get', ['-qq', 'update'], options);
  if (get(names).status === 0) return;
  // One that the system does not know keeps it from installing any.
  for (const name of names) {
    const { status, stderr } = get([name]);
    if (status !== 0) console.error(`apt-get could not install ${name}: ${stderr?.trim()}`);
  }
}

/** @returns {string | undefined} */
function findChromium() {
  const named = process.env.OKNO_CHROMIUM;
  return named ? named : CHROMIUM.find((path) => existsSync(path));
}

/** @param {string} pattern */
function hasFont(pattern) {
  const { stdout } = spawnSync('fc-list', [pattern, 'family'], { encoding: 'utf8' });
  return Boolean(stdout?.trim());
}
