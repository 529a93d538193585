import type { Verified } from '../../gateway/store/verify.ts';
import type { Stack } from './stack.ts';
import { readStored } from './stored.ts';
import { type Counts, faultsOf, judge } from './verdict.ts';

/** What a run of chaos did and found. */
export interface Report {
  readonly name: string;
  readonly did: Readonly<Record<string, unknown>>;
  readonly counts: Counts;
  readonly verified: Pick<Verified, 'broken' | 'unknown' | 'quarantined' | 'dead'>;
  /** Empty where all that was promised held. */
  readonly faults: readonly string[];
}

export interface Findings {
  readonly did: Readonly<Record<string, unknown>>;
  /** What was not done in time. */
  readonly left: string | undefined;
  readonly exits: readonly (number | null)[];
  readonly counts: Counts;
  readonly verified: Verified;
  readonly answers: ReadonlyMap<number, number>;
  readonly more?: readonly string[];
}

/** Answers that a webhook may get: stored, told to come again, or none because the hub was away. */
const EXPECTED_ANSWERS = [0, 200, 429, 503];

export async function observed(
  stack: Stack,
  said: ReadonlyMap<number, readonly string[]>,
  everythingIsAnswered: boolean,
): Promise<Counts> {
  const stored = await readStored(stack.postgres.url);
  const heard = new Map([...said.keys()].map((chat) => [chat, stack.telegram.saidTo(chat)]));
  return judge({ said, heard, stored, everythingIsAnswered });
}

export function report(name: string, findings: Findings): Report {
  const { did, left, exits, counts, verified, answers, more = [] } = findings;
  const odd = [...answers].filter(([status]) => !EXPECTED_ANSWERS.includes(status));
  const { broken, unknown, quarantined, dead } = verified;
  const faults = [
    ...(left === undefined ? [] : [`not done in time: ${left}`]),
    ...faultsOf(counts),
    ...broken.map((what) => `okno verify: ${what}`),
    ...(quarantined > 0 ? [`quarantined: ${quarantined}`] : []),
    ...(dead > 0 ? [`dead letters: ${dead}`] : []),
    ...odd.map(([status, count]) => `a webhook was answered ${status}, ${count} times`),
    ...exits
      .filter((code) => code !== 0)
      .map((code) => `a hub that was told to stop ${code === null ? 'did not' : `ended with ${code}`}`),
    ...more,
  ];
  return { name, did, counts, verified: { broken, unknown, quarantined, dead }, faults };
}

/** As people read it. */
export function describe({ name, did, counts, verified, faults }: Report): string {
  const list = (values: Readonly<Record<string, unknown>>) =>
    Object.entries(values)
      .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
      .join(', ');
  const shown = faults.slice(0, 12).map((fault) => `  FAULT ${fault}`);
  const more = faults.length > shown.length ? [`  and ${faults.length - shown.length} more`] : [];
  return [
    `${name}: ${faults.length === 0 ? 'holds' : 'BROKEN'}`,
    `  did: ${list(did)}`,
    `  found: ${list({ ...counts })}`,
    `  okno verify: ${verified.broken.length} broken, ${verified.unknown} attempts unknown, ${verified.dead} dead, ${verified.quarantined} quarantined`,
    ...shown,
    ...more,
  ].join('\n');
}
