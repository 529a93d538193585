/** As it can be stored and shown: without zero bytes and halves of characters, and without space around it. */
export function sendable(text: string): string {
  return text
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .trim();
}
