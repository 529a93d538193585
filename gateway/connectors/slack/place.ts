/** Where Slack shows an exchange: a channel, and in it a thread of replies where there is one. */
export interface SlackPlace {
  readonly channel: string;
  readonly threadTs?: string;
}

/**
 * Our external thread of a message. In a direct message people mostly write outside threads, so the channel alone is
 * the place, or the thread that they opened. In a channel each question begins a thread of its own, and the person is
 * part of the place: two people who write in one thread are two conversations.
 */
export function externalThreadOf(
  message: { channel: string; ts: string; threadTs?: string | undefined; user: string },
  isDirect: boolean,
): string {
  const { channel, ts, threadTs, user } = message;
  if (isDirect) return threadTs && threadTs !== ts ? `${channel}:${threadTs}` : channel;
  return `${channel}:${threadTs ?? ts}:${user}`;
}

/** Reads an external thread that `externalThreadOf` made. */
export function placeOf(externalThread: string): SlackPlace {
  const [channel = '', threadTs] = externalThread.split(':');
  return { channel, ...(threadTs && { threadTs }) };
}

/** The id of a message over all channels: `ts` counts within one. */
export function externalIdOf(channel: string, ts: string): string {
  return `${channel}:${ts}`;
}
