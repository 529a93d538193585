const MAX_CHARACTERS = 3000;
const SHORT_CHARACTERS = 1500;
const MAX_LINES = 60;
const SHORT_LINES = 30;

/** The beginning of a text that is too long to be read in passing; any other text as it is. Cuts no character in two. */
export function shorten(text: string): string {
  const lines = text.length > MAX_LINES ? text.split('\n', MAX_LINES + 1) : [text];
  const fewer = lines.length > MAX_LINES ? lines.slice(0, SHORT_LINES).join('\n') : text;
  if (fewer.length <= MAX_CHARACTERS) return fewer;
  const last = fewer.charCodeAt(SHORT_CHARACTERS - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return fewer.slice(0, splitsPair ? SHORT_CHARACTERS - 1 : SHORT_CHARACTERS);
}
