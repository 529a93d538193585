/** A number as voice identities are named; undefined for one that is withheld or is no number. */
export function phoneOf(from: string | null | undefined): string | undefined {
  const digits = from?.trim().replace(/[\s()-]/gu, '') ?? '';
  if (!/^\+?\d{3,15}$/.test(digits)) return undefined;
  return /^\d{10,15}$/.test(digits) ? `+${digits}` : digits;
}
