import type { Client } from '../bots/talk.ts';

/** A simulator of clients by the dialogues of the Schema-Guided Dialogue set, service Banks_1. */

interface Act {
  readonly act: string;
  readonly slot: string;
  readonly values: readonly string[];
}

interface Turn {
  readonly speaker: 'USER' | 'SYSTEM';
  readonly utterance: string;
  readonly acts: readonly Act[];
  readonly service_call?: { readonly method: string; readonly parameters: Readonly<Record<string, string>> };
}

export interface Dialogue {
  readonly id: string;
  readonly turns: readonly Turn[];
}

export interface Call {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const ACTIONS: Readonly<Record<string, string>> = {
  CheckBalance: 'check_balance',
  TransferMoney: 'transfer_money',
};
const SLOTS: Readonly<Record<string, string>> = { recipient_account_name: 'recipient_name' };
const INTENT_ACTS = new Set(['INFORM_INTENT', 'AFFIRM_INTENT', 'REQUEST_ALTS']);
const MAX_ANSWERS = 40;

/** The dialogue's service calls, in our words; the recipient's account is a checking account unless said. */
export function expectedCalls(dialogue: Dialogue): Call[] {
  return dialogue.turns.flatMap(({ service_call }) => {
    if (!service_call) return [];
    const renamed = Object.entries(service_call.parameters).map(([slot, value]) => [
      SLOTS[slot] ?? slot,
      value,
    ]);
    return [
      { name: ACTIONS[service_call.method] ?? service_call.method, parameters: Object.fromEntries(renamed) },
    ];
  });
}

export function sameCalls(made: readonly Call[], expected: readonly Call[]): boolean {
  const keys = (calls: readonly Call[]) => calls.map(keyOf).sort();
  return JSON.stringify(keys(made)) === JSON.stringify(keys(expected));
}

function keyOf({ name, parameters }: Call): string {
  const defaults = name === 'transfer_money' ? { recipient_account_type: 'checking' } : {};
  const all = Object.entries({ ...defaults, ...parameters }).map(([slot, value]) => {
    const text = String(value).toLowerCase();
    return `${slot}=${slot === 'amount' ? Number(text).toFixed(2) : text}`;
  });
  return `${name} ${all.sort().join(' ')}`;
}

/**
 * Opens with the client's own words; answers each question with the dialogue's utterance that gave that slot, the
 * next one not yet used where there are several; to a confirmation says what the dialogue's client said to its own,
 * in turn; after an end goes on with the next utterance of an intent.
 */
export async function play(dialogue: Dialogue, person: Client): Promise<Call[]> {
  const user = dialogue.turns.map((turn, at) => ({ ...turn, at })).filter((turn) => turn.speaker === 'USER');
  const intents = user.filter((turn) => turn.acts.some(({ act }) => INTENT_ACTS.has(act)));
  const used = new Set<number>();
  let next = 0;
  const say = async (turn: (typeof user)[number]) => {
    used.add(turn.at);
    await person.says(turn.utterance);
  };
  const answerTo = (slot: string) => {
    const since = intents[next - 1]?.at ?? 0;
    const until = intents[next]?.at ?? Number.POSITIVE_INFINITY;
    const gives = user.filter((turn) =>
      turn.acts.some(({ act, slot: name }) => act === 'INFORM' && (SLOTS[name] ?? name) === slot),
    );
    return (
      gives.find((turn) => turn.at >= since && turn.at < until && !used.has(turn.at)) ??
      gives.find((turn) => turn.at >= since && turn.at < until) ??
      gives.find((turn) => !used.has(turn.at)) ??
      gives[0]
    );
  };
  const confirmed = user.filter((turn) =>
    dialogue.turns[turn.at - 1]?.acts.some(({ act }) => act === 'CONFIRM'),
  );
  const confirm = () => confirmed.find((turn) => !used.has(turn.at)) ?? confirmed.at(-1);

  const [first] = intents;
  if (!first) return [];
  next = 1;
  await say(first);
  for (let answers = 0; answers < MAX_ANSWERS; answers++) {
    if (person.handoff) break;
    const asked = person.asks;
    const answer = asked === undefined ? intents[next++] : asked === 'confirm' ? confirm() : answerTo(asked);
    if (!answer) break;
    await say(answer);
  }
  return person.calls;
}
