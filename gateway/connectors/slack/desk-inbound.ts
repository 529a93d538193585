import type { DeskAct, DeskInput } from '../desk.ts';
import type { SlackInnerEvent, SlackPress } from './payloads.ts';
import { plainText } from './text.ts';

const ACTS: readonly string[] = ['take', 'return', 'close'] satisfies readonly DeskAct[];

/** What an operator wrote in the thread of a conversation. Talk outside threads is their own. */
export function saidAtDesk(event: SlackInnerEvent): readonly DeskInput[] {
  // An app_mention is told as a message too.
  if (event.type !== 'message' || !('ts' in event) || !('user' in event)) return [];
  const { subtype, user, bot_id, text = '', ts, thread_ts: deskThread, channel } = event;
  const isSaid = subtype === undefined || subtype === 'thread_broadcast';
  const said = plainText(text).trim();
  if (!isSaid || !user || bot_id || !deskThread || deskThread === ts || said === '') return [];
  return [
    { dedupeKey: `${channel}:${ts}`, externalUser: user, deskThread, did: { type: 'said', text: said } },
  ];
}

/** A pressed button of an opening post; its value is `ACT:EPOCH`. */
export function pressedAtDesk({ user, channel, container, actions }: SlackPress): readonly DeskInput[] {
  const deskThread = container.thread_ts ?? container.message_ts;
  return actions.flatMap(({ action_ts, value = '' }): DeskInput[] => {
    const [act = '', epoch = ''] = value.split(':');
    if (!ACTS.includes(act) || !/^\d{1,9}$/.test(epoch)) return [];
    const did = { type: 'act', act: act as DeskAct, epoch: Number(epoch) } as const;
    return [{ dedupeKey: `action:${channel.id}:${action_ts}`, externalUser: user.id, deskThread, did }];
  });
}
