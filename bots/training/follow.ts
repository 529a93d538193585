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
  /** Catches up, and goes on doing so. A model that cannot be used does not hold the start: it is logged. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 5_000;

/** Not started yet. The store is the truth, so a node that missed a publication finds it at the next look. */
export function createFollow({ db, model, shipped, log, everyMs = EVERY_MS }: FollowOptions): Follow {
  let used: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last: Promise<void> = Promise.resolve();

  async function take(): Promise<void> {
    const published = await readPublished(db);
    if (published === used) return;
    model.replace(published === null ? shipped : await load(db, published));
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
    await catchUp().catch((error: unknown) =>
      log.warn({ err: error }, 'the published model could not be taken'),
    );
    if (!isStopped) timer = setTimeout(look, everyMs).unref();
  }

  return {
    catchUp,
    start: look,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await last;
    },
  };
}

async function load(db: Database, version: number): Promise<Model> {
  const file = await readFile(db, version);
  if (!file) throw new Error(`there is no version ${version} of the model`);
  return decodeVersion(file, version);
}

/** The file of a version as a model. Throws where it is damaged or of an older format. */
export function decodeVersion(file: Uint8Array, version: number): Model {
  return decodeModel(file, `version ${version} of the model`);
}
