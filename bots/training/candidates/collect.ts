import type { Log } from '../../../gateway/connectors/connector.ts';
import type { Database } from '../../../gateway/store/database.ts';
import { createLogFollower, type LogFollower } from '../../../gateway/store/log-follower.ts';
import type { CustomEntities } from '../../../nlu/entities/custom.ts';
import { maskedKinds } from '../../../nlu/entities/data-class.ts';
import { stemsOf } from '../../../nlu/evaluation/similar.ts';
import type { LiveModel } from '../../../nlu/live-model.ts';
import { maskPersonal } from '../../../nlu/mask.ts';
import type { ScriptSet } from '../../load.ts';
import { type Candidate, findCandidates } from './find.ts';
import { candidateOf, readLabels } from './labels.ts';
import { addCandidate, dropLabelled, type Masked, readStretch } from './store.ts';

export interface CollectOptions {
  readonly db: Database;
  readonly model: LiveModel;
  readonly scripts: ScriptSet;
  readonly now: () => Date;
  readonly log: Log;
}

/** Longer texts are letters, not phrases to learn. */
const MAX_LENGTH = 300;

/** Follows the log and keeps what the bot could learn from. */
export function createCollect({ db, model, scripts, now, log }: CollectOptions): LogFollower {
  return createLogFollower({
    db,
    name: 'candidates',
    now,
    log,
    async take(client, { conversation, after, head }) {
      const events = await readStretch(client, conversation, after, head);
      const labels = await readLabels(client, conversation, after, head);
      await dropLabelled(
        client,
        conversation,
        labels.map(({ seq }) => seq),
      );
      const labelled = labels.flatMap((label) => candidateOf(label) ?? []);
      for (const candidate of [...findCandidates(events, after, scripts), ...labelled]) {
        const masked = maskCandidate(candidate, model.understand, scripts.custom);
        if (masked) await addCandidate(client, conversation, masked);
      }
    },
  });
}

/** Takes personal data out; undefined where nothing is left to learn. Pure. */
export function maskCandidate(
  candidate: Candidate,
  understand: LiveModel['understand'],
  custom: CustomEntities,
): Masked | undefined {
  const mask = (text: string) => {
    const { entities, language } = understand(text, { kinds: maskedKinds, custom });
    return maskPersonal(text, entities, language);
  };
  if (candidate.text.length > MAX_LENGTH) return undefined;
  const text = mask(candidate.text);
  const words = stemsOf(text).sort().join(' ');
  if (!/\p{L}/u.test(words)) return undefined;
  const { context } = candidate;
  return { ...candidate, text, words, ...(context && { context: mask(context.slice(0, MAX_LENGTH)) }) };
}
