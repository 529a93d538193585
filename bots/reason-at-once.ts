import type { Locale } from '../gateway/model/contact.ts';
import type { Content } from '../gateway/model/content.ts';
import { hear, type ReadSignals, type Understand } from './heard.ts';
import type { ScriptSet } from './load.ts';
import { meantBy } from './meant.ts';

/** The reason for which people should look at a message at once, such as `fraud`. Pure. */
export type ReasonAtOnce = (content: readonly Content[], locale: Locale | undefined) => string | undefined;

/** Reads the messages of those who wait for people already, by the scripts that would answer them. */
export function createReasonAtOnce(parts: {
  readonly scripts: ScriptSet;
  readonly understand: Understand;
  readonly readSignals: ReadSignals;
}): ReasonAtOnce {
  const { scripts, understand, readSignals } = parts;
  return (content, locale) => {
    const heard = hear(content, understand, { kinds: [], ...(locale && { locale }) }, readSignals);
    const script = meantBy(scripts, heard)?.script;
    if (script?.urgent) return script.urgent;
    const step = script?.at_once ? script.steps.find(({ kind }) => kind === 'handoff') : undefined;
    return step?.kind === 'handoff' ? step.handoff : undefined;
  };
}
