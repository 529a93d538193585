import { fileName } from '../file-name.ts';
import type { Received } from './connector.ts';
import type { Inbound, InboundContent, Sender, SenderAlone } from './inbound.ts';
import { redact } from './redact.ts';

type Quarantined = NonNullable<Extract<Received, { authentic: true }>['quarantine']>;

/**
 * What an authentic request brought, fit to be stored: secrets redacted, and characters that the store cannot hold
 * shown as U+FFFD. The one door through which every connector's translation leaves; keys and ids of the network pass
 * unchanged, so a connector lets no free text into them.
 */
export function authentic(
  inbound: readonly Inbound[],
  quarantine: Quarantined = [],
): Extract<Received, { authentic: true }> {
  return {
    authentic: true,
    inbound: inbound.map(cleaned),
    ...(quarantine.length > 0 && {
      quarantine: quarantine.map(({ reason, raw }) => ({ reason, raw: cleanText(raw) })),
    }),
  };
}

/** A text without secrets, in which what PostgreSQL does not take (U+0000, half a surrogate pair) is U+FFFD. */
function cleanText(text: string): string {
  return redact(storable(text));
}

/** A payload as text for the quarantine, without secrets. Never throws: what is nested too deep is cut. */
export function rawText(payload: unknown): string {
  return JSON.stringify(cleanedJson(payload, 0)) ?? '';
}

function storable(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, '\uFFFD');
}

function cleaned(inbound: Inbound): Inbound {
  if (inbound.type === 'receipt') return inbound;
  if (inbound.type === 'reaction')
    return { ...inbound, sender: cleanedSender(inbound.sender), emoji: inbound.emoji.map(cleanText) };
  const sender = cleanedSender(inbound.sender);
  switch (inbound.type) {
    case 'piece':
      // Half a surrogate pair stays: its other half is in the next piece.
      return { ...inbound, sender, text: redact(inbound.text) };
    case 'start':
      return {
        ...inbound,
        sender,
        ...(inbound.payload !== undefined && { payload: cleanText(inbound.payload) }),
      };
    case 'message':
    case 'edit':
      return {
        ...inbound,
        sender,
        content: inbound.content.map(cleanedContent),
        ...(inbound.raw !== undefined && { raw: cleanedJson(inbound.raw, 0) }),
      };
    case 'delete':
      return { ...inbound, sender };
    case 'interrupt':
      return { ...inbound, sender, heard: cleanText(inbound.heard) };
  }
}

function cleanedSender<Who extends Sender | SenderAlone>(sender: Who): Who {
  const { name, username } = sender;
  return {
    ...sender,
    ...(name !== undefined && { name: cleanText(name) }),
    ...(username !== undefined && { username: cleanText(username) }),
  };
}

function cleanedContent(part: InboundContent): InboundContent {
  switch (part.kind) {
    case 'text':
      return { ...part, text: cleanText(part.text) };
    case 'choice':
      return { ...part, id: storable(part.id), ...cleanedTexts(part, ['text']) };
    case 'choices':
      return part;
    case 'unsupported':
      return { ...part, what: storable(part.what) };
    case 'location':
      return { ...part, ...cleanedTexts(part, ['title', 'address']) };
    case 'contact':
      // A phone number is no secret to be cut, though it may look like one.
      return {
        ...part,
        name: cleanText(part.name),
        ...(part.phone !== undefined && { phone: storable(part.phone) }),
      };
    default:
      return {
        ...part,
        ...cleanedTexts(part, ['caption', 'type']),
        ...(part.name !== undefined && { name: fileName(cleanText(part.name)) }),
      };
  }
}

function cleanedTexts<Name extends string>(
  part: Readonly<Partial<Record<Name, string>>>,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const cleaned: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const text = part[name];
    if (text !== undefined) cleaned[name] = cleanText(text);
  }
  return cleaned;
}

/** Deeper payloads than this are cut: nothing that a network means is nested so far, and the store has a limit. */
const MAX_DEPTH = 64;

function cleanedJson(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => cleanedJson(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [storable(key), cleanedJson(item, depth + 1)]),
  );
}
