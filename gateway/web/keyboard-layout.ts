const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC = 'ёйцукенгшщзхъфывапролджэячсмитьбю';

const toCyrillic = new Map([...LATIN].map((key, index) => [key, CYRILLIC[index] ?? key]));
const toLatin = new Map([...CYRILLIC].map((key, index) => [key, LATIN[index] ?? key]));

/**
 * The ways in which a typed text can be meant: as it stands, and as the same keys on the other of the two
 * layouts, QWERTY and ЙЦУКЕН. Lower case, with ё as е.
 */
export function layoutReadings(text: string): readonly string[] {
  const typed = text.toLowerCase();
  const readings = [typed, through(typed, toCyrillic), through(typed, toLatin)];
  return [...new Set(readings.map((reading) => reading.replaceAll('ё', 'е')))];
}

function through(text: string, keys: ReadonlyMap<string, string>): string {
  return [...text].map((key) => keys.get(key) ?? key).join('');
}
