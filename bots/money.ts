/** Sums as decimal strings: compared as whole hundredths, never as floating point. */

const DECIMAL = /^(\d+)(?:\.(\d{1,2}))?$/;

/** Hundredths of a decimal string, or undefined where it is none. */
export function hundredths(amount: string): bigint | undefined {
  const match = DECIMAL.exec(amount);
  if (!match) return undefined;
  return BigInt(match[1] ?? '0') * 100n + BigInt((match[2] ?? '').padEnd(2, '0'));
}

/** `65050n` → `"650.50"`. */
export function decimal(amount: bigint): string {
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
