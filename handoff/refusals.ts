import { Problem } from '../gateway/problem.ts';
import type { Database } from '../gateway/store/database.ts';
import type { Refusal } from './acts.ts';
import { DESK_PROBLEMS } from './problems.ts';
import type { RevisionRefusal } from './revising/decide.ts';
import { readNames } from './store/names.ts';

/** The answer to what was refused; that of a lost race says who won it. */
export async function problemOf(db: Database, refusal: Refusal | RevisionRefusal): Promise<Problem> {
  switch (refusal.outcome) {
    case 'missing':
      return new Problem(DESK_PROBLEMS.missing);
    case 'closed':
      return new Problem(DESK_PROBLEMS.closed);
    case 'changed':
      return new Problem(DESK_PROBLEMS.changed);
    case 'not-yours':
      return new Problem(DESK_PROBLEMS.notYours);
    case 'no-message':
      return new Problem(DESK_PROBLEMS.noMessage);
    case 'not-revisable':
      return new Problem(DESK_PROBLEMS.notRevisable);
    case 'not-possible-here':
      return new Problem(DESK_PROBLEMS.notPossibleHere);
    case 'message-channel-off':
      return new Problem(DESK_PROBLEMS.messageChannelOff);
    case 'too-old':
      return new Problem(DESK_PROBLEMS.tooOld);
    case 'already-deleted':
      return new Problem(DESK_PROBLEMS.alreadyDeleted);
    case 'not-delivered':
      return new Problem(DESK_PROBLEMS.notDelivered);
    case 'does-not-fit':
      return new Problem(DESK_PROBLEMS.doesNotFit);
    case 'no-thread':
      return new Problem(DESK_PROBLEMS.noThread);
    case 'channel-off':
      return new Problem(DESK_PROBLEMS.channelOff);
    case 'taken': {
      const name = (await readNames(db, new Set([refusal.by]))).get(refusal.by) ?? '';
      return new Problem(DESK_PROBLEMS.taken, { extra: { operator: { id: refusal.by, name } } });
    }
  }
}
