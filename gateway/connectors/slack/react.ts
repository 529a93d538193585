import type { webApi } from '@slack/bolt';
import type { SendOutcome, SentMessage } from '../outgoing.ts';
import type { Bolt } from './api.ts';
import { nameOf } from './emoji.ts';
import { placeOf } from './place.ts';

/** Asks who we are at Slack; the same answer for as long as the token is the same. */
type WhoWeAre = () => Promise<string | undefined>;

export function createWhoWeAre(api: webApi.WebClient): WhoWeAre {
  let known: string | undefined;
  return async () => {
    known ??= (await api.auth.test()).user_id;
    return known;
  };
}

/**
 * Makes our reactions under a message those, by taking away and adding one after another; again, it changes nothing.
 * What stands there is asked first (https://docs.slack.dev/reference/methods/reactions.get): Slack takes a reaction
 * away only by its name (…/reactions.remove), and a hub that was started anew has not kept it.
 */
export async function setReactions(
  {
    bolt,
    api,
    whoWeAre,
  }: { readonly bolt: Bolt; readonly api: webApi.WebClient; readonly whoWeAre: WhoWeAre },
  { externalId }: SentMessage,
  emoji: readonly string[],
): Promise<SendOutcome> {
  const wanted = emoji.flatMap((one) => nameOf(one) ?? []);
  if (wanted.length < emoji.length) return { outcome: 'rejected', reason: 'no-such-emoji' };
  const { channel, threadTs: timestamp = '' } = placeOf(externalId);
  const us = await whoWeAre();
  const { message } = await api.reactions.get({ channel, timestamp, full: true });
  const ours = (message?.reactions ?? []).flatMap(({ name, users }) =>
    name !== undefined && us !== undefined && users?.includes(us) ? [name] : [],
  );
  for (const name of ours.filter((one) => !wanted.includes(one)))
    await unlessSo(bolt, 'no_reaction', api.reactions.remove({ channel, timestamp, name }));
  for (const name of wanted.filter((one) => !ours.includes(one)))
    await unlessSo(bolt, 'already_reacted', api.reactions.add({ channel, timestamp, name }));
  return { outcome: 'accepted', externalId };
}

/** A refusal that says that it is so already is none. */
async function unlessSo({ webApi: { WebAPIPlatformError } }: Bolt, code: string, call: Promise<unknown>) {
  await call.catch((error: unknown) => {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== code) throw error;
  });
}
