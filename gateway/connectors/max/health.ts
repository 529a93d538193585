import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { ChannelHealth, Finding } from '../health.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { MaxApi } from './api.ts';
import { refusalOf } from './outcome.ts';

export interface ExpectedWebhook {
  readonly url: string;
  /** The channel polls instead, and MAX must have no subscription. */
  readonly isPolling: boolean;
}

/** https://dev.max.ru/docs-api/methods/GET/me */
const me = z.looseObject({
  username: z.string().max(100).nullish(),
  first_name: z.string().max(200).optional(),
});
/** https://dev.max.ru/docs-api/methods/GET/subscriptions */
const list = z.looseObject({ subscriptions: z.array(z.looseObject({ url: z.string() })) });

/** Asks MAX who we are, and where it sends updates. `username` is what a link to the bot needs. */
export async function askHealth(
  api: MaxApi,
  expected: ExpectedWebhook,
  signal: AbortSignal,
): Promise<ChannelHealth & { readonly username?: string }> {
  const who = read(await api({ method: 'GET', path: '/me', signal }), me);
  if ('problem' in who) return { findings: [who] };
  const where = read(await api({ method: 'GET', path: '/subscriptions', signal }), list);
  if ('problem' in where) return { findings: [where] };
  const { username, first_name } = who.data;
  const account = username ? `@${username}` : first_name;
  return {
    findings: findingsOf(
      where.data.subscriptions.map(({ url }) => url),
      expected,
    ),
    ...(account !== undefined && { account }),
    ...(username && { username }),
  };
}

function findingsOf(urls: readonly string[], { url, isPolling }: ExpectedWebhook): readonly Finding[] {
  // With a subscription polling gets nothing.
  if (isPolling) return urls.length > 0 ? [{ problem: 'webhook-elsewhere' }] : [];
  if (urls.includes(url)) return [];
  return [{ problem: urls.length > 0 ? 'webhook-elsewhere' : 'webhook-missing' }];
}

function read<T>(answer: HttpAnswer, schema: z.ZodType<T>): { readonly data: T } | Finding {
  if (!answer.complete) return { problem: 'unreachable', detail: answer.outcome.reason };
  if (answer.status === 403) return { problem: 'forbidden' };
  if (answer.status !== 200) {
    const { reason } = refusalOf(answer);
    return reason === 'unauthorized' ? { problem: reason } : { problem: 'network-trouble', detail: reason };
  }
  const { data } = schema.safeParse(parseJson(answer.text));
  return data === undefined ? { problem: 'network-trouble', detail: 'garbled-answer' } : { data };
}
