import { type Content, isByTemplate } from '../model/content.ts';
import { type DataClass, isWithin } from '../model/data-class.ts';

/** What the policy says of one delivery, here and now, with its reason. */
export type Verdict =
  | { readonly verdict: 'send' }
  | { readonly verdict: 'wait'; readonly until: Date; readonly reason: string }
  | { readonly verdict: 'refuse'; readonly reason: string };

export interface PolicyQuestion {
  readonly content: readonly Content[];
  /** Of a revision of a message: what it does. Only new words can have been erased. */
  readonly what?: 'edited' | 'deleted' | 'reaction';
  readonly now: Date;
  /** Of clients who said that they want no messages here. */
  readonly optOut?: OptOut;
  /** What the content says of a person, and how much of that its channel may carry; asked once, with its commit. */
  readonly data?: { readonly holds: DataClass; readonly carries: DataClass };
  /** Of channels that take free words only for a while after the client wrote: until when. */
  readonly replyUntil?: Date;
}

/** A client who said STOP. */
export interface OptOut {
  /** They wrote again after it: what is said to them now answers them. */
  readonly hasWrittenSince: boolean;
  /** Nothing was said to them since: one message tells them that it was understood. */
  readonly isFirstSince: boolean;
}

/**
 * May this be sent, to this contact, here, now? Asked with the commit and before each attempt, of bot, operator and
 * campaign alike. Answers to a client who wrote are allowed, after their STOP too; what was erased while it waited is not
 * sent, nor what says more of a person than the channel may carry, nor what comes when the network takes free words no
 * more, unless approved templates say it.
 */
export function decide({ content, what = 'edited', now, optOut, data, replyUntil }: PolicyQuestion): Verdict {
  if (content.length === 0 && what === 'edited') return { verdict: 'refuse', reason: 'erased' };
  if (optOut && !optOut.hasWrittenSince && !optOut.isFirstSince)
    return { verdict: 'refuse', reason: 'opted-out' };
  if (data && !isWithin(data.holds, data.carries)) return { verdict: 'refuse', reason: 'data-class' };
  if (replyUntil && now >= replyUntil && !isByTemplate(content))
    return { verdict: 'refuse', reason: 'reply-window' };
  return { verdict: 'send' };
}
