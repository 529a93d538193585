import type { Content } from '../../model/content.ts';
import { parseJson } from '../../parse-json.ts';
import { authentic, rawText } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { Inbound, InboundContent, InboundMedia, Sender } from '../inbound.ts';
import { pressedAtDesk, saidAtDesk } from './desk-inbound.ts';
import { emojiOf } from './emoji.ts';
import { LINK_ACTION } from './outbound.ts';
import {
  blockActions,
  innerEvent,
  outer,
  type SlackChanged,
  type SlackDeleted,
  type SlackFile,
  type SlackInnerEvent,
  type SlackMessage,
  type SlackPress,
  type SlackReaction,
} from './payloads.ts';
import { externalIdOf, externalThreadOf } from './place.ts';
import { plainText, withoutMention } from './text.ts';

type Authentic = Extract<Received, { authentic: true }>;

/** What of a workspace is a client's: direct messages, one channel where every message counts, and mentions elsewhere. */
export interface SlackScope {
  /** The channel whose messages are clients'. */
  readonly clientsChannel?: string | undefined;
  /** Operators' own; nothing of it is a client's. */
  readonly deskChannel?: string | undefined;
}

/** Translates the body of a signed request. Pure, and never throws. */
export function translate(body: string, isForm: boolean, scope: SlackScope): Authentic {
  const json = isForm ? (new URLSearchParams(body).get('payload') ?? '') : body;
  const payload = parseJson(json);
  if (payload === undefined) return authentic([], [{ reason: 'not-json', raw: body }]);
  return isForm ? translatePress(payload, scope) : translateEvent(payload, scope);
}

function translateEvent(payload: unknown, scope: SlackScope): Authentic {
  const parsed = outer.safeParse(payload);
  if (!parsed.success) return kept('not-an-event', payload);
  // https://docs.slack.dev/reference/events/url_verification
  if (parsed.data.type === 'url_verification') {
    return { ...authentic([]), reply: { status: 200, type: 'text/plain', body: parsed.data.challenge } };
  }
  const { event_id: eventId, event } = parsed.data;
  const inner = innerEvent.safeParse(event);
  if (!inner.success) return kept(`unknown-event ${wordOf(event.type)}`, payload);
  if ('channel' in inner.data && inner.data.channel === scope.deskChannel) {
    return { ...authentic([]), desk: saidAtDesk(inner.data) };
  }
  const inbound = ofEvent(inner.data, eventId, scope);
  return authentic(inbound ? [inbound] : []);
}

/** Undefined for what is no client's doing: our own echoes, other apps, joins, link previews. */
function ofEvent(event: SlackInnerEvent, eventId: string, scope: SlackScope): Inbound | undefined {
  if ('item' in event) return ofReaction(event, eventId, scope);
  if (isChanged(event)) return ofEdit(event, eventId, scope);
  if (isDeleted(event)) return ofDelete(event, eventId, scope);
  return ofMessage(event, scope);
}

const isChanged = (event: SlackInnerEvent): event is SlackChanged =>
  'subtype' in event && event.subtype === 'message_changed';
const isDeleted = (event: SlackInnerEvent): event is SlackDeleted =>
  'subtype' in event && event.subtype === 'message_deleted';

/** Subtypes that a person's message can have (https://docs.slack.dev/reference/events/message#subtypes). */
const SAID = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

function ofMessage(event: SlackMessage, scope: SlackScope): Inbound | undefined {
  const { channel, user, bot_id, text = '', ts, files = [] } = event;
  if (!user || bot_id || !SAID.has('subtype' in event ? (event.subtype as string) : undefined))
    return undefined;
  const isDirect = isDirectMessage(event);
  if (event.type === 'message' && !isClients(event, scope)) return undefined;
  const said = plainText(withoutMention(text));
  const content: InboundContent[] = [
    ...(said ? [{ kind: 'text', text: said } as const] : []),
    ...files.map(mediaOf),
  ];
  if (content.length === 0) content.push({ kind: 'unsupported', what: 'message' });
  return {
    type: 'message',
    // A mention in a channel comes as two events with ids of their own; the message is one.
    dedupeKey: externalIdOf(channel, ts),
    sender: senderOf({ channel, ts, threadTs: event.thread_ts, user }, isDirect),
    content,
    externalId: externalIdOf(channel, ts),
    sentAt: dateOf(ts),
  };
}

