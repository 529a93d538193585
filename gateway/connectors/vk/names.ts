import { z } from 'zod';
import { createLru } from '../../lru.ts';
import { isStorable } from '../../storable-text.ts';
import type { ConnectorHost } from '../connector.ts';
import type { VkApi } from './api.ts';
import { readAnswer } from './outcome.ts';

/** Of how many people the time of the last question is kept in mind. */
const MAX_REMEMBERED = 10_000;
const DAY_MS = 24 * 3_600_000;
/** Without an answer, or where the token may not ask. */
const AGAIN_AFTER_MS = 10 * 60_000;
const LIMIT_MS = 10_000;

/** https://dev.vk.com/ru/reference/objects/user: a page that was deleted or blocked has no name to speak of. */
const people = z.tuple([
  z.looseObject({
    first_name: z.string().max(200),
    last_name: z.string().max(200).optional(),
    deactivated: z.string().optional(),
  }),
]);

/** Asks VK what a person is called, once a day, and keeps it. Never rejects: a dialogue does without a name. */
type AskName = (user: string) => Promise<void>;

/** VK sends no names with messages, so they are asked for (https://dev.vk.com/ru/method/users.get). */
export function createAskName(api: VkApi, { named, now }: Pick<ConnectorHost, 'named' | 'now'>): AskName {
  /** Until when nobody is asked about again, by the person's number. */
  const quietUntil = createLru<string, number>(MAX_REMEMBERED);
  return async (user) => {
    const nowMs = now().getTime();
    if ((quietUntil.get(user) ?? 0) > nowMs) return;
    // Before it is asked, so that messages side by side ask once.
    quietUntil.set(user, nowMs + AGAIN_AFTER_MS);
    const read = readAnswer(await api('users.get', { user_ids: user }, AbortSignal.timeout(LIMIT_MS)));
    const { data } = people.safeParse('response' in read ? read.response : undefined);
    if (!data) return;
    const [{ first_name, last_name, deactivated }] = data;
    const name = [first_name, last_name].filter(Boolean).join(' ').trim();
    if (name !== '' && deactivated === undefined && isStorable(name)) await named(user, name);
    quietUntil.set(user, nowMs + DAY_MS);
  };
}
