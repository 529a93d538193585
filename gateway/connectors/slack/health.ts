import type { webApi } from '@slack/bolt';
import { readFetchFailure } from '../fetch-failure.ts';
import type { ChannelHealth, ChannelProblem } from '../health.ts';
import { type Bolt, isUnauthorized } from './api.ts';

/** Asks Slack who we are (https://docs.slack.dev/reference/methods/auth.test): a dead token shows here. */
export async function healthOf(
  { webApi: { WebAPIPlatformError, WebAPIRequestError } }: Bolt,
  api: webApi.WebClient,
): Promise<ChannelHealth> {
  try {
    const { user, team } = await api.auth.test();
    return { findings: [], ...(user && { account: team ? `@${user} (${team})` : `@${user}` }) };
  } catch (error) {
    const found = (problem: ChannelProblem, detail: string): ChannelHealth => ({
      findings: [{ problem, detail: detail.slice(0, 200) }],
    });
    if (error instanceof WebAPIPlatformError) {
      const { error: code } = error.data;
      return found(isUnauthorized(code) ? 'unauthorized' : 'network-trouble', code);
    }
    if (error instanceof WebAPIRequestError)
      return found('unreachable', readFetchFailure(error.original).reason);
    return found('network-trouble', error instanceof Error ? error.name : 'unknown');
  }
}
