import type { Database } from '../database.ts';
import type { Invariant } from './invariants.ts';

/** Lines kept of one invariant; where so many are broken, more say nothing new. */
const MAX_LINES = 20;

/** Gathers what was looked at and what was found. */
export class Report {
  readonly checked: Record<string, number> = {};
  readonly lines: string[] = [];
  readonly #found = new Map<string, number>();

  count(name: string, more: number): void {
    this.checked[name] = (this.checked[name] ?? 0) + more;
  }

  broken(name: string, what: string): void {
    const found = (this.#found.get(name) ?? 0) + 1;
    this.#found.set(name, found);
    if (found <= MAX_LINES) this.lines.push(`${name}: ${what}`);
  }

  /** Runs an invariant over what its statements take as values. */
  async run(db: Database, { name, count, broken }: Invariant, values: readonly unknown[]): Promise<void> {
    const { rows: counts } = await db.query<{ count: number }>(count, [...values]);
    this.count(name, counts[0]?.count ?? 0);
    const { rows } = await db.query<{ what: string }>(`${broken} limit ${MAX_LINES + 1}`, [...values]);
    for (const { what } of rows) this.broken(name, what);
  }
}
