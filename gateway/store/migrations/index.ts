import type { Migration } from 'kysely';
import * as store from './0001-store.ts';
import * as access from './0002-access.ts';
import * as nodes from './0003-nodes.ts';
import * as oneStatement from './0004-one-statement.ts';
import * as media from './0005-media.ts';
import * as ledger from './0006-ledger.ts';
import * as retention from './0007-retention.ts';
import * as sms from './0008-sms.ts';
import * as training from './0009-training.ts';
import * as deskThread from './0010-desk-thread.ts';
import * as moves from './0011-moves.ts';
import * as channels from './0012-channels.ts';
import * as candidates from './0013-candidates.ts';
import * as search from './0014-search.ts';
import * as keptFiles from './0015-kept-files.ts';
import * as clientCodes from './0018-client-codes.ts';
import * as urgency from './0019-urgency.ts';
import * as albumIds from './0020-album-ids.ts';
import * as twoOpen from './0021-two-open.ts';
import * as threadsOfAPerson from './0022-threads-of-a-person.ts';
import * as searchReferences from './0023-search-references.ts';
import * as waits from './0024-waits.ts';

/** In order; a migration is added at the end and never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-store': store,
  '0002-access': access,
  '0003-nodes': nodes,
  '0004-one-statement': oneStatement,
  '0005-media': media,
  '0006-ledger': ledger,
  '0007-retention': retention,
  '0008-sms': sms,
  '0009-training': training,
  '0010-desk-thread': deskThread,
  '0011-moves': moves,
  '0012-channels': channels,
  '0013-candidates': candidates,
  '0014-search': search,
  '0015-kept-files': keptFiles,
  '0018-client-codes': clientCodes,
  '0019-urgency': urgency,
  '0020-album-ids': albumIds,
  '0021-two-open': twoOpen,
  '0022-threads-of-a-person': threadsOfAPerson,
  '0023-search-references': searchReferences,
  '0024-waits': waits,
};
