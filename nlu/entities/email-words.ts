import type { EmailEntity } from '../types.ts';
import type { Reading } from './reading.ts';

const isAt = (word: string): boolean => /^(@|at|собака|собачка|собаку|сабака)$/.test(word);
const isDot = (word: string): boolean => /^(dot|точка|тчк|\.)$/.test(word);
const marks: ReadonlyMap<string, string> = new Map([
  ['underscore', '_'],
  ['подчеркивание', '_'],
  ['dash', '-'],
  ['hyphen', '-'],
  ['дефис', '-'],
  ['тире', '-'],
  ['_', '_'],
  ['-', '-'],
]);
/** Names of hosts and domains as they are said in Russian. */
const hosts: ReadonlyMap<string, string> = new Map([
  ['ру', 'ru'],
  ['ком', 'com'],
  ['нет', 'net'],
  ['орг', 'org'],
  ['мейл', 'mail'],
  ['мэйл', 'mail'],
  ['майл', 'mail'],
  ['мэил', 'mail'],
  ['яндекс', 'yandex'],
  ['гмейл', 'gmail'],
  ['гмаил', 'gmail'],
  ['джимейл', 'gmail'],
  ['рамблер', 'rambler'],
  ['лист', 'list'],
  ['инбокс', 'inbox'],
  ['бк', 'bk'],
]);
/** Parts on either side of the sign: "j dot r dot smith", "mail dot bank dot co dot uk". */
const maxParts = 6;

/** Addresses that are said, "walt dot d at mail dot com", «ivan собака mail точка ru»; never without a dot behind the sign. */
export function findSpokenEmails(reading: Reading): EmailEntity[] {
  const found: EmailEntity[] = [];
  for (let at = 1; at < reading.tokens.length; at++) {
    if (!isAt(reading.tokens[at]?.norm ?? '')) continue;
    const local = localBefore(reading, at);
    const domain = local && domainBehind(reading, at + 1);
    // "mail me at john dot smith at …": the last "at" is the sign.
    if (!domain || isAt(reading.tokens[domain.to]?.norm ?? '')) continue;
    found.push({
      kind: 'email',
      ...reading.span(local.from, domain.to),
      value: { email: `${local.text}@${domain.text}` },
    });
    at = domain.to - 1;
  }
  return found;
}

/** The characters that a token stands for in an address; '' where it cannot be of one. */
function partAt(reading: Reading, at: number): string {
  const raw = reading.span(at, at + 1).text.toLowerCase();
  return at >= 0 && /^[a-z0-9]+$/.test(raw) ? raw : '';
}

const isGlued = (reading: Reading, at: number): boolean =>
  reading.tokens[at]?.start === reading.tokens[at - 1]?.end;

function localBefore(reading: Reading, sign: number): { text: string; from: number } | undefined {
  let text = '';
  let from = sign;
  for (let parts = 0; parts < maxParts; parts++) {
    const word = reading.tokens[from - 1]?.norm ?? '';
    const part = partAt(reading, from - 1);
    if (!part || word.length > 64) break;
    text = part + text;
    from--;
    const joint = reading.tokens[from - 1]?.norm ?? '';
    const mark = isDot(joint) ? '.' : marks.get(joint);
    if (mark && partAt(reading, from - 2)) {
      text = mark + text;
      from--;
    } else if (!isGlued(reading, from)) break;
  }
  return text ? { text, from } : undefined;
}

function domainBehind(reading: Reading, at: number): { text: string; to: number } | undefined {
  const label = (i: number) => hosts.get(reading.tokens[i]?.norm ?? '') ?? partAt(reading, i);
  let text = label(at);
  let to = at + 1;
  let dots = 0;
  for (let parts = 0; text && parts < maxParts; parts++) {
    const joint = reading.tokens[to]?.norm ?? '';
    const mark = isDot(joint) ? '.' : marks.get(joint);
    if (!mark || !label(to + 1)) break;
    // «…точка ru. Спасибо»: a written dot and a blank end the sentence; "look at mail.com" is a site.
    const isPlainAt = reading.tokens[at - 1]?.norm === 'at';
    if (joint === '.' && (isPlainAt || !isGlued(reading, to + 1))) break;
    text += mark + label(to + 1);
    if (mark === '.') dots++;
    to += 2;
  }
  return dots > 0 && /\.[a-z]{2,24}$/.test(text) ? { text, to } : undefined;
}
