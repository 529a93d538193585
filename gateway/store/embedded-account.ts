import { statSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';

/** An account of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Of root's own making: what the server needs lies here where its account cannot reach our folders. */
export const SYSTEM_FOLDER = '/var/lib/okno';

const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/**
 * The account that the server must run as: PostgreSQL refuses root. The one that owns the data where there is some
 * (so that root can help out in a user's folder), else `nobody`. Undefined: we are not root, it runs as ourselves.
 */
export function serverAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  if (platform() === 'linux') return NOBODY;
  throw new Error(
    'The embedded PostgreSQL does not run as root on this system. Start as an ordinary user, or set DATABASE_URL.',
  );
}

/** The topmost folder on the way to `path` (itself included) that the account may not enter. */
export function barrier(path: string, account: Account): string | undefined {
  const above = dirname(path);
  return (above === path ? undefined : barrier(above, account)) ?? (may(path, account, 1) ? undefined : path);
}

/** Whether the account may read the file or folder and reach it. Access lists beyond the mode are not seen. */
export function mayRead(path: string, account: Account): boolean {
  return barrier(dirname(path), account) === undefined && may(path, account, 4);
}

function may(path: string, account: Account, bit: 1 | 4): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
}
