import type { Log } from '../../gateway/connectors/connector.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { LiveModel } from '../../nlu/live-model.ts';
import { decodeModel, type Model } from '../../nlu/model.ts';
import { readFile, readPublished } from './versions.ts';

export interface FollowOptions {
  readonly db: Database;
  readonly model: LiveModel;
  /** The model that ships. */
  readonly shipped: Model;
  readonly log: Log;
  /** How often the store is asked; default 5000. */
  readonly everyMs?: number;
}

/** Keeps this node's model the published one. */
export interface Follow {
  /** Takes the published model now. Throws where it cannot be used; then the old one goes on. */
  catchUp(): Promise<void>;
  /** Why the published model is not in use here; undefined where it is, or where the store has not been asked yet. */
  trouble(): Unusable | undefined;
  /** Catches up, and goes on doing so. A model that cannot be used does not hold the start: it is logged. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A published version that this program cannot use, and why. */
export interface Unusable {
  readonly version: number;
  readonly reason: string;
}

const EVERY_MS = 5_000;

/** Not started yet. The store is the truth, so a node that missed a publication finds it at the next look. */
export function createFollow({ db, model, shipped, log, everyMs = EVERY_MS }: FollowOptions): Follow {
  let used: number | null = null;
  let trouble: Unusable | undefined;
  let logged: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last: Promise<void> = Promise.resolve();

  async function take(): Promise<void> {
    const published = await readPublished(db);
    if (published !== used) use(published, published === null ? undefined : await readFile(db, published));
    trouble = undefined;
  }

  function use(published: number | null, file: Uint8Array | undefined): void {
    try {
      model.replace(published === null ? shipped : decodeVersion(file, published));
    } catch (error) {
      if (published !== null) trouble = { version: published, reason: messageOf(error) };
      throw error;
    }
    used = published;
    log.info({ version: published, model: model.current() }, 'another model is in use');
  }

  // One after another: an older answer of the store must not come last.
  function catchUp(): Promise<void> {
    const next = last.then(take);
    last = next.catch(() => {});
    return next;
  }

  async function look(): Promise<void> {
    await catchUp().then(
      () => {
        logged = undefined;
      },
      (error: unknown) => {
        // It is tried again and again; what is wrong is said once.
        if (logged !== messageOf(error)) log.warn({ err: error }, 'the published model could not be taken');
        logged = messageOf(error);
      },
    );
    if (!isStopped) timer = setTimeout(look, everyMs).unref();
  }

  return {
    catchUp,
    trouble: () => trouble,
    start: look,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await last;
    },
  };
}

/** The file of a version as a model. Throws where it is missing, damaged or of an older format. */
export function decodeVersion(file: Uint8Array | undefined, version: number): Model {
  if (!file) throw new Error(`there is no version ${version} of the model`);
  return decodeModel(
    file,
    `version ${version} of the model`,
    'train another on the training page and publish it',
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
