import { expect } from 'vitest';
import { type Result, readResults } from './results.ts';

/** docs/channels.md says of this suite what is so; `npm run conformance`, which writes it, does not ask. */
export function expectAsRecorded(suite: string, title: string, result: Result): void {
  if (process.env.OKNO_UPDATE_DOCS === '1') return;
  const recorded = Object.values(readResults()).find((suites) => suites[suite])?.[suite];
  // One that was just made is in no table yet, which another test says.
  if (recorded) expect(recorded[title], 'results.json is stale: npm run conformance').toEqual(result);
}
