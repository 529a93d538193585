/** One line of the table: what was measured, and what it should be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: Limit;
  readonly aim?: Limit;
}

interface Limit {
  readonly least?: number;
  readonly most?: number;
}

const digits = (value: number): string =>
  Number.isFinite(value)
    ? value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)
    : String(value);

const shown = (limit: Limit | undefined): string =>
  limit === undefined ? '' : limit.most !== undefined ? `≤ ${limit.most}` : `≥ ${limit.least}`;

export function holds({ value, limit }: Figure): boolean {
  if (!limit) return true;
  return (
    value >= (limit.least ?? Number.NEGATIVE_INFINITY) && value <= (limit.most ?? Number.POSITIVE_INFINITY)
  );
}

/** As a table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, limit, aim } = figure;
    const verdict = limit ? (holds(figure) ? 'holds' : 'MISSED') : '';
    return `| ${name} | ${digits(value)} ${unit} | ${shown(limit)} | ${shown(aim)} | ${verdict} |`;
  });
  return ['| what | measured | limit | aim | |', '|---|---|---|---|---|', ...rows].join('\n');
}
