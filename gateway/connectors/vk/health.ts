import { z } from 'zod';
import type { ChannelHealth, Finding } from '../health.ts';
import type { VkApi } from './api.ts';
import { readAnswer } from './outcome.ts';

/** groups.getById of a community's token: the community itself. */
const communities = z.looseObject({
  groups: z
    .array(
      z.looseObject({ id: z.int(), screen_name: z.string().max(100), name: z.string().max(200).optional() }),
    )
    .min(1),
});
/** https://dev.vk.com/ru/method/groups.getCallbackServers */
const servers = z.looseObject({ items: z.array(z.looseObject({ url: z.string(), status: z.string() })) });

export interface Expected {
  readonly groupId: string;
  readonly webhookUrl: string;
}

/** Asks VK whose token it is and, where the token may, whether it sends events to us. */
export async function askHealth(api: VkApi, expected: Expected, signal: AbortSignal): Promise<ChannelHealth> {
  const who = read(await api('groups.getById', {}, signal), communities);
  if ('problem' in who) return { findings: [who] };
  const [community] = who.data.groups;
  if (!community) return { findings: [{ problem: 'network-trouble', detail: 'garbled-answer' }] };
  const account = `@${community.screen_name}`;
  if (String(community.id) !== expected.groupId)
    return { account, findings: [{ problem: 'forbidden', detail: 'the token is of another community' }] };
  const where = read(await api('groups.getCallbackServers', { group_id: expected.groupId }, signal), servers);
  return {
    account,
    findings: 'problem' in where ? troubleOf(where) : findingsOf(where.data.items, expected),
  };
}

/** A token without the right to manage the community cannot tell; the channel needs no such right. */
function troubleOf(finding: Finding): readonly Finding[] {
  return finding.problem === 'forbidden' ? [] : [finding];
}

function findingsOf(items: z.infer<typeof servers>['items'], { webhookUrl }: Expected): readonly Finding[] {
  const ours = items.find(({ url }) => url === webhookUrl);
  if (!ours) return [{ problem: items.length > 0 ? 'webhook-elsewhere' : 'webhook-missing' }];
  if (ours.status === 'ok') return [];
  return [{ problem: ours.status === 'failed' ? 'webhook-failing' : 'webhook-missing', detail: ours.status }];
}

/** Permission and access denied, https://dev.vk.com/ru/reference/errors */
const FORBIDDEN = ['vk-7', 'vk-15'];

function read<T>(
  answer: Parameters<typeof readAnswer>[0],
  schema: z.ZodType<T>,
): { readonly data: T } | Finding {
  if (!answer.complete) return { problem: 'unreachable', detail: answer.outcome.reason };
  const given = readAnswer(answer);
  if ('outcome' in given) {
    if (given.reason === 'unauthorized') return { problem: 'unauthorized' };
    if (FORBIDDEN.includes(given.reason)) return { problem: 'forbidden' };
    return { problem: 'network-trouble', detail: given.reason };
  }
  const { data } = schema.safeParse(given.response);
  return data === undefined ? { problem: 'network-trouble', detail: 'garbled-answer' } : { data };
}
