import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isLoopback, type Settings } from '../settings.ts';
import { type Check, fail, ok, warn } from './check.ts';

const GB = 1e9;
/** Less than this, and a busy day may fill it. */
const LITTLE_BYTES = 2 * GB;

/** Can the hub keep its database, models and files under DATA_DIR? */
export function checkDataFolder(dataDir: string): Check {
  const about = 'data folder';
  // It is made at the first start.
  const place = existsSync(dataDir) ? dataDir : nearestFolder(dataDir);
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch {
    return fail(about, `${place} cannot be written to`, 'give this user the folder, or set DATA_DIR');
  }
  const { bavail, bsize } = statfsSync(place);
  const free = `${((bavail * bsize) / GB).toFixed(1)} GB free in ${place}`;
  return bavail * bsize < LITTLE_BYTES ? warn(about, free, 'free or add disk space') : ok(about, free);
}

function nearestFolder(path: string): string {
  const above = dirname(path);
  return above === path || existsSync(above) ? above : nearestFolder(above);
}

/** Can networks and browsers reach the hub, and safely? */
export function checkAddress({ publicUrl, demo, channels }: Settings): Check {
  const about = 'public address';
  const { hostname, protocol } = new URL(publicUrl);
  if (isLoopback(hostname)) {
    const networks = channels.filter(({ network }) => network !== 'webchat');
    if (demo !== 'off' && networks.length === 0) return ok(about, `${publicUrl}, for this machine alone`);
    return warn(
      about,
      `${publicUrl} is reached from this machine alone: no network can call it`,
      'set PUBLIC_URL to the address of the reverse proxy',
    );
  }
  if (protocol === 'http:')
    return warn(
      about,
      `${publicUrl} is not encrypted`,
      'put TLS before the hub and set PUBLIC_URL to https://…',
    );
  return ok(about, publicUrl);
}

const ANSWER_LIMIT_MS = 5_000;

/** Does a hub answer at HOST and PORT, and is it ready? */
export async function checkHub(localUrl: string): Promise<Check> {
  const about = 'hub';
  try {
    const { status } = await fetch(`${localUrl}/health/ready`, {
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    if (status === 200) return ok(about, `ready at ${localUrl}`);
    if (status === 503)
      return fail(
        about,
        `answers 503 at ${localUrl}`,
        'its database is away, or it is being stopped; see its log',
      );
    return fail(about, `${localUrl} answers ${status}`, 'another program has this port; set PORT');
  } catch {
    return warn(about, `none answers at ${localUrl}`, 'start it with `npm start`');
  }
}
