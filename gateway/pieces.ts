import { authentic } from './connectors/authentic.ts';
import type { Log, Received } from './connectors/connector.ts';
import type { InboundContent, InboundMessage, InboundPiece } from './connectors/inbound.ts';
import type { ChannelId } from './model/ids.ts';
import type { Database } from './store/database.ts';
import { dropOldGroups, forgetTexts, keepPiece, overdueGroups, type PieceGroup } from './store/pieces.ts';

export interface PiecesOptions {
  readonly db: Database;
  /** Stores the whole message; its dedupe key makes it count once. */
  readonly store: (channel: ChannelId, received: Extract<Received, { authentic: true }>) => Promise<unknown>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Joins messages that a network split, in whatever order, and however often, their pieces come. */
export interface Pieces {
  /** Resolves after the commit of the piece, and of the message where it was the last one. */
  add(channel: ChannelId, piece: InboundPiece): Promise<void>;
  /** Looks from time to time for messages of which a piece is missing. */
  start(): void;
  stop(): void;
}

/** A message of which a piece is missing is shown as it is after this long. */
const MISSING_AFTER_MS = 10 * 60_000;
const SWEEP_MS = 30_000;
const MAX_SWEPT = 100;

export function createPieces({ db, store, now, log }: PiecesOptions): Pieces {
  let timer: NodeJS.Timeout | undefined;

  async function finish(group: PieceGroup): Promise<void> {
    // Secrets are redacted once the whole is there: a card's number may be torn between two pieces.
    await store(group.channel, authentic([messageOf(group)]));
    // A crash before this finds the group again; the message's key is then taken.
    await forgetTexts(db, group.id, now());
  }

  async function sweep(): Promise<void> {
    const overdue = await overdueGroups(db, new Date(now().getTime() - MISSING_AFTER_MS), MAX_SWEPT);
    for (const group of overdue) {
      log.warn(
        { channel: group.channel, came: group.texts.size, of: group.total },
        'a piece of a message is missing',
      );
      await finish(group);
    }
    await dropOldGroups(db, now());
  }

  return {
    async add(channel, piece) {
      const whole = await keepPiece(db, channel, piece, now());
      if (whole) await finish(whole);
    },
    start() {
      timer = setInterval(() => {
        sweep().catch((error: unknown) => log.error({ err: error }, 'pieces could not be looked after'));
      }, SWEEP_MS);
    },
    stop: () => clearInterval(timer),
  };
}

/** The message of a group; what is missing is shown to be missing. */
function messageOf({ id, sender, total, begunAt, texts }: PieceGroup): InboundMessage {
  const pieces = Array.from({ length: total }, (_, index) => texts.get(index + 1) ?? ' […] ');
  const content: InboundContent[] = [{ kind: 'text', text: pieces.join('') }];
  if (texts.size < total)
    content.push({ kind: 'unsupported', what: `sms-piece ${total - texts.size}/${total}` });
  return { type: 'message', dedupeKey: `pieces:${id}`, sender, content, sentAt: begunAt };
}
