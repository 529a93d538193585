import { createHash } from 'node:crypto';
import type { Connector, Downloaded, Log } from '../connectors/connector.ts';
import type { KeptBytes, MediaKind } from '../model/content.ts';
import type { ChannelId } from '../model/ids.ts';
import type { Database } from '../store/database.ts';
import { giveUpFile, noteFile, removeFiles } from '../store/kept-files.ts';
import { type ClaimedMedia, claimMedia, giveUpMedia, keepMedia, postponeMedia } from '../store/media.ts';
import type { MediaFiles } from './files.ts';
import { inspect } from './inspect.ts';
import type { Scan } from './scan.ts';

export interface FetchOptions {
  readonly db: Database;
  readonly files: MediaFiles;
  readonly connectors: ReadonlyMap<ChannelId, Pick<Connector, 'download'>>;
  readonly now: () => Date;
  readonly log: Log;
  readonly maxBytes: number;
  readonly scan?: { readonly ask: Scan; readonly whenAway: 'hold' | 'pass' };
}

/** Fetches announced media, each once: what a crash cut off is taken up again. */
export interface MediaFetch {
  wake(): void;
  start(): void;
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>;
}

/** Why bytes are not kept. `retry` may succeed later. */
type Unkept = {
  readonly outcome: 'refused' | 'retry' | 'over-bound';
  readonly reason: string;
  readonly afterMs?: number;
};
export type Kept = ({ readonly outcome: 'kept' } & KeptBytes) | Unkept;

const AT_ONCE = 2;
const DOWNLOAD_LIMIT_MS = 60_000;
/** A claim ends by itself, for whoever claimed may be gone. Longer than a download and all that follows it. */
const CLAIM_MS = 300_000;
const MAX_ATTEMPTS = 10;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 3_600_000;
const SWEEP_MS = 15_000;

interface KeepOptions extends Pick<FetchOptions, 'files' | 'scan' | 'maxBytes'> {
  /** Writes down that these bytes are about to be kept; false: no more may be kept today. */
  readonly note?: (kept: KeptBytes) => Promise<boolean>;
}

/** Checks bytes and stores them under their hash. */
export async function keepBytes(
  bytes: Uint8Array,
  kind: MediaKind,
  { files, scan, maxBytes, note }: KeepOptions,
): Promise<Kept> {
  if (bytes.length > maxBytes) return { outcome: 'refused', reason: 'too-large' };
  const scanned = scan ? await scan.ask(bytes) : { verdict: 'clean' as const };
  if (scanned.verdict === 'infected') return { outcome: 'refused', reason: 'infected' };
  if (scanned.verdict === 'away' && scan?.whenAway === 'hold')
    return { outcome: 'retry', reason: 'scanner-away' };
  const inspected = await inspect(bytes, kind);
  if (inspected.outcome === 'refused') return inspected;
  const hash = createHash('sha256').update(inspected.bytes).digest('hex');
  const kept = { hash, type: inspected.type, size: inspected.bytes.length };
  if (note && !(await note(kept))) return { outcome: 'over-bound', reason: 'over-bound' };
  await files.put(hash, inspected.bytes);
  return { outcome: 'kept', ...kept };
}

export function createMediaFetch(options: FetchOptions): MediaFetch {
  const { db, connectors, now, log, maxBytes } = options;
  const running = new Set<Promise<void>>();
  let isStopping = false;
  let isAwake = false;
  let timer: NodeJS.Timeout | undefined;

  function wake(): void {
    isAwake = true;
    while (!isStopping && running.size < AT_ONCE && isAwake) {
      isAwake = false;
      const work = run().finally(() => {
        running.delete(work);
        if (isAwake) wake();
      });
      running.add(work);
    }
  }

  async function run(): Promise<void> {
    try {
      while (!isStopping) {
        const [media] = await claimMedia(db, now(), new Date(now().getTime() + CLAIM_MS));
        if (!media) return;
        // There may be more for another worker.
        wake();
        await settle(media);
      }
    } catch (error) {
      log.error({ err: error }, 'media could not be fetched yet');
    }
  }

  async function settle(media: ClaimedMedia): Promise<void> {
    const kept = await fetchOne(media).catch((error: unknown): Unkept => {
      log.warn({ media: media.id, err: error }, 'a fetch of media failed');
      return { outcome: 'retry', reason: 'failed' };
    });
    if (kept.outcome === 'kept') {
      if (await keepMedia(db, media.id, kept)) return;
      await giveUpFile(db, kept.hash);
      await removeFiles(db, [kept.hash], (hash) => options.files.remove(hash), now());
    } else if (kept.outcome === 'refused') await giveUpMedia(db, media.id, 'refused', kept.reason);
    // A scanner that is away holds media for as long as it takes.
    else if (media.attempts >= MAX_ATTEMPTS && kept.reason !== 'scanner-away')
      await giveUpMedia(db, media.id, 'failed', kept.reason);
    else await postponeMedia(db, media.id, new Date(now().getTime() + waitMs(media, kept)), kept.reason);
  }

  async function fetchOne({ channel, source, kind }: ClaimedMedia): Promise<Kept> {
    const connector = connectors.get(channel);
    if (!connector) return { outcome: 'retry', reason: 'channel-off' };
    if (!connector.download) return { outcome: 'refused', reason: 'not-downloadable' };
    const signal = AbortSignal.timeout(DOWNLOAD_LIMIT_MS);
    const got: Downloaded = await connector.download(source, { maxBytes }, signal);
    if (got.outcome !== 'file') return got;
    return keepBytes(got.bytes, kind, { ...options, note: (kept) => noteFile(db, kept, now()) });
  }

  return {
    wake,
    start() {
      wake();
      timer = setInterval(wake, SWEEP_MS);
    },
    async stop() {
      isStopping = true;
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

function waitMs({ attempts }: ClaimedMedia, { afterMs }: Unkept): number {
  return afterMs ?? Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);
}
