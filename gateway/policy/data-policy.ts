import type { Capabilities } from '../connectors/capabilities.ts';
import type { Choice, Content } from '../model/content.ts';
import { type DataClass, isWithin } from '../model/data-class.ts';
import type { ChannelId } from '../model/ids.ts';
import { decide } from './decide.ts';

/** How much a text says of a person. Pure, and quick: it is asked of all that goes out. */
export type ClassOfText = (text: string) => DataClass;

/** Whether a channel may carry what is said. */
export interface DataPolicy {
  /** What the content says of a person. The same array is read once. */
  holds(content: readonly Content[]): DataClass;
  /** Why it may not go over the channel; undefined where it may. */
  refuses(channel: ChannelId, content: readonly Content[]): string | undefined;
}

export interface DataPolicyOptions {
  readonly classOf: ClassOfText;
  /** Undefined of a channel that is off; it carries nothing of a person. */
  readonly capabilitiesOf: (channel: ChannelId) => Pick<Capabilities, 'dataClass'> | undefined;
  readonly now: () => Date;
}

/** The policy of data classes, by the class of each channel. */
export function createDataPolicy({ classOf, capabilitiesOf, now }: DataPolicyOptions): DataPolicy {
  // A message is read when its turn is decided, when it is committed, and when its commit is tried again.
  const read = new WeakMap<readonly Content[], DataClass>();

  function holds(content: readonly Content[]): DataClass {
    const before = read.get(content);
    if (before) return before;
    // Each by itself: digits at the end of one are not continued by those at the start of the next.
    let found: DataClass = 'public';
    for (const words of content.flatMap(wordsOf)) {
      const here = words ? classOf(words) : 'public';
      if (!isWithin(here, found)) found = here;
    }
    read.set(content, found);
    return found;
  }

  return {
    holds,
    refuses(channel, content) {
      // What is said to a channel that is off now goes out when it is on again, and nobody knows what that will carry.
      const carries = capabilitiesOf(channel)?.dataClass ?? 'public';
      if (carries === 'bank-secret' || content.length === 0) return undefined;
      const verdict = decide({ content, now: now(), data: { holds: holds(content), carries } });
      return verdict.verdict === 'refuse' ? verdict.reason : undefined;
    },
  };
}

/** All that the client could read of a part, and what fills a template, such as the end of an address. Bytes of files are not read, and ids of buttons are the script's own. */
function wordsOf(part: Content): readonly (string | undefined)[] {
  switch (part.kind) {
    case 'text':
      return [part.text, ...(part.template?.parameters ?? [])];
    case 'choices':
      return part.choices.flatMap(wordsOfChoice);
    case 'choice':
      return [part.text];
    case 'card':
      return [part.title, part.text, part.url, ...(part.choices ?? []).flatMap(wordsOfChoice)];
    case 'location':
      return [part.title, part.address];
    case 'contact':
      return [part.name, part.phone];
    case 'unsupported':
      return [];
    default:
      return [part.caption, part.name];
  }
}

function wordsOfChoice(choice: Choice): readonly string[] {
  return choice.kind === 'link' ? [choice.text, choice.url] : [choice.text];
}
