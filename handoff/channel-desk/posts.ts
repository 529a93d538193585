import type { DeskPost } from '../../gateway/connectors/desk.ts';
import { readableText } from '../../gateway/model/content.ts';
import type { Conversation } from '../../gateway/model/conversation.ts';
import type { Event, RevisionType } from '../../gateway/model/events.ts';
import { isWithPeople, type Owner } from '../../gateway/model/owner.ts';
import type { HandoffContext } from '../context.ts';
import { shorten } from '../shorten.ts';
import type { DeskTexts } from './texts.ts';

/** Longer messages are cut here; the window has them whole. */
const MAX_TEXT = 3_500;
const MAX_VALUE = 200;
const MAX_SLOTS = 8;
const MAX_MISSES = 3;

/** The post that opens a thread: why a person is needed, what is known, who has it now, and what may be done. */
export function openingPost(
  context: HandoffContext,
  conversation: Pick<Conversation, 'owner' | 'epoch' | 'urgent'>,
  nameOf: (operator: string) => string,
  texts: DeskTexts,
): DeskPost {
  const { contact, channel, slots, misses, summary } = context;
  const { owner, urgent } = conversation;
  const lines = [
    ...(urgent !== undefined && isWithPeople(owner) ? [urgentLine(urgent, texts)] : []),
    `${contact.name ?? texts.unnamed} · ${channel} · ${texts.evidence[contact.evidence]}`,
    summary,
    ...slots.slice(0, MAX_SLOTS).map(({ title, value }) => `${title}: ${shorten(value, MAX_VALUE)}`),
    ...misses.slice(-MAX_MISSES).map((miss) => `> ${shorten(miss, MAX_VALUE)}`),
    '',
    stateLine(owner, nameOf, texts),
    texts.how,
  ];
  return { text: lines.join('\n'), buttons: buttonsFor(conversation, texts) };
}

/** Why it goes before the others of its queue, in a line. */
function urgentLine(reason: string, { urgent, urgentReasons }: DeskTexts): string {
  const [, why] = Object.entries(urgentReasons).find(([known]) => known === reason) ?? [];
  return `❗ ${why ? `${urgent}: ${why}` : urgent}`;
}

/** Who has the conversation, in a line. */
function stateLine(owner: Owner, nameOf: (operator: string) => string, texts: DeskTexts): string {
  switch (owner.kind) {
    case 'queue':
      return texts.waiting;
    case 'operator':
      return texts.taken(nameOf(owner.operator));
    case 'bot':
      return texts.withBot;
    case 'nobody':
      return texts.closed;
  }
}

function buttonsFor(
  { owner, epoch }: Pick<Conversation, 'owner' | 'epoch'>,
  texts: DeskTexts,
): DeskPost['buttons'] {
  if (owner.kind === 'nobody') return [];
  const acts = owner.kind === 'operator' ? (['return', 'close'] as const) : (['take'] as const);
  return acts.map((act) => ({ act, epoch, text: texts[act] }));
}

/** Written by an operator in this very channel, so it stands there already. */
export const writtenAtDesk = (channel: string): string => `desk:${channel}:`;

/** An event as a line of the thread; undefined for what operators need not read, or have before them. */
export function lineOf(
  event: Event,
  channel: string,
  nameOf: (operator: string) => string,
  texts: DeskTexts,
): string | undefined {
  const whoRevised = ({ facts: { by } }: Event<RevisionType>) =>
    by.kind === 'operator' ? nameOf(by.operator) || texts.operator : texts.client;
  switch (event.type) {
    case 'message.received':
      return said(texts.client, readableText(event.body?.content ?? []));
    case 'message.edited':
      return said(`${whoRevised(event)} (${texts.edited})`, readableText(event.body?.content ?? []));
    case 'message.deleted':
      return event.facts.by.kind === 'contact'
        ? `— ${texts.deleted}`
        : said(whoRevised(event), texts.deletedOwn);
    case 'message.sent': {
      if (event.body?.clientId?.startsWith(writtenAtDesk(channel))) return undefined;
      const { author } = event.facts;
      const who = author.kind === 'operator' ? nameOf(author.operator) || texts.operator : texts[author.kind];
      return said(who, readableText(event.body?.content ?? []));
    }
    case 'note.added': {
      if (event.body?.clientId?.startsWith(writtenAtDesk(channel))) return undefined;
      return said(`${texts.note}, ${nameOf(event.facts.operator)}`, event.body?.text ?? '');
    }
    case 'owner.changed':
      return `— ${stateLine(event.facts.to, nameOf, texts)}`;
    case 'urgency.raised':
      return urgentLine(event.facts.reason, texts);
    default:
      return undefined;
  }
}

function said(who: string, text: string): string {
  const cut = text.slice(0, MAX_TEXT).replace(/\p{Surrogate}$/u, '');
  return `${who}: ${cut}${cut.length < text.length ? '…' : ''}`;
}
