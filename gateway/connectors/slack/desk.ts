import type { types, webApi } from '@slack/bolt';
import type { DeskNetwork, DeskPost } from '../desk.ts';
import type { SendOutcome } from '../outgoing.ts';
import { sectionsOf } from './outbound.ts';
import { escapeText } from './text.ts';

/** Slack as the operators' desk: one channel, and in it a thread for each conversation. */
export function createSlackDesk(
  api: webApi.WebClient,
  channel: string,
  outcomeOf: (work: Promise<SendOutcome>) => Promise<SendOutcome>,
): DeskNetwork {
  return {
    post: (post, deskThread) =>
      outcomeOf(
        api.chat
          .postMessage({ channel, ...bodyOf(post), ...(deskThread && { thread_ts: deskThread }), ...PLAIN })
          .then(({ ts }) => ({ outcome: 'accepted', ...(ts && { externalId: ts }) })),
      ),
    replaceOpening: (post, deskThread) =>
      outcomeOf(
        api.chat
          .update({ channel, ts: deskThread, ...bodyOf(post), parse: 'none' })
          .then(() => ({ outcome: 'accepted' })),
      ),
    async whisper(text, user, deskThread) {
      await api.chat.postEphemeral({ channel, user, thread_ts: deskThread, text: escapeText(text) });
    },
    async emailOf(user) {
      const { user: found } = await api.users.info({ user });
      return found?.deleted || found?.is_bot ? undefined : found?.profile?.email;
    },
  };
}

const PLAIN = { mrkdwn: false, parse: 'none', unfurl_links: false, unfurl_media: false } as const;

function bodyOf({ text, buttons = [] }: DeskPost): { text: string; blocks: types.KnownBlock[] } {
  return {
    text: escapeText(text),
    blocks: [
      ...sectionsOf(escapeText(text)),
      ...(buttons.length > 0
        ? [
            {
              type: 'actions' as const,
              elements: buttons.map((button) => ({
                type: 'button' as const,
                action_id: button.act,
                value: `${button.act}:${button.epoch}`,
                text: { type: 'plain_text' as const, text: button.text, emoji: false },
                ...(button.act === 'take' && { style: 'primary' as const }),
              })),
            },
          ]
        : []),
    ],
  };
}
