import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * The lines of a stream as they come, without their LF or CRLF; the last one with or without. Nothing else ends a line:
 * U+2028, a null byte or a lone CR belong to the text.
 */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest: string[] = [];
  for await (const chunk of stream) {
    const part: string = typeof chunk === 'string' ? chunk : decoder.write(chunk);
    let from = 0;
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', from)) {
      rest.push(part.slice(from, at));
      yield withoutReturn(rest.join(''));
      rest = [];
      from = at + 1;
    }
    if (from < part.length) rest.push(part.slice(from));
  }
  rest.push(decoder.end());
  const last = rest.join('');
  if (last) yield withoutReturn(last);
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
