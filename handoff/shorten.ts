/** One line of at most `max` characters (at least 1), cut between characters and marked where it was cut. */
export function shorten(text: string, max: number): string {
  // Cut roughly first: a text may be huge, and a character is at most two units long.
  const line = text
    .slice(0, max * 4)
    .replace(/\p{Surrogate}$/u, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  const isWhole = characters.length <= max && text.length <= max * 4;
  return isWhole
    ? line
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}
