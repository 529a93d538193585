import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Slack tells reactions by name (https://docs.slack.dev/reference/methods/reactions.add), and its names of the emoji of
 * Unicode are those of https://github.com/iamcal/emoji-data, which emoji-names.txt lists: the code points, then the
 * name that Slack uses, then its other names.
 */
interface Names {
  readonly emojiByName: ReadonlyMap<string, string>;
  /** By the emoji without its variation selectors, which programs leave out as they like. */
  readonly nameByEmoji: ReadonlyMap<string, string>;
}

const FILE = join(import.meta.dirname, 'emoji-names.txt');
let names: Names | undefined;

function loaded(): Names {
  names ??= readNames(readFileSync(FILE, 'utf8'));
  return names;
}

function readNames(text: string): Names {
  const emojiByName = new Map<string, string>();
  const nameByEmoji = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [codePoints = '', ...all] = line.split(' ');
    const [first] = all;
    if (line.startsWith('#') || first === undefined) continue;
    const emoji = String.fromCodePoint(...codePoints.split('-').map((one) => Number.parseInt(one, 16)));
    nameByEmoji.set(plain(emoji), first);
    for (const name of all) emojiByName.set(name, emoji);
  }
  return { emojiByName, nameByEmoji };
}

const VARIATION = /\uFE0F/g;
const plain = (emoji: string): string => emoji.replace(VARIATION, '');

/** Tones 2 to 6 of Slack are U+1F3FB to U+1F3FF ("by appending ::skin-tone- and a number from 2 to 6"). */
const LIGHTEST = 0x1f3fb;
const TONES = /[\u{1F3FB}-\u{1F3FF}]/gu;
const SUFFIX = /::skin-tone-([2-6](?:-[2-6])?)$/;

/** The emoji of a reaction's name; a workspace's own, which no other program can show, as `:name:`. */
export function emojiOf(reaction: string): string {
  const [suffix = '', tones = ''] = SUFFIX.exec(reaction) ?? [];
  const emoji = loaded().emojiByName.get(reaction.slice(0, reaction.length - suffix.length));
  if (emoji === undefined) return `:${reaction}:`;
  const left = tones.split('-').filter(Boolean);
  // A tone stands behind the person that it colours, in the place of a variation selector.
  return emoji.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, (whole, person: string) => {
    const tone = left.shift();
    return tone === undefined ? whole : person + String.fromCodePoint(LIGHTEST + Number(tone) - 2);
  });
}

/** The name of an emoji for Slack; undefined for what is none, or one that Slack does not have. */
export function nameOf(emoji: string): string | undefined {
  const own = /^:([^:\s]{1,100}):$/.exec(emoji)?.[1];
  if (own !== undefined) return own;
  const { nameByEmoji } = loaded();
  const exact = nameByEmoji.get(plain(emoji));
  if (exact !== undefined) return exact;
  const name = nameByEmoji.get(plain(emoji.replace(TONES, '')));
  const tones = (emoji.match(TONES) ?? []).map((tone) => (tone.codePointAt(0) ?? LIGHTEST) - LIGHTEST + 2);
  return name && `${name}::skin-tone-${tones.join('-')}`;
}
