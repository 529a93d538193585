import { z } from 'zod';
import type { Choice, Content } from './model/content.ts';
import type { ExportedConversation, ExportedEvent, ExportedLine } from './store/export.ts';

/** Takes personal data out of a text. */
export type MaskText = (text: string) => string;

const HIDDEN = '•••';

/**
 * A line of an export without what says who somebody is: names are hidden, numbers keep their last digits, texts go
 * through `mask`, and of events that are no words of somebody only the facts stay. Pure.
 */
export function maskLine(line: ExportedLine, mask: MaskText): ExportedLine {
  return line.type === 'conversation' ? maskConversation(line) : maskEvent(line, mask);
}

function maskConversation(conversation: ExportedConversation): ExportedConversation {
  const identities = conversation.identities.map((identity) => ({
    ...identity,
    externalUser: tailOf(identity.externalUser),
    customer: identity.customer === null ? null : tailOf(identity.customer),
    name: identity.name === null ? null : HIDDEN,
    username: identity.username === null ? null : HIDDEN,
  }));
  return { ...conversation, identities };
}

const part = z.custom<Content>((value) => typeof value === 'object' && value !== null && 'kind' in value);
const saying = z.object({ content: z.array(part) });
const noting = z.object({ text: z.string() });

function maskEvent(event: ExportedEvent, mask: MaskText): ExportedEvent {
  const said = saying.safeParse(event.body).data;
  if (said) return { ...event, body: { content: said.content.map((one) => maskPart(one, mask)) } };
  const noted = event.event === 'note.added' ? noting.safeParse(event.body).data : undefined;
  return { ...event, body: noted ? { text: mask(noted.text) } : null };
}

function maskPart(part: Content, mask: MaskText): Content {
  switch (part.kind) {
    case 'text':
      // What fills a template stands in its words too.
      return { kind: part.kind, text: mask(part.text) };
    case 'unsupported':
      return part;
    case 'choices':
      return { ...part, choices: part.choices.map(maskChoice) };
    case 'choice':
      return { ...part, ...(part.text !== undefined && { text: mask(part.text) }) };
    case 'card':
      return { ...part, title: mask(part.title), ...(part.text !== undefined && { text: mask(part.text) }) };
    case 'location':
      // Whole degrees: which region, and not whose house.
      return { kind: part.kind, latitude: Math.round(part.latitude), longitude: Math.round(part.longitude) };
    case 'contact':
      return {
        kind: part.kind,
        name: HIDDEN,
        ...(part.phone !== undefined && { phone: tailOf(part.phone) }),
      };
    default: {
      const { name: _, caption, ...rest } = part;
      return { ...rest, ...(caption !== undefined && { caption: mask(caption) }) };
    }
  }
}

/** Which site a button opens, and not whose page. */
function maskChoice(choice: Choice): Choice {
  return choice.kind === 'link'
    ? { ...choice, url: choice.url.replace(/^(https:\/\/[^/?#]*).*$/su, '$1') }
    : choice;
}

/** The last two characters of what is long enough that they say nothing. */
function tailOf(id: string): string {
  return id.length < 7 ? HIDDEN : `${HIDDEN}${id.slice(-2)}`;
}
