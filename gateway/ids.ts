import { v7 } from 'uuid';

/** A new time-ordered id (UUID v7, RFC 9562); the caller says of what: `newId<ConversationId>()`. */
export function newId<Id extends string>(): Id {
  return v7() as Id;
}
