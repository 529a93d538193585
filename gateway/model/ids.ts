declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** Time-ordered (UUID v7): the log is partitioned by ranges of it. */
export type ConversationId = Id<'conversation'>;
export type ContactId = Id<'contact'>;
export type IdentityId = Id<'identity'>;
export type ThreadId = Id<'thread'>;
export type MessageId = Id<'message'>;
/** Of bytes that a message carries; made from where they came from, so that the same file counts once. */
export type MediaId = Id<'media'>;
export type DeliveryId = Id<'delivery'>;
/** Of a link and a code that bring a conversation to another channel. */
export type MoveId = Id<'move'>;
export type ActionId = Id<'action'>;
export type OperatorId = Id<'operator'>;
export type QueueId = Id<'queue'>;
/** The name of a configured channel, as in the settings file: `telegram`, `webchat`. */
export type ChannelId = Id<'channel'>;
