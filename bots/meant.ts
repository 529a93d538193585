import type { Entity, Understanding } from '../nlu/types.ts';
import type { Heard } from './heard.ts';
import type { ScriptSet } from './load.ts';
import { scriptByIntent } from './run.ts';
import type { Script } from './script.ts';
import { saysOneOf, saysOnly } from './words.ts';

/** The script that a message asks for. */
export interface Meant {
  readonly script: Script;
  readonly confidence: number;
  /** The sentence that says so, where it is not the whole message; counted from 0. */
  readonly clause?: number;
}

/** A sentence of several is believed from here on: there is less to tell it by. */
const SURE_CLAUSE = 0.5;
/** A signal starts a script from here on; below, it is only recorded. */
const SURE_SIGNAL = 0.6;
/** What ends the bot's part needs more: a sentence taken alone easily sounds worse than it is. */
const SURE_CLAUSE_AT_ONCE = 0.8;

/**
 * The script that the message means: what starts at once before all, then a request, then small talk. So a greeting
 * together with a request is the request.
 */
export function meantBy(set: ScriptSet, heard: Heard): Meant | undefined {
  if (heard.choice !== undefined) return undefined;
  const whole = heard.whole && byIntent(set, heard.whole);
  const clauses = heard.clauses.flatMap((clause, at): Meant[] => {
    const meant = clause.confidence >= SURE_CLAUSE ? byIntent(set, clause) : undefined;
    const isSure = meant && (!meant.script.at_once || meant.confidence >= SURE_CLAUSE_AT_ONCE);
    return isSure ? [{ ...meant, clause: at }] : [];
  });
  const keyword = byWords(set, heard.text);
  const signal = bySignal(set, heard);
  const all = [...(whole ? [whole] : []), ...clauses.sort((a, b) => b.confidence - a.confidence)];
  return (
    all.find(({ script }) => script.at_once) ??
    (keyword?.script.at_once ? keyword : undefined) ??
    (signal && signal.confidence >= SURE_CLAUSE_AT_ONCE ? signal : undefined) ??
    all.find(({ script }) => !script.small_talk) ??
    signal ??
    keyword ??
    all[0]
  );
}

function byIntent(set: ScriptSet, understood: Understanding): Meant | undefined {
  const script = scriptByIntent(set, understood.intent);
  if (!script || understood.confidence < script.sure) return undefined;
  return { script, confidence: understood.confidence };
}

/** What a signal starts: somebody is being robbed, whatever else was said. */
function bySignal(set: ScriptSet, heard: Heard): Meant | undefined {
  for (const { signal, confidence } of heard.signals ?? []) {
    const script = [...set.scripts.values()].find(({ when }) => when.signals.includes(signal));
    if (script && confidence >= Math.max(script.sure, SURE_SIGNAL)) return { script, confidence };
  }
  return undefined;
}

function byWords(set: ScriptSet, text: string): Meant | undefined {
  for (const script of set.scripts.values()) {
    const { words, only } = script.when;
    if ((words && saysOneOf(words, text)) || (only && saysOnly(only, text))) return { script, confidence: 1 };
  }
  return undefined;
}

/** The part of a message before, or from, a sentence of it. */
export function part(heard: Heard, from: number, to: number): Heard {
  const clauses = heard.clauses.slice(from, to);
  const [first] = clauses;
  if (!first) return { ...heard, clauses: [] };
  const entities: Entity[] = [];
  let text = '';
  for (const clause of clauses) {
    const by = text.length;
    entities.push(...clause.entities.map((it) => ({ ...it, start: it.start + by, end: it.end + by })));
    text += `${clause.text}\n`;
  }
  return { text, unreadable: false, whole: { ...first, entities }, clauses: [] };
}
