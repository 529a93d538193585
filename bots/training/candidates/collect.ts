import type { Log } from '../../../gateway/connectors/connector.ts';
import type { Database } from '../../../gateway/store/database.ts';
import { createLogFollower, type LogFollower } from '../../../gateway/store/log-follower.ts';
import { stemsOf } from '../../../nlu/evaluation/similar.ts';
import type { ScriptSet } from '../../load.ts';
import type { MaskPhrase } from '../mask-phrase.ts';
import { type Candidate, findCandidates } from './find.ts';
import { candidateOf, readLabels } from './labels.ts';
import { addCandidates, dropLabelled, findTelling, type Masked, readStretches } from './store.ts';

export interface CollectOptions {
  readonly db: Database;
  readonly scripts: ScriptSet;
  readonly maskPhrase: MaskPhrase;
  readonly now: () => Date;
  readonly log: Log;
}

/** Longer texts are letters, not phrases to learn. */
const MAX_LENGTH = 300;

/** Follows the log and keeps what the bot could learn from. */
export function createCollect({ db, scripts, maskPhrase, now, log }: CollectOptions): LogFollower {
  return createLogFollower({
    db,
    name: 'candidates',
    now,
    log,
    async take(client, news) {
      const labels = await readLabels(client, news);
      await dropLabelled(client, labels);
      const telling = await findTelling(client, news, scripts);
      const stretches = await readStretches(client, telling);
      const found = telling.flatMap(({ conversation, after }) =>
        findCandidates(stretches.get(conversation) ?? [], after, scripts),
      );
      const labelled = labels.flatMap((label) => candidateOf(label) ?? []);
      const mask = (candidate: Candidate) => maskCandidate(candidate, maskPhrase) ?? [];
      await addCandidates(client, [...found, ...labelled].flatMap(mask));
    },
  });
}

/** Takes personal data out; undefined where nothing is left to learn. Pure. */
export function maskCandidate(candidate: Candidate, mask: MaskPhrase): Masked | undefined {
  if (candidate.text.length > MAX_LENGTH) return undefined;
  const text = mask(candidate.text);
  const words = stemsOf(text).sort().join(' ');
  if (!/\p{L}/u.test(words)) return undefined;
  const { context } = candidate;
  return { ...candidate, text, words, ...(context && { context: mask(context.slice(0, MAX_LENGTH)) }) };
}