function ofEdit(
  { channel, channel_type, message }: SlackChanged,
  eventId: string,
  scope: SlackScope,
): Inbound | undefined {
  // Without `edited` only Slack itself changed something, such as the preview of a link.
  const { user, bot_id, edited, ts, thread_ts, text = '', files = [] } = message;
  if (!user || bot_id || !edited) return undefined;
  if (!isClients({ channel, channel_type }, scope)) return undefined;
  const isDirect = isDirectMessage({ channel, channel_type });
  const said = plainText(withoutMention(text));
  return {
    type: 'edit',
    dedupeKey: `event:${eventId}`,
    sender: senderOf({ channel, ts, threadTs: thread_ts, user }, isDirect),
    externalId: externalIdOf(channel, ts),
    content: [{ kind: 'text', text: said }, ...files.map(mediaOf)],
  };
}

function ofDelete(event: SlackDeleted, eventId: string, scope: SlackScope): Inbound | undefined {
  const { channel, deleted_ts: ts, previous_message: before } = event;
  if (!before?.user || before.bot_id) return undefined;
  if (!isClients(event, scope)) return undefined;
  const isDirect = isDirectMessage(event);
  return {
    type: 'delete',
    dedupeKey: `event:${eventId}`,
    sender: senderOf({ channel, ts, threadTs: before.thread_ts, user: before.user }, isDirect),
    externalId: externalIdOf(channel, ts),
  };
}

/**
 * Slack tells who reacted to which message, and in no place in which thread it stands
 * (https://docs.slack.dev/reference/events/reaction_added); of a channel it tells what everybody does there.
 */
function ofReaction(
  { type, user, reaction, item }: SlackReaction,
  eventId: string,
  scope: SlackScope,
): Inbound | undefined {
  const { channel, ts } = item;
  if (item.type !== 'message' || !channel || !ts || channel === scope.deskChannel) return undefined;
  return {
    type: 'reaction',
    dedupeKey: `event:${eventId}`,
    sender: { externalUser: user },
    externalId: externalIdOf(channel, ts),
    emoji: [emojiOf(reaction)],
    change: type === 'reaction_added' ? 'added' : 'removed',
  };
}

function translatePress(payload: unknown, scope: SlackScope): Authentic {
  const parsed = blockActions.safeParse(payload);
  if (!parsed.success) return kept('unknown-interaction', payload);
  if (parsed.data.channel.id === scope.deskChannel)
    return { ...authentic([]), desk: pressedAtDesk(parsed.data) };
  return authentic(choicesOf(parsed.data));
}

function choicesOf({ user, channel, container, message, actions }: SlackPress): Inbound[] {
  const threadTs = container.thread_ts ?? message?.thread_ts;
  const place = { channel: channel.id, ts: container.message_ts, threadTs, user: user.id };
  const sender = senderOf(place, isDirectMessage({ channel: channel.id }), user.username ?? user.name);
  const answers = actions.filter(({ action_id }) => !action_id.startsWith(LINK_ACTION));
  return answers.map(({ action_id, action_ts, value, text }): Inbound => {
    const label = text && plainText(text.text);
    const content: Content[] = [
      { kind: 'choice', id: value ?? action_id, ...(label !== undefined && { text: label }) },
    ];
    return {
      type: 'message',
      dedupeKey: `action:${channel.id}:${user.id}:${action_ts}`,
      sender,
      content: content as InboundContent[],
      sentAt: dateOf(action_ts),
    };
  });
}

function senderOf(
  place: { channel: string; ts: string; threadTs?: string | undefined; user: string },
  isDirect: boolean,
  username?: string,
): Sender {
  return {
    externalUser: place.user,
    externalThread: externalThreadOf(place, isDirect),
    ...(username && { username }),
  };
}

function mediaOf({ id, name, mimetype, size }: SlackFile): InboundMedia {
  return {
    kind: kindOf(mimetype ?? ''),
    source: id,
    ...(mimetype && { type: mimetype }),
    ...(size && { size }),
    ...(name && { name }),
  };
}

function kindOf(type: string): InboundMedia['kind'] {
  const [family] = type.split('/');
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'file';
}

/** Ids of direct messages begin with D (https://docs.slack.dev/reference/objects/conversation-object). */
function isDirectMessage({
  channel,
  channel_type,
}: {
  channel: string;
  channel_type?: string | undefined;
}): boolean {
  return channel_type ? channel_type === 'im' : channel.startsWith('D');
}

/** Where everything that people write is meant for us; elsewhere only what begins with our name is, an `app_mention`. */
function isClients(
  place: { channel: string; channel_type?: string | undefined },
  scope: SlackScope,
): boolean {
  return isDirectMessage(place) || place.channel === scope.clientsChannel;
}

function dateOf(ts: string): Date | undefined {
  const date = new Date(Number(ts) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function kept(reason: string, payload: unknown): Authentic {
  return authentic([], [{ reason, raw: rawText(payload) }]);
}

/** The network's own word, where it is one. */
function wordOf(type: string): string {
  return /^[a-z_.]{1,60}$/.test(type) ? type : 'without-a-type';
}
