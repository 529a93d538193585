/** What a network itself tells about a channel. No findings: all is well. */
export interface ChannelHealth {
  readonly findings: readonly Finding[];
  /** What the network calls us, for people to recognise: `@bank_bot`, `+7 495 000-00-00`. */
  readonly account?: string;
  /** The external thread at which the channel reaches itself, such as a mailbox's own address: a test goes there. */
  readonly ownThread?: string;
}

/** One thing that is wrong. */
export interface Finding {
  readonly problem: ChannelProblem;
  /** The network's own words, such as the error of its last webhook: at most 200 characters, never a secret or a text of a client. */
  readonly detail?: string;
}

/**
 * What can be wrong with a channel, for any network. `broken`: nothing goes in or out until somebody acts;
 * `troubled`: something does, or it may pass; `off`: nothing does, and it is meant so.
 */
export const CHANNEL_PROBLEMS = {
  /** The network refuses our token, key or password. */
  unauthorized: 'broken',
  /** The network knows us and does not allow what the channel needs: a missing scope, a blocked account. */
  forbidden: 'broken',
  /** No connection, or no answer in time. */
  unreachable: 'broken',
  /** A server takes connections and says nothing in time; the detail names it. */
  'server-silent': 'broken',
  /** A server takes connections and closes them before it lets us in; the detail names it. */
  'server-hangs-up': 'broken',
  /** It answers with errors of its own. */
  'network-trouble': 'troubled',
  /** A session that should stand does not: an SMPP bind, an IMAP connection. */
  'not-connected': 'broken',
  /** The network has no address of ours to send to. */
  'webhook-missing': 'broken',
  /** The network sends to another address than ours: another hub uses the same account. */
  'webhook-elsewhere': 'broken',
  /** The network could not hand over what it has for us lately. */
  'webhook-failing': 'troubled',
  /** Messages for us wait at the network. */
  backlog: 'troubled',
  /** A quota of the account is used up or nearly so. */
  limited: 'troubled',
  /** Found by the hub itself: most attempts of late failed. */
  'sending-fails': 'troubled',
  /** Found by the hub itself: a delivery has waited for minutes. */
  'deliveries-wait': 'troubled',
  /** Found by the hub itself: nothing has come in for longer than its settings call usual. */
  'silent-too-long': 'broken',
  /** Found by the hub itself: the channel is off, and deliveries of it wait. */
  'channel-off': 'broken',
  /** Found by the hub itself: the channel has settings, and the policy pack, which the detail names, keeps it off. */
  'kept-off': 'off',
} as const satisfies Record<string, 'troubled' | 'broken' | 'off'>;
export type ChannelProblem = keyof typeof CHANNEL_PROBLEMS;

export const CHANNEL_PROBLEM_NAMES = Object.keys(CHANNEL_PROBLEMS) as [ChannelProblem, ...ChannelProblem[]];
