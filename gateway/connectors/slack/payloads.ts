import { z } from 'zod';

/** The parts of Slack's payloads that we read. Ids: https://docs.slack.dev/reference/objects. */

const id = z.string().regex(/^[A-Z0-9]{1,64}$/);
/** Seconds and a counter; the id of a message within its channel. */
const ts = z.string().regex(/^\d{1,16}\.\d{1,9}$/);

/** https://docs.slack.dev/reference/objects/file-object */
const file = z.object({
  id,
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nonnegative().nullish(),
});
export type SlackFile = z.infer<typeof file>;

const said = {
  channel: id,
  channel_type: z.string().optional(),
  user: id.optional(),
  bot_id: z.string().nullish(),
  text: z.string().optional(),
  ts,
  thread_ts: ts.optional(),
  files: z.array(file).optional(),
};

/** https://docs.slack.dev/reference/events/message; `subtype` tells what it really is. */
const message = z.object({ type: z.literal('message'), subtype: z.string().optional(), ...said });
const mention = z.object({ type: z.literal('app_mention'), ...said });
export type SlackMessage = z.infer<typeof message> | z.infer<typeof mention>;

/** https://docs.slack.dev/reference/events/message/message_changed */
const changed = z.object({
  type: z.literal('message'),
  subtype: z.literal('message_changed'),
  channel: id,
  channel_type: z.string().optional(),
  message: z.object({
    ...said,
    channel: id.optional(),
    edited: z.object({ ts }).optional(),
  }),
});
export type SlackChanged = z.infer<typeof changed>;

/** https://docs.slack.dev/reference/events/message/message_deleted */
const deleted = z.object({
  type: z.literal('message'),
  subtype: z.literal('message_deleted'),
  channel: id,
  channel_type: z.string().optional(),
  deleted_ts: ts,
  previous_message: z.object({ ...said, channel: id.optional() }).optional(),
});
export type SlackDeleted = z.infer<typeof deleted>;

/** https://docs.slack.dev/reference/events/reaction_added and reaction_removed */
const reaction = z.object({
  type: z.enum(['reaction_added', 'reaction_removed']),
  user: id,
  reaction: z.string().max(100),
  item: z.object({ type: z.string(), channel: id.optional(), ts: ts.optional() }),
});
export type SlackReaction = z.infer<typeof reaction>;

/** https://docs.slack.dev/apis/events-api#event-type-structure; `event` is read by its type. */
export const outer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('url_verification'), challenge: z.string().max(1000) }),
  z.object({
    type: z.literal('event_callback'),
    event_id: z.string().min(1).max(100),
    event: z.looseObject({ type: z.string() }),
  }),
]);

/** More special ones first: each message with a subtype also looks like a plain one. */
export const innerEvent = z.union([changed, deleted, message, mention, reaction]);
export type SlackInnerEvent = z.infer<typeof innerEvent>;

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const blockActions = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id, username: z.string().optional(), name: z.string().optional() }),
  channel: z.object({ id }),
  container: z.object({ message_ts: ts, thread_ts: ts.optional() }),
  message: z.object({ thread_ts: ts.optional() }).optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        action_ts: ts,
        value: z.string().optional(),
        text: z.object({ text: z.string() }).optional(),
      }),
    )
    .min(1),
});
export type SlackPress = z.infer<typeof blockActions>;
