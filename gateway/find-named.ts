import { type FromContact, namedBy } from './inbound-change.ts';
import type { ChannelId } from './model/ids.ts';
import type { Database } from './store/database.ts';
import { findByExternalId, findOwn, isOneUnderWay, type NamedMessage } from './store/external-messages.ts';

/** Together less than the three seconds that Slack waits for our answer (https://docs.slack.dev/apis/events-api#responding). */
const LOOKS = 20;
const BETWEEN_LOOKS_MS = 100;

export interface Named {
  /** The message that an inbound is about or answers, where we know it. */
  readonly message?: NamedMessage | undefined;
  /** True where one was on its way there all the time, and may be the one that was meant. */
  readonly isOneUnderWay: boolean;
}

const NONE: Named = { isOneUnderWay: false };

/**
 * Finds the message that an inbound names. A client can react to a message of ours before the answer to our request has
 * told us its id: while one is under way to them, a reaction waits for that, two seconds at most.
 */
export async function findNamed(db: Database, channel: ChannelId, inbound: FromContact): Promise<Named> {
  if (inbound.type === 'interrupt')
    return { message: await findOwn(db, channel, inbound.message), isOneUnderWay: false };
  const named = namedBy(inbound);
  if (named === undefined) return NONE;
  const find = () => findByExternalId(db, channel, inbound.sender, named);
  if (inbound.type !== 'reaction') return { message: await find(), isOneUnderWay: false };
  for (let looks = 0; ; looks++) {
    // Asked before the look, so that what is recorded between the two is found.
    const isUnderWay = await isOneUnderWay(db, channel, inbound.sender);
    const message = await find();
    if (message || !isUnderWay || looks === LOOKS) return { message, isOneUnderWay: isUnderWay };
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}
