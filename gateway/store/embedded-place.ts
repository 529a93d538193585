import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Account, barrier, SYSTEM_FOLDER, serverAccount } from './embedded-account.ts';
import { writeWhole } from './embedded-file.ts';

/** The system's limit is 108 bytes (macOS 104) with the closing zero; some room is left. */
const MAX_SOCKET_PATH_BYTES = 99;
export const SOCKET_FILE = '.s.PGSQL.5432';

/** What DATA_DIR/embedded.json remembers: where things lie that do not lie in DATA_DIR. */
const record = z.strictObject({ home: z.string().optional(), socket: z.string().optional() });
type Record = z.infer<typeof record>;

/** Where an embedded database lies. */
export interface Place {
  readonly dataDir: string;
  /** Our own files: lock, password, log. */
  readonly home: string;
  /** Belongs to the server's account; holds PostgreSQL's data folder. */
  readonly cluster: string;
  /** The account that the server runs as, where that is not ourselves. */
  readonly account: Account | undefined;
}

/**
 * Finds the place of DATA_DIR's database, or makes it: DATA_DIR/postgres, or, where the server's account could not
 * reach that, a folder under /var/lib/okno. Safe to be called by several processes at once. Throws with the way out.
 */
export function findPlace(dataDir: string): Place {
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const data = realpathSync(dataDir);
  const recorded = readRecord(data).home;
  if (recorded !== undefined && !existsSync(recorded)) {
    throw new Error(
      `The database of ${data} lies in ${recorded} (says ${recordFile(data)}), and that folder is not there. ` +
        'Bring it back, or delete the file to begin with an empty database.',
    );
  }
  const own = join(data, 'postgres');
  const home = recorded ?? (isReachable(own, data) ? own : elsewhere(data));
  const cluster = join(home, 'cluster');
  const account = serverAccount(cluster);
  refuseForeign(cluster, account);
  if (!existsSync(home)) mkdirSync(home, { recursive: true, mode: account ? 0o711 : 0o700 });
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  mkdirSync(join(home, 'socket'), { recursive: true, mode: 0o700 });
  if (account) {
    chownSync(cluster, account.uid, account.gid);
    chownSync(join(home, 'socket'), account.uid, account.gid);
  }
  return { dataDir: data, home, cluster, account };
}

/**
 * The folder of the private socket: in the home, or where its path would be too long a remembered folder of its own.
 * Undefined where that is not there yet.
 */
export function knownSocketFolder(place: Place): string | undefined {
  const near = join(place.home, 'socket');
  if (Buffer.byteLength(join(near, SOCKET_FILE)) <= MAX_SOCKET_PATH_BYTES) return near;
  const { socket } = readRecord(place.dataDir);
  const owner = place.account?.uid ?? process.getuid?.();
  return socket !== undefined && isPrivate(socket, owner) ? socket : undefined;
}

/** The same, made where it is missing. Only under the lock. */
export function makeSocketFolder(place: Place): string {
  const known = knownSocketFolder(place);
  if (known !== undefined) return known;
  const folder = mkdtempSync('/tmp/okno-');
  chmodSync(folder, 0o700);
  if (place.account) chownSync(folder, place.account.uid, place.account.gid);
  writeRecord(place.dataDir, { ...readRecord(place.dataDir), socket: folder });
  return folder;
}

/** The password of the database's roles; undefined where none was made yet. */
export function knownPassword(place: Place): string | undefined {
  const file = passwordFile(place);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** The same, made where it is missing. Only under the lock. */
export function makePassword(place: Place): string {
  const known = knownPassword(place);
  if (known !== undefined) return known;
  const file = passwordFile(place);
  if (existsSync(join(place.cluster, 'data', 'PG_VERSION'))) {
    throw new Error(
      `${file} is missing: without it nobody can open the database in ${place.cluster}. Restore it.`,
    );
  }
  const made = randomBytes(24).toString('hex');
  writeWhole(file, `${made}\n`, 0o600, place.account);
  return made;
}

/** Readable by the server's account alone (and root): `initdb` takes the password from there. */
export const passwordFile = (place: Place): string => join(place.home, 'password');

/** In the folder that was made for this very DATA_DIR: one that is deleted and made anew begins with an empty database. */
function elsewhere(data: string): string {
  const { dev, ino, birthtimeMs } = statSync(data);
  const name = createHash('sha256')
    .update(`${data}\0${dev}\0${ino}\0${birthtimeMs}`)
    .digest('hex')
    .slice(0, 16);
  const home = join(SYSTEM_FOLDER, name);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  // Whatever the mask was: the server's account must come through.
  chmodSync(SYSTEM_FOLDER, 0o755);
  chmodSync(home, 0o711);
  // For people who find it there and wonder whether it may go.
  writeWhole(join(home, 'data-dir'), `${data}\n`, 0o644);
  writeRecord(data, { ...readRecord(data), home });
  return home;
}

function isReachable(own: string, data: string): boolean {
  const account = serverAccount(join(own, 'cluster'));
  if (!account) return true;
  const stop = barrier(data, account);
  if (stop === undefined) return true;
  if (!existsSync(join(own, 'cluster', 'data', 'PG_VERSION'))) return false;
  throw new Error(
    `As root the database runs as the owner of its data (uid ${account.uid}), who may not enter ${stop}. ` +
      `Allow it ("chmod o+x ${stop}"), or move DATA_DIR.`,
  );
}

function refuseForeign(cluster: string, account: Account | undefined): void {
  const owner = statSync(cluster, { throwIfNoEntry: false })?.uid;
  if (account || owner === undefined || owner === process.getuid?.()) return;
  throw new Error(
    `The database in ${cluster} belongs to another account (uid ${owner}). Start as that account or as root, ` +
      'or set DATA_DIR to a folder of your own.',
  );
}

function isPrivate(folder: string, owner: number | undefined): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === owner && (found.mode & 0o077) === 0;
}

const recordFile = (data: string): string => join(data, 'embedded.json');

function readRecord(data: string): Record {
  const file = recordFile(data);
  if (!existsSync(file)) return {};
  return record.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function writeRecord(data: string, remembered: Record): void {
  writeWhole(recordFile(data), `${JSON.stringify(remembered, null, 2)}\n`, 0o644);
}
